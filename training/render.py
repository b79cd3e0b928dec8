"""Samples become tokens, and a mark on each token that the model must say itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

from training.sample import Sample

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
# The template's options for a sample's ``thinking``.
SWITCHES: dict[bool | None, dict[str, Any]] = {
    None: {},
    True: {"reasoning_effort": "low"},
    False: {"enable_thinking": False},
}
EMPTY_THOUGHT = "<think>\n\n</think>\n\n"


class Renderer:
    """The chat template and a tokenizer (None: texts only)."""

    def __init__(self, tokenizer: Tokenizer | None) -> None:
        self.tokenizer = tokenizer
        self._chat = PreTrainedTokenizerFast(
            tokenizer_object=tokenizer or Tokenizer(models.BPE()),
            chat_template=TEMPLATE.read_text(encoding="utf-8"),
        )

    def text(self, sample: Sample) -> str:
        """The whole conversation as the template writes it, the last answer included."""
        if sample.document:
            return sample.document + "<|endoftext|>"
        head = self.prompt(sample)
        last = self._render(sample, list(sample.messages), False)
        bare = head.removesuffix(EMPTY_THOUGHT) if sample.thinking is False else head
        if not last.startswith(bare):
            raise ValueError("The template writes a history differently with an answer after it.")
        return head + last[len(bare) :].rstrip("\n")

    def prompt(self, sample: Sample) -> str:
        """What the server feeds the model for the last answer."""
        return self._render(sample, list(sample.messages[:-1]), True)

    def _render(self, sample: Sample, messages: list[dict[str, Any]], prompt: bool) -> str:
        tools = [tool.spec() for tool in sample.tools] or None
        switch = SWITCHES[sample.thinking]
        text = self._chat.apply_chat_template(
            messages, tools=tools, tokenize=False, add_generation_prompt=prompt, **switch
        )
        return str(text)

    def tokens(self, samples: Sequence[Sample]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each sample: token ids (length,) int16, and whether each is the model's to say."""
        texts = [self.text(sample) for sample in samples]
        return [
            self._marked(np.array(encoded.ids, np.int16), sample)
            for encoded, sample in zip(self._known.encode_batch(texts), samples, strict=True)
        ]

    def _marked(self, ids: np.ndarray, sample: Sample) -> tuple[np.ndarray, np.ndarray]:
        if sample.document:
            return ids, np.ones(len(ids), bool)
        start, end = (self._known.token_to_id(text) for text in ("<|im_start|>", "<|im_end|>"))
        wanted, head = np.zeros(len(ids), bool), self._head
        for at in np.flatnonzero(ids == start):
            first = at + len(head)
            if list(ids[at:first]) == head:
                last = first + int(np.argmax(ids[first:] == end))
                wanted[first : last + 1] = True
        if sample.thinking is False:
            length = len(self._known.encode(EMPTY_THOUGHT).ids)
            first = np.flatnonzero(ids == start)[-1] + len(head)
            wanted[first : first + length] = False
        return ids, wanted

    @property
    def _known(self) -> Tokenizer:
        if self.tokenizer is None:
            raise ValueError("A renderer without a tokenizer makes texts only.")
        return self.tokenizer

    @cached_property
    def _head(self) -> list[int]:
        return list(self._known.encode("<|im_start|>assistant\n").ids)
