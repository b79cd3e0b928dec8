"""The time now in a city or a time zone."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import choice, clock, place, pseudo, text_kind
from training.words import CITIES

REGIONS = (
    "Europe", "Asia", "Africa", "America", "Australia", "Pacific", "Atlantic", "Indian",
    "Antarctica",
)  # fmt: skip


def _code(dice: Dice) -> str:
    roll = dice.random.random()
    if roll < 0.3:
        capitals = "".join(dice.one("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(dice.whole(1, 3)))
        return capitals + dice.one(("T", "T", "ST", "DT"))
    if roll < 0.65:
        hours = dice.one((str(dice.whole(0, 12)), f"{dice.whole(0, 12):02d}"))
        minutes = dice.one(("", "", ":00", ":30", ":45"))
        return f"{dice.one(('UTC', 'GMT'))}{dice.one('+-')}{hours}{minutes}"
    town = dice.one(CITIES).replace(" ", "_") if dice.chance(0.6) else pseudo(dice).title()
    return f"{dice.one(REGIONS)}/{town}"


_zone_code = text_kind(_code)


def zone(dice: Dice) -> Value:
    """A place, a well-known zone (those are on both sides of the split) or any other zone."""
    roll = dice.random.random()
    if roll < 0.5:
        return place(dice)
    if roll < 0.62:
        said = dice.one(
            ("UTC", "CET", "EST", "PST", "GMT", "IST", "JST", "CST", "MST", "EET", "BST")
        )
        return Value(said, said)
    return _zone_code(dice)


FAMILY = Family(
    name="clock_time",
    tools=(
        "(get|fetch|check|tell|read|find|show|look up) [the] [current|local|exact] time [in "
        "zone|in "
        "city|now]",
        "(current|local|world|zone|city) (time|clock) [lookup|now]",
        "(world|zone|city) clock [lookup|time|service]",
        "time (in|at) (zone|city|place|timezone)",
        "time now [in zone|in city]",
        "(clock|time) (lookup|service|now)",
    ),
    descriptions=(
        "(Get|Gives|Tells|Returns|Look up|Find|Shows) the (current|local|exact|present) time "
        "(in|of|at|"
        "for) a (city|place|time zone|zone|city or zone)[.]",
        "(Current|Local|Exact) time (for|in) a [given|named] (city|place|zone|time zone)[.]",
        "What (time|hour) it is [now] (in|at) a (city|place|time zone|zone)[.]",
        "(World|Zone) clock[.]",
    ),
    slots=(
        Slot(
            key="zone",
            kind=zone,
            names="(zone|timezone|city|time zone|place|location|tz|where|zone name)",
            descriptions=(
                "(The|Name of the|Which) (time zone|zone|city|place)[.]",
                "(Time zone|Zone|City|Place)(| to look up| or city| name)[.]",
                "Where[.]",
            ),
            asked="(place|city|time zone|zone)",
        ),
        Slot(
            key="format",
            kind=choice("12h", "24h", "iso"),
            names="(format|clock format|style|time format|notation)",
            descriptions=("(The|Which) format[.]", "(Format|Notation|Style) (of|for) the time[.]"),
            asked="format",
            optional=True,
            tails=(
                "in {format} format",
                "(using|with) [the] {format} format",
                "as {format}",
                "[and] (give|show|tell) it in {format} format",
                "format {format}",
            ),
        ),
    ),
    commands=(
        "(check|look up|get|find|tell me|show me|give me|fetch|find out) (the time|the hour|the "
        "clock time|the local hour|the time of day) [right now|now|at the moment] (in|for|at|over "
        "in) {zone}",
        "(quickly|just|go and) (check|look up|tell me|find out|see) (the time|what time it is|how "
        "late it is) (in|over in) {zone} [now|right now|at the moment]",
        "(check|look up|find out|tell me|show me) what the (time|local time|clock time|hour) is "
        "[now|right now|just now] (in|over in|at) {zone}",
        "(set me straight on|remind me of|update me on) the (time|current time|hour) in {zone}",
        "(help me|let me) (see|find out) (the time|what time it is|how late it is) (in|over "
        "in) {zone} [now|right now]",
        "(call up|bring up|pull up|open) (the|a|my) [world] clock (for|of|in) {zone}",
        "(say|state|display|print|report) the [current|local|exact|present] (time|hour) "
        "(in|of|for|at) {zone}",
        "(check|look up|get|find|tell me|show me|give me|fetch|read me|find out) the "
        "[current|local|exact|"
        "present] time (in|for|at|over in) {zone}",
        "(tell me|find out|check|see|let me know|look up) what (time|hour) it is [now|right now] "
        "(in|at|over in) {zone}",
        "(tell me|find out|check|see|let me know) how (late|early) it is [now|right now] (in|over "
        "in) "
        "{zone}",
        "(look at|check|read|consult) the (clock|clocks|world clock|time) (in|for|of) {zone}",
        "(give me|get me|show me|tell me|get) the {zone} time [now|right now]",
        "(tell me|find out|see) what the clocks (say|show|read) [now|right now] in {zone}",
        "(tell|find out|check|see) (if|whether) it is "
        "(morning|night|evening|afternoon|late|early|past "
        "noon|past midnight) [already|now|still] in {zone}",
        "(do|run) a time (check|lookup) for {zone}",
        "(use|ask) the (world clock|clock) (to get|for) the time in {zone}",
        "(work out|figure out|determine) (the time|what time it is|the hour) [now|right now] in "
        "{zone}",
    ),
    questions=(
        "(what time|what hour|how late) would you say it is [now|right now] in {zone}",
        "i am about to (call|visit|ring|phone) {zone}, what (time|hour) is it [there]",
        "(should|can|could) i (call|phone|ring) [somebody|people|a friend] in {zone} [now|yet] or "
        "is it too (late|early)",
        "(is it|would it be) (too late|too early|already late|past noon|past midnight) [now] in "
        "{zone}",
        "what (time|hour) is it [now|right now|at the moment|currently] (in|at|over in|for people "
        "in) "
        "{zone}",
        "(what is|what's) the [current|local|exact|right] time [now|right now] (in|for|at|over "
        "in) {zone}",
        "how (late|early) is it [now|right now] (in|over in) {zone}",
        "is it (late|early|morning|night|evening|noon|midnight|afternoon) [already|yet|now|still] "
        "in "
        "{zone}",
        "{zone} (time|local time|current time|clock) [now|right now]",
        "(time|current time|local time|the time|time now|hour) (in|for|at) {zone}",
        "what (do|would) the clocks (say|show|read) [now|right now] in {zone}",
        "(do you know|have you got|any idea of|can one know) the time in {zone}",
        "i (need|want|would like) [to know] the (time|current time|local time|exact time) "
        "(in|for) {zone}",
        "(are people|would people be|is everyone) (awake|asleep|up|in bed) [already|now|still] in "
        "{zone}",
        "what time (do they have|have they got|would it be) [now|right now] in {zone}",
    ),
    missing={
        "zone": (
            "what (time|hour) is it [now|right now] (there|over there|in that city|in that zone|in "
            "another time zone|where my friend lives)",
            "(what is|what's) the [current|local] time (there|over there|in the other city|abroad)",
            "(check|look up|get|tell me|show me) the [local|current] time (there|in another "
            "city|in a "
            "city|somewhere else|abroad)",
            "i (need|want|would like) [to know] the (time|local time) (there|in a city|in another "
            "zone)",
            "how (late|early) is it [now|right now] (there|over there|abroad|in the other city)",
        ),
    },
    result={
        "time": clock,
    },
    answers=(
        "It is {time} in {zone}.",
        "The time in {zone} is {time}.",
        "In {zone} the clocks show {time}.",
    ),
)
