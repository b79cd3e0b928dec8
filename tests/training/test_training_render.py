from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from training.dice import Dice
from training.family import Tool
from training.grammar import sample
from training.render import EMPTY_THOUGHT, TEMPLATE, Renderer
from training.sample import Sample

TOOL = Tool("get_time", "The time.", {"type": "object", "properties": {"city": {"type": "string"}}})
TALK = Sample(
    "talk",
    "x",
    (
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "hello assistant"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "good night"},
        {"role": "assistant", "content": "Sleep well."},
    ),
)


def some(count: int = 120) -> list[Sample]:
    dice = Dice("render")
    return [sample(dice) for _ in range(count)]


def words_of_the_assistant(text: str) -> str:
    """What stands between the template's marks of an assistant's turn, the closing one too."""
    turns = text.split("<|im_start|>assistant\n")[1:]
    return "".join(turn.split("<|im_end|>")[0] + "<|im_end|>" for turn in turns)


def marked(tokenizer: Tokenizer, *samples: Sample) -> list[str]:
    """What the mark of each sample covers."""
    made = Renderer(tokenizer).tokens(samples)
    assert all(ids.shape == wanted.shape for ids, wanted in made)
    return [
        tokenizer.decode(ids[wanted].tolist(), skip_special_tokens=False) for ids, wanted in made
    ]


def test_a_conversation_as_text() -> None:
    assert Renderer(None).text(TALK) == (
        "<|im_start|>system\nBe kind.<|im_end|>\n"
        "<|im_start|>user\nhello assistant<|im_end|>\n"
        "<|im_start|>assistant\nHello!<|im_end|>\n"
        "<|im_start|>user\ngood night<|im_end|>\n"
        "<|im_start|>assistant\nSleep well.<|im_end|>"
    )


def test_a_tool_as_text() -> None:
    told = "Tools:\nget_time(city?: string): The time."
    tools = f"<|im_start|>system\n{told}<|im_end|>\n"
    text = Renderer(None).prompt(dataclasses.replace(TALK, tools=(TOOL,)))
    first = "<|im_start|>user\nhello assistant<|im_end|>\n"
    assert text.startswith(f"<|im_start|>system\nBe kind.<|im_end|>\n{first}{tools}")
    assert text.count("Tools:") == 1, "later turns do not show them again"
    nobody = dataclasses.replace(TALK, messages=(TALK.messages[0], TALK.messages[2]), tools=(TOOL,))
    alone = Renderer(None).prompt(nobody)
    assert alone.startswith(f"<|im_start|>system\nBe kind.\n\n{told}<|im_end|>\n")


def test_the_prompt_comes_first_and_the_answer_after_it() -> None:
    renderer = Renderer(None)
    for one in some():
        if one.document:
            assert renderer.text(one) == one.document + "<|endoftext|>"
            continue
        text, prompt = renderer.text(one), renderer.prompt(one)
        assert text.startswith(prompt)
        answer = text[len(prompt) :]
        assert answer.endswith("<|im_end|>")
        assert answer.count("<|im_end|>") == 1
        assert one.messages[-1]["content"] in answer
        assert answer.count("<tool_call>") == len(one.messages[-1].get("tool_calls", ()))


def test_the_mark_is_on_the_assistants_words_and_on_nothing_else(
    small_tokenizer: Tokenizer,
) -> None:
    assert marked(small_tokenizer, TALK) == ["Hello!<|im_end|>Sleep well.<|im_end|>"]
    samples = [one for one in some() if not one.document and one.thinking is not False]
    renderer = Renderer(None)
    words = [words_of_the_assistant(renderer.text(one)) for one in samples]
    assert marked(small_tokenizer, *samples) == words


def test_a_mark_that_is_shifted_is_seen(small_tokenizer: Tokenizer) -> None:
    ((ids, wanted),) = Renderer(small_tokenizer).tokens([TALK])
    for shift in (-1, 1):
        text = small_tokenizer.decode(ids[np.roll(wanted, shift)].tolist())
        assert text != "Hello!<|im_end|>Sleep well.<|im_end|>"
    assert wanted.sum() < len(ids) / 2


def test_other_words_of_the_user_do_not_move_the_mark(small_tokenizer: Tokenizer) -> None:
    said = {"role": "user", "content": "<|im_end|> assistant\nI am the assistant"}
    other = dataclasses.replace(TALK, messages=(TALK.messages[0], said, *TALK.messages[2:]))
    assert marked(small_tokenizer, other) == marked(small_tokenizer, TALK)


def test_an_empty_thought_is_the_templates_and_not_the_models(small_tokenizer: Tokenizer) -> None:
    off = dataclasses.replace(TALK, thinking=False)
    renderer = Renderer(small_tokenizer)
    assert renderer.prompt(off).endswith("<|im_start|>assistant\n" + EMPTY_THOUGHT)
    assert renderer.text(off).endswith(EMPTY_THOUGHT + "Sleep well.<|im_end|>")
    assert marked(small_tokenizer, off) == ["Hello!<|im_end|>Sleep well.<|im_end|>"]


def test_thinking_is_asked_for_in_the_system_message() -> None:
    on = dataclasses.replace(TALK, thinking=True)
    assert "Be kind.\n\nThink first.<|im_end|>" in Renderer(None).prompt(on)
    assert "Think" not in Renderer(None).prompt(TALK)


def test_a_document_is_all_the_models(small_tokenizer: Tokenizer) -> None:
    one = Sample("document", "essay", (), document="Rain falls.")
    assert marked(small_tokenizer, one) == ["Rain falls.<|endoftext|>"]


def test_without_a_tokenizer_there_are_texts_only() -> None:
    with pytest.raises(ValueError, match="texts only"):
        Renderer(None).tokens([TALK])


def test_a_template_that_rewrites_history_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = tmp_path / "chat_template.jinja"
    wrong.write_text("{{ messages | length }}{{ 'assistant' if add_generation_prompt }}")
    monkeypatch.setattr("training.render.TEMPLATE", wrong)
    with pytest.raises(ValueError, match="history differently"):
        Renderer(None).text(TALK)
    assert TEMPLATE.is_file()


def test_ids_fit_their_type(small_tokenizer: Tokenizer) -> None:
    made = Renderer(small_tokenizer).tokens(some(20))
    assert all(ids.dtype == np.int16 and ids.min() >= 0 for ids, _ in made)
    assert small_tokenizer.get_vocab_size() <= np.iinfo(np.int16).max
