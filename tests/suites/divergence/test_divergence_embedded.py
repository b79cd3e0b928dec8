"""The prompt set with the model that ships: its answers must be long, or the suite asks in vain."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlx_lm.generate import BatchGenerator

import suites.divergence
from reference_server.models.load import LoadedModel, load_model
from suites.divergence.prompts import prompt_hash, prompt_set

LONG = 64  # tokens
FEWEST = 64  # prompts with answers so long


def lengths(model: LoadedModel, prompts: tuple[str, ...]) -> list[int]:
    """Tokens of each greedy answer, counted up to ``LONG``."""
    ends = [[token] for token in model.end_tokens]
    generator = BatchGenerator(model.model, max_tokens=LONG, stop_tokens=ends)
    template = model.tokenizer.apply_chat_template
    rows = generator.insert(
        [
            template([{"role": "user", "content": text}], add_generation_prompt=True)
            for text in prompts
        ]
    )
    said, going = dict.fromkeys(rows, 0), set(rows)
    while going:
        for response in generator.next_generated():
            said[response.uid] += response.finish_reason != "stop"
            if response.finish_reason:
                going.discard(response.uid)
    generator.close()
    return [said[row] for row in rows]


@pytest.mark.parametrize(
    ("prompts", "enough"), [(prompt_set(), True), (("Hello!", "Thank you!"), False)]
)
def test_the_answers_are_long(prompts: tuple[str, ...], enough: bool) -> None:
    found = lengths(load_model(None), prompts)
    assert (sum(length >= LONG for length in found) >= FEWEST) is enough


def test_the_readme_names_licence_and_hash() -> None:
    (folder,) = suites.divergence.__path__
    told = (Path(folder) / "README.md").read_text("utf-8")
    assert prompt_hash() in told
    assert "Apache-2.0" in told
    assert len(prompt_set()) >= FEWEST
