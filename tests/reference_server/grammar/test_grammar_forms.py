"""Which texts a form admits, token by token, for markers that are tokens and markers that are not.

The tokenizer is the embedded one; a prompt's last tokens say whether a thought is open.
"""

from __future__ import annotations

import functools
from typing import ClassVar

import pytest

from reference_server.engine.constraint import Constraint
from reference_server.errors import BadRequest
from reference_server.grammar.calls import CallFormat, hermes, literal
from reference_server.grammar.compiler import MAX_SCHEMA_BYTES, Compiler
from reference_server.grammar.form import ANY_OBJECT, Document, Form, Function
from reference_server.models.load import EMBEDDED, load_tokenizer
from reference_server.reasoning_formats.reader import ReasoningReader

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
NOTHING = {"type": "object", "additionalProperties": False}
TOOLS = (Function("get_weather", CITY, "tools[0]"), Function("now", NOTHING, "tools[1]"))
ENDS = [2041]

OSLO = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>'
NOW = '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>'
CUT = "|"  # a marker that is cut is spelled with the tokens of text
TRICK = OSLO.replace("Oslo", r"</tool|_call> \\ \u0007 \"}}")
WRONG = [
    OSLO.replace("get_weather", "get_whether"),
    OSLO.replace("city", "town"),
    OSLO.replace('"Oslo"', "5"),
    OSLO.replace("}}", '}, "id": 1}'),
    NOW.replace("{}", '{"city": "Oslo"}'),
    OSLO.replace('"Oslo"', '"Os\nlo"'),
]


@functools.cache
def tokenizer():
    return load_tokenizer(EMBEDDED)


@functools.cache
def known():
    return Compiler(tokenizer(), 2048, ENDS, ReasoningReader(tokenizer()), "hermes")


def encoded(text):
    parts = text.split(CUT)
    return [one for part in parts for one in tokenizer().encode(part, add_special_tokens=False)]


def reached(form, text, prompt="", max_tokens=64):
    """How much of a text comes through, and whether the answer may end behind it."""
    constraint = Constraint(known().compiled(form, encoded(prompt) or [5], max_tokens))
    tokens = encoded(text)
    for at, token in enumerate(tokens):
        constraint.mask()
        if not constraint.plays(token):
            return tokenizer().decode(tokens[:at]), False
        constraint.saw(token)
    constraint.mask()
    return text, constraint.plays(ENDS[0])


def admitted(form, text, **more):
    return reached(form, text, **more) == (text, True)


def test_a_marker_inside_a_string_is_text():
    must = Form(functions=TOOLS, calls="must")
    assert admitted(must, TRICK)
    assert not admitted(must, TRICK.replace(CUT, ""))


@pytest.mark.parametrize("text", [OSLO, NOW, f"{OSLO}\n{NOW}", f"{NOW}\n{NOW}\n{OSLO}"])
def test_a_call_that_must_come(text):
    assert admitted(Form(functions=TOOLS, calls="must"), text)


@pytest.mark.parametrize("text", [*WRONG, "Hello.", "", f"Hello.{OSLO}", f"{OSLO} bye", OSLO[:-12]])
def test_nothing_else_comes_instead(text):
    assert not admitted(Form(functions=TOOLS, calls="must"), text)


def test_a_single_call_is_the_end():
    form = Form(functions=TOOLS, calls="must", several=False)
    assert admitted(form, OSLO)
    assert reached(form, f"{OSLO}\n{NOW}") == (OSLO, False)
    only = Form(functions=TOOLS[:1], calls="must", several=False)
    assert not admitted(only, NOW)


@pytest.mark.parametrize(
    "text", ["", "Hello, 你好 <b> {", OSLO, f"Well: {OSLO}\n{NOW} ok", f"{OSLO}{NOW}"]
)
def test_text_with_calls(text):
    assert admitted(Form(functions=TOOLS), text)


@pytest.mark.parametrize("text", WRONG)
def test_what_begins_like_a_call_becomes_one(text):
    form = Form(functions=TOOLS)
    assert not admitted(form, f"Well: {text}")
    assert not admitted(form, "Well: <tool_call>")
    assert reached(Form(functions=TOOLS, several=False), f"{OSLO}\n{NOW}") == (OSLO, False)


