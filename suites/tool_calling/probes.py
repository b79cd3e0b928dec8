"""Behaviour probes: what a user says, which tools are offered, and what a good model does."""

from __future__ import annotations

from dataclasses import dataclass

from harness.records import Case, Json, Profile
from suites.tool_calling.scripts import SUITE
from suites.tool_calling.tools import TOOLS

# Three tries tell a model that is steady from one that is not; rates need the fuller profiles.
REPEATS: dict[Profile, int] = {"quick": 3, "standard": 8, "full": 25}
# A nested call takes some 50 tokens in common vocabularies; thinking models need the fuller ones.
MAX_TOKENS: dict[Profile, int] = {"quick": 96, "standard": 512, "full": 2048}


@dataclass(frozen=True, slots=True)
class Probe:
    """One behaviour probe. ``call`` is the one call that is right; None: no call is right.

    ``says`` must stand in the text of an answer without a call.
    """

    id: str
    title: str
    messages: tuple[Json, ...]
    tools: tuple[str, ...]
    call: tuple[str, Json] | None = None
    says: str = ""
    tool_choice: str | None = None


def _user(text: str) -> tuple[Json, ...]:
    return ({"role": "user", "content": text},)


_LOCKER_TALK: tuple[Json, ...] = (
    *_user("What is the code of Ada's locker?"),
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "open_locker", "arguments": '{"owner": "Ada"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": '{"code": "73914"}'},
)
_EIGHT = tuple(TOOLS)[:8]

PROBES: tuple[Probe, ...] = (
    Probe(
        "tool-behave-single",
        "one tool, one argument",
        _user("What is the weather in Oslo? Use the tool."),
        ("get_weather",),
        ("get_weather", {"city": "Oslo"}),
    ),
    Probe(
        "tool-behave-choose",
        "the right one of eight tools",
        _user("What time is it in the zone CET? Use a tool."),
        _EIGHT,
        ("get_time", {"zone": "CET"}),
    ),
    Probe(
        "tool-behave-chat",
        "a greeting needs no tool",
        _user("Hello! Say something friendly, no tool is needed."),
        ("get_weather", "get_time"),
    ),
    Probe(
        "tool-behave-irrelevant",
        "a request that no tool can serve",
        _user("Write one sentence about the colour blue."),
        ("convert_currency", "list_files"),
    ),
    Probe(
        "tool-behave-nested",
        "an object and a list in the arguments",
        _user(
            'Book a table for 2 for the guest named "Ada" with the phone number "555-0100". '
            'The wishes are "window" and "quiet". Use the tool.'
        ),
        ("book_table",),
        (
            "book_table",
            {
                "guest": {"name": "Ada", "phone": "555-0100"},
                "seats": 2,
                "wishes": ["window", "quiet"],
            },
        ),
    ),
    Probe(
        "tool-behave-enum",
        "a value from a list of three",
        _user("Make the lamp green. Use the tool."),
        ("set_light",),
        ("set_light", {"colour": "green"}),
    ),
    Probe(
        "tool-behave-empty",
        "a tool without parameters",
        _user("List the files of the current folder. Use the tool."),
        ("list_files",),
        ("list_files", {}),
    ),
    Probe(
        "tool-behave-none",
        "tool_choice none forbids the call",
        _user("What is the weather in Oslo?"),
        ("get_weather",),
        tool_choice="none",
    ),
    Probe(
        "tool-behave-required",
        "tool_choice required demands a call",
        _user("Switch the lamp to red."),
        ("set_light",),
        ("set_light", {"colour": "red"}),
        tool_choice="required",
    ),
    Probe(
        "tool-behave-result",
        "a tool's result reaches the answer",
        _LOCKER_TALK,
        ("open_locker",),
        says="73914",
    ),
)

_EXPLAIN = (
    "{title}. {n} tries at the model's own temperature, streamed and whole in turn. Right is "
    "{right}. A model that calls no tool in the whole run says nothing about its server: then the "
    "probe is inconclusive. What is the server's doing fails whatever the model: a 5xx, a broken "
    "shape, arguments that are no JSON object, a call that ends as 'stop', a well-formed call left "
    "standing in the text. A server that refuses the tools or the tool_choice with a 4xx that "
    "names the field is skipped."
)


def plan(profile: Profile) -> list[Case]:
    """One case a probe."""
    return [_case(probe, profile) for probe in PROBES]


def _case(probe: Probe, profile: Profile) -> Case:
    call = {"name": probe.call[0], "arguments": probe.call[1]} if probe.call else None
    right = f"the one call {call}" if call else "no call"
    right += f" and a text that holds {probe.says!r}" if probe.says else ""
    title, repeats = probe.title[:1].upper() + probe.title[1:], REPEATS[profile]
    return Case(
        id=probe.id,
        suite=SUITE,
        title=probe.title,
        parameters={
            "layer": "L2",
            "messages": list(probe.messages),
            "tools": list(probe.tools),
            "tool_choice": probe.tool_choice,
            "expect": {"call": call, "says": probe.says},
            "max_tokens": MAX_TOKENS[profile],
        },
        repeats=repeats,
        explain=_EXPLAIN.format(title=title, n=repeats, right=right),
    )
