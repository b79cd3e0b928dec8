"""Any way through a grammar ends in what was asked for: tokens drawn at random, without a model."""

from __future__ import annotations

import functools
from random import Random
from typing import Annotated, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reference_server.chat.detokenizer import detokenizer_for
from reference_server.chat.pieces import ToolCallPiece
from reference_server.engine.constraint import Constraint
from reference_server.grammar.compiler import Compiler
from reference_server.grammar.form import Document, Form, Function
from reference_server.models.load import EMBEDDED, load_tokenizer
from reference_server.reasoning_formats.reader import ReasoningReader
from reference_server.tool_formats.hermes import HERMES
from reference_server.tool_formats.splitter import ToolSplitter

END = 2041
STEPS = 3000  # far above any way through these schemas
CLOSED = "<think>\n</think>\n"  # a prompt's end that leaves no thought to come


class Strict(BaseModel):
    """What the grammars must give: independent of the compiler that made them."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nested(Strict):
    """References, alternatives and bounds."""

    kind: Literal["ä", 'a "quoted" \\ one', "</tool_call>"]
    inner: Inner
    maybe: Inner | None


class Inner(Strict):
    """Bounded, so that a way through it is short."""

    ключ: str = Field(max_length=6, alias="ключ \n")
    many: list[Annotated[int, Field(ge=-3, le=120)]] = Field(min_length=1, max_length=3)


class Patterns(Strict):
    """Strings of a pattern, numbers between bounds."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[0-9]{1,3}$")]
    size: float = Field(gt=0, lt=2)
    flag: bool
    optional: str | None = Field(default=None, max_length=4)


class Empty(Strict):
    """No keys at all."""


MODELS = [Nested, Patterns, Empty]


@functools.cache
def tokenizer():
    return load_tokenizer(EMBEDDED)


@functools.cache
def grammar(form):
    known = Compiler(tokenizer(), 2048, [END], ReasoningReader(tokenizer()), "hermes")
    prompt = tokenizer().encode(CLOSED, add_special_tokens=False)
    return known.compiled(form, prompt, STEPS)


@functools.cache
def document(model):
    return Form(document=Document(Schema(model.model_json_schema()), "response_format"))


@functools.cache
def call(model, calls):
    function = Function("some-name_1", Schema(model.model_json_schema()), "tools[0]")
    return Form(functions=(function,), calls=calls, several=False)


class Schema(dict):
    """A schema that a cache can hold."""

    def __hash__(self):
        return id(self)


def walked(form, random, prefer=()):
    """A text along a random way, to its end; ``prefer`` are tokens that are taken at once."""
    constraint, detokenizer, said = Constraint(grammar(form)), detokenizer_for(tokenizer()), ""
    for _ in range(STEPS):
        mask = np.unpackbits(constraint.mask().view(np.uint8), bitorder="little")
        allowed = np.flatnonzero(mask).tolist()
        wanted = [token for token in prefer if token in allowed]
        token = wanted[0] if wanted else random.choice(allowed)
        if token == END:
            return said + detokenizer.flush()
        constraint.saw(token)
        said += detokenizer.push(token)
    raise AssertionError(f"no end after {STEPS} tokens: {said[:200]}")


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_document_is_valid(model, seed):
    model.model_validate_json(walked(document(model), Random(seed)))


@pytest.mark.parametrize("calls", ["must", "may"])
@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_call_is_read_and_valid(model, calls, seed):
    opening = tokenizer().convert_tokens_to_ids("<tool_call>")
    said = walked(call(model, calls), Random(seed), prefer=[opening])
    splitter = ToolSplitter(HERMES)
    (piece,) = splitter.push(said) + splitter.flush()
    assert isinstance(piece, ToolCallPiece)
    assert piece.name == "some-name_1"
    model.model_validate_json(piece.arguments)


def test_a_way_without_a_grammar_is_not_valid():
    """The control: the same draws, where everything is allowed."""
    random = np.random.default_rng(1)
    text = tokenizer().decode(random.integers(300, 2000, 40).tolist())
    for model in MODELS:
        with pytest.raises(ValueError, match="JSON"):
            model.model_validate_json(text)
