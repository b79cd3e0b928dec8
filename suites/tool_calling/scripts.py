"""Wire probes: exact outputs that a server is asked to play, and what must reach the client.

The outputs are in the Hermes form, ``<tool_call>{"name": …, "arguments": {…}}</tool_call>``
(NousResearch/Hermes-Function-Calling), which Qwen2.5 and Qwen3 were trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.records import Case, Json
from suites.tool_calling.values import decode

SUITE = "tool_calling"
# What the visible text must be: nothing but blank space; exactly this; this but for blank space;
# this somewhere in it; not looked at.
Rule = Literal["blank", "exact", "words", "contains", "any"]
Finish = Literal["tool", "stop", "length"]
# Twice what the longest script takes in the reference server's small vocabulary.
_MAX_TOKENS = 512
# Cuts the truncated script inside its arguments under any vocabulary: its opening has 51
# characters, so at most 51 tokens, and its text has 2,000.
_CUT_TOKENS = 64
_LONG_TEXT = "far " * 500


@dataclass(frozen=True, slots=True)
class Script:
    """One wire probe. ``calls`` are (name, arguments as JSON text) that must arrive."""

    id: str
    title: str
    text: str
    calls: tuple[tuple[str, str], ...] = ()
    finish: Finish = "tool"
    rule: Rule = "blank"
    content: str = ""
    max_tokens: int = _MAX_TOKENS


def _played(name: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def _calling(probe: str, title: str, *calls: tuple[str, str]) -> Script:
    text = "\n".join(_played(name, arguments) for name, arguments in calls)
    return Script(f"tool-wire-{probe}", title, text, calls)


def _refused(probe: str, title: str, payload: str) -> Script:
    """A call that is none: it must come back as text, not vanish and not break the request."""
    text = f"<tool_call>\n{payload}\n</tool_call>"
    return Script(f"tool-wire-{probe}", title, text, (), "stop", "contains", payload)


_OSLO, _ROME = ("get_weather", '{"city": "Oslo"}'), ("get_weather", '{"city": "Rome"}')
_CLOCK = ("get_time", '{"zone": "CET"}')
_CITIES = ("Oslo", "Rome", "Lima", "Cairo", "Delhi", "Perth", "Quito", "Tunis")
_PROSE = "Use <tool_cal or <tool as text; 3 < 4, and <tool_call is no marker without its end."

SCRIPTS: tuple[Script, ...] = (
    _calling("single", "one call with one text argument", _OSLO),
    _calling("same-twice", "two calls to one tool", _OSLO, _ROME),
    _calling("two-tools", "calls to two tools", _OSLO, _CLOCK),
    _calling(
        "eight",
        "eight calls to one tool, none of them dropped",
        *(("get_weather", f'{{"city": "{city}"}}') for city in _CITIES),
    ),
    _calling(
        "identical",
        "two identical calls are two calls",
        ("roll_dice", '{"sides": 6}'),
        ("roll_dice", '{"sides": 6}'),
    ),
    _calling(
        "nested",
        "objects and lists in the arguments",
        (
            "book_table",
            '{"guest": {"name": "Ada", "phone": "+49 30 1"}, "seats": 2, '
            '"wishes": ["window", "quiet"]}',
        ),
    ),
    _calling(
        "types",
        "numbers stay numbers, numeric texts stay texts",
        ("ship_parcel", '{"zip": "94105", "pieces": 3, "weight_kg": 2.5, "remark": "007"}'),
    ),
    _calling(
        "literals",
        "true and null against the texts 'true' and 'null'",
        ("ship_parcel", '{"zip": "true", "insured": true, "remark": null}'),
        ("ship_parcel", '{"zip": "null", "insured": false, "remark": "false"}'),
    ),
    _calling(
        "unicode",
        "CJK, emoji, combining marks, right-to-left",
        ("save_note", '{"text": "漢字 😀👩‍🚀 e\u0301 עברית"}'),
    ),
    _calling(
        "escapes",
        "quote, backslash, line break, tab, NUL, escaped surrogates",
        ("save_note", r'{"text": "a \"b\" c:\\d \n \t \u0000 \ud83d\ude00"}'),
    ),
    _calling(
        "markers",
        "the format's own markers inside an argument",
        ("save_note", r'{"text": "</tool_call> } ] { \" <tool_call>"}'),
    ),
    _calling("empty", "a call without arguments", ("list_files", "{}")),
    Script(
        "tool-wire-around",
        "text before and after a call",
        f"Looking.\n{_played(*_OSLO)}\nDone.",
        (_OSLO,),
        rule="words",
        content="Looking. Done.",
    ),
    Script(
        "tool-wire-parity",
        "streamed and whole answers say the same",
        f"Two calls, ja: ü.\n{_played(*_ROME)}\n{_played('save_note', _CLOCK[1])}",
        (_ROME, ("save_note", _CLOCK[1])),
        rule="words",
        content="Two calls, ja: ü.",
    ),
    _calling(
        "deltas",
        "fragments of a long call: id and name once, arguments appended",
        ("send_email", '{"to": "ada@example.org", "body": "One. Two. Three. Four. Five. Six."}'),
        _CLOCK,
    ),
    _calling("ending", "one finish reason, then usage, then the end", _CLOCK),
    Script(
        "tool-wire-plain",
        "an answer that calls nothing although tools are offered",
        "No tool is needed: 2 + 2 = 4.",
        finish="stop",
        rule="exact",
        content="No tool is needed: 2 + 2 = 4.",
    ),
    Script(
        "tool-wire-prefix",
        "what only begins like a marker is text",
        _PROSE,
        finish="stop",
        rule="exact",
        content=_PROSE,
    ),
    Script(
        "tool-wire-truncated",
        "a call cut off by max_tokens is not complete",
        _played("save_note", f'{{"text": "{_LONG_TEXT}"}}'),
        finish="length",
        rule="any",
        max_tokens=_CUT_TOKENS,
    ),
    _refused("broken", "a call whose JSON is broken", '{"name": "get_time", "arguments": {"a": }}'),
    _refused("array", "a call that is no object", "[1, 2]"),
    _refused("nameless", "a call without a name", '{"arguments": {"zone": "CET"}}'),
)

_EXPLAIN = (
    "Asks the server to play exactly this output, by the model id 'scripted:' and the output "
    "percent-encoded, once streamed and once whole:\n{text}\nA server that does not know such ids "
    "is skipped, and so is one that does not return a plain sentence unchanged. Passes when both "
    "answers carry {wanted} with finish '{finish}', unique ids, no marker in the text, both the "
    "same, and a stream shaped as the dialect says."
)


def plan() -> list[Case]:
    """One case a script; the same in all profiles, for an exact output has nothing to repeat."""
    return [_case(script) for script in SCRIPTS]


def _case(script: Script) -> Case:
    calls = [{"name": name, "arguments": decode(text)} for name, text in script.calls]
    wanted = ", ".join(call["name"] for call in calls) or "no call"
    shown = script.text if len(script.text) < 400 else f"{script.text[:200]} … (cut here)"
    expect: dict[str, Json] = {
        "calls": calls,
        "finish": script.finish,
        "rule": script.rule,
        "content": script.content,
    }
    return Case(
        id=script.id,
        suite=SUITE,
        title=script.title,
        parameters={
            "layer": "L1",
            "script": script.text,
            "tools": sorted({call["name"] for call in calls}) or ["get_weather"],
            "expect": expect,
            "max_tokens": script.max_tokens,
        },
        explain=_EXPLAIN.format(text=shown, wanted=wanted, finish=script.finish),
    )