def test_markers_that_are_text(monkeypatch):
    def rest(name, arguments, _):
        return hermes(name, arguments, lambda _: literal("[END]"))

    monkeypatch.setattr(known(), "_calls", CallFormat("[CALL]", "\n", rest))
    call = OSLO.replace("<tool_call>", "[CALL]").replace("</tool_call>", "[END]")
    for form in (Form(functions=TOOLS), Form(functions=TOOLS, several=False)):
        assert admitted(form, f"Well [CALM]: {call}")
        assert admitted(form, "[CAL")
        assert not admitted(form, "Well: [CALL]")
        assert not admitted(form, f"Well: {call.replace('city', 'town')}")
    assert admitted(Form(functions=TOOLS), f"a {call} b {call}")
    assert not admitted(Form(functions=TOOLS, several=False), f"a {call} b {call}")
    assert admitted(Form(functions=TOOLS, calls="must"), f"{call}\n{call}")
    assert not admitted(Form(functions=TOOLS, calls="must"), "Well")


DOCUMENT = Form(document=Document(CITY, "response_format"))


def test_a_document():
    assert admitted(DOCUMENT, '{"city": "Oslo"}')
    for wrong in ('{"city":"Oslo"}', ' {"city": "Oslo"}', '{"city": "Oslo"}\n', "{}", "Oslo"):
        assert not admitted(DOCUMENT, wrong)
    anything = Form(document=Document(ANY_OBJECT, "response_format"))
    assert admitted(anything, '{"a": [1, -2.5e3, null, {"b": true}], "c": ""}')
    assert not admitted(anything, "[1]")


def test_a_document_or_calls():
    form = Form(document=Document(CITY, "response_format"), functions=TOOLS)
    assert admitted(form, '{"city": "Oslo"}')
    assert admitted(form, f"{NOW}\n{OSLO}")
    assert not admitted(form, f'{{"city": "Oslo"}}{NOW}')
    assert not admitted(form, "text")


@pytest.mark.parametrize(
    ("form", "answer"),
    [(DOCUMENT, '{"city": "x"}'), (Form(functions=TOOLS, calls="must"), NOW)],
    ids=["document", "call"],
)
def test_a_thought_may_come_first(form, answer):
    thought = "<think>\nIs it {5}? <b>\n</think>\n\n"
    assert admitted(form, thought + answer)
    assert not admitted(form, thought)
    assert not admitted(form, thought + thought + answer)
    assert not admitted(form, f"hm</think>{answer}")


def test_a_thought_that_the_prompt_opened_must_come():
    prompt = "<|im_start|>assistant\n<think>\n"
    assert admitted(DOCUMENT, 'hm\n</think>\n\n{"city": "x"}', prompt=prompt)
    assert admitted(DOCUMENT, '</think>{"city": "x"}', prompt=prompt)
    assert reached(DOCUMENT, '{"city": "x"}', prompt=prompt)[1] is False
    closed = prompt + "\n</think>\n\n"
    assert admitted(DOCUMENT, '{"city": "x"}', prompt=closed)
    assert not admitted(DOCUMENT, '<think>a</think>{"city": "x"}', prompt=closed)


def test_a_thought_before_what_must_come_leaves_half_of_the_tokens():
    thought = "<think>" + "a " * 40
    room = len(encoded("a " * 40))
    assert reached(DOCUMENT, thought, max_tokens=2 * room)[0] == thought
    kept, _ = reached(DOCUMENT, thought, max_tokens=20)
    assert len(encoded(kept)) == 11
    assert admitted(DOCUMENT, kept + '</think>{"city": "x"}', max_tokens=20)
    assert reached(Form(functions=TOOLS), thought, max_tokens=20)[0] == thought


def test_two_requests_for_one_grammar_do_not_meet():
    grammar = known().compiled(DOCUMENT, [5], 64)
    first, second = Constraint(grammar), Constraint(grammar)
    for token in encoded('{"city'):
        first.mask()
        assert first.plays(token)
        first.saw(token)
    second.mask()
    assert second.plays(encoded('{"city')[0])
    first.begin(encoded('{"city": "x"'))
    first.mask()
    assert first.plays(encoded("}")[0])


def test_schemas_beyond_the_limit_are_refused():
    huge = {"enum": [f"{at:0100d}" for at in range(MAX_SCHEMA_BYTES // 100)]}
    with pytest.raises(BadRequest, match="bytes") as fault:
        known().compiled(Form(document=Document(huge, "response_format")), [5], 9)
    assert fault.value.field == "response_format"


class Strange:
    """A tokenizer of another kind, of a model with another way of writing calls."""

    init_kwargs: ClassVar = {"tool_parser_type": "other"}
    think_start = None

    def __len__(self):
        return 9


@pytest.mark.parametrize(
    ("form", "field"), [(Form(functions=TOOLS), "tools"), (DOCUMENT, "response_format")]
)
def test_what_this_model_cannot_do_is_refused(form, field):
    with pytest.raises(BadRequest, match="this model") as fault:
        Compiler(Strange(), 9, [1], ReasoningReader(tokenizer()), "other").compiled(form, [5], 9)
    assert fault.value.field == field
