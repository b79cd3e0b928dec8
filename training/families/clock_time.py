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
        "(get|fetch|current) (time|datetime|date time|now)",
        "(get|check|lookup) (time zone|timezone) [time]",
        "(world|local|city) time [api|tool|check|service]",
        "(time|clock) (api|tool|check|by city|by timezone|for location)",
        "what time [is it|in city]",
    ),
    descriptions=(
        "(Get|Gives|Tells|Returns|Look up|Find|Shows) the (current|local|exact|present) time "
        "(in|of|at|"
        "for) a (city|place|time zone|zone|city or zone)[.]",
        "(Current|Local|Exact) time (for|in) a [given|named] (city|place|zone|time zone)[.]",
        "What (time|hour) it is [now] (in|at) a (city|place|time zone|zone)[.]",
        "(World|Zone) clock[.]",
        "(Returns|Gets|Tells) (the|a) (current|local) (date and time|clock time|time) (for|in) "
        "a (location|timezone|city)[.]",
        "Use this (tool|function) (when|if) the user asks (what time it is|for the time) "
        "(somewhere|in a city)[.]",
        "(Current|Present) time (by|for) (timezone|city|location)[.]",
        "(Looks up|Reads) the (world clock|clock) (for|of) a (city|place|timezone)[.]",
    ),
    slots=(
        Slot(
            key="zone",
            kind=zone,
            names=(
                "(zone|timezone|city|time zone|place|location|tz|where|zone name|timezone "
                "name|iana timezone|city name|tz name|area|region|utc offset|loc)"
            ),
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
        "(tell|give) me (the time|the local time) over there in {zone}",
        "(see|check|find out) (if|whether) it's (too late|too early|ok|still ok) to "
        "(call|text|ring) (someone|people|my friend) in {zone}",
        "(see|check|find out) (if|whether) (people|the shops|they|offices) are "
        "(awake|open|still up|up yet) in {zone} right now",
        "(check|look) (real quick|quickly) what time it is in {zone}",
        "(tell|remind) me what time (they have|it'd be|they've got) in {zone} [right now|now]",
        "(show|display|get) (local|current) time: {zone}",
        "(say|tell me) (how late|what time) it (is|must be) for my "
        "(friend|sister|team|client|parents) in {zone}",
        "(compare|sync) my (watch|clock) (to|with) {zone} time",
        "(look|check) up the {zone} time",
        "(check|pull up|grab) (current|local) time (for|in) {zone}",
        "(convert|translate) now (to|into) {zone} time",
        "(give|tell) me a time check for {zone}",
        "(tell me|see) (if|whether) it's (dark|light|day|night|working hours|lunch time|office "
        "hours) in {zone}",
        "(figure|find) out what time it is where my (brother|colleague|boss|girlfriend) lives, "
        "that's {zone}",
        "(ping me|answer|reply) with the time in {zone}",
        "(read out|tell me) the time, (location|city|place|zone) {zone}",
        "(get|grab|fetch) the (hour|time) in {zone} (before i call|before my meeting|so i can "
        "call them)",
        "(use|take|pick) {zone} and tell me (what time it is|the time) there",
        "(tell|show) me the time (of day|right this minute|at this moment) in {zone}",
        "(tell|give) me the time in {zone} in {format} format",
        "(check|tell me) what (day and time|hour) it is in {zone} right now",
        "(do|run) a quick time check: {zone}",
        "(look|go) and see what the clock says in {zone}",
        "(find|figure) out (local|current) time for {zone}",
        "(check|confirm|verify) the (current|exact) (time|hour) over in {zone}",
        "(get|give|fetch) (me|us) {zone} (local time|time now|clock time|current time)",
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
        "(whats|what's) the time in {zone} [rn|right now|atm|now]",
        "what time (is it|it is) in {zone} (rn|atm|currently|today)",
        "whats (the {zone} time|{zone} time) [rn|right now]",
        "(what's|what is) the (local|current) time for (somebody|someone|people|my team) in {zone}",
        "what time would it be (for you|for them|for a client|for my mum) in {zone} [right now]",
        "(can|could) you tell me (what time it is|the time|the local time) in {zone}",
        "(do you know|any idea|got any idea|you know) what time it is in {zone}",
        "(is it|it's) (already|still) (dark|light|night|morning|tomorrow|lunch time) in {zone}",
        "(can|could|may) i still (call|reach|phone|text) (someone|the office|my parents) in "
        "{zone}, (what time is it|what's the time) there",
        "(are|would) (the shops|banks|offices|they) (be open|be awake|be closed) in {zone} "
        "right now",
        "how (far along|late) is the (day|night|evening) in {zone}",
        "when it is now here, what (time|hour) is it in {zone}",
        "time in {zone} (pls|please|rn|now)",
        "what (does|would) (the clock|a clock|my watch) (say|show|read) in {zone}",
    ),
    statements=(
        "(my sister|my friend|a client|my boss) lives in {zone}, what time is it there?",
        "(just landed|i've just landed|we just arrived) in {zone}, what's the (time|local time)?",
        "(i'm calling|i have a call with|i want to phone) (someone|a client|my mum) in {zone} "
        "(soon|in a bit), what time is it (there|for them)?",
        "(i don't want to|i'd hate to|hope i don't) wake them up. What time is it in {zone}?",
        "(i'm|we're) (in|flying to|moving to) {zone} and my (watch|phone|clock) is "
        "(wrong|dead), what time is it?",
        "{zone}. (What time is it there|Time|Local time)?",
        "{zone} time (pls|please|thanks).",
        "(i never know|i always forget|no clue|not sure) what time it is in {zone}",
        "our (team|office|server) is in {zone}, is it (late|morning|night) there?",
        "i (lost track|have no idea) of the time here in {zone}",
        "(need|i need) the (time|local time|exact time) in {zone} (for a meeting|for a "
        "call|asap|quickly)",
        "(jet lagged|jetlag), (what's the time|what time is it) in {zone}?",
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
            "what time is it (for them|for my sister|at their office|where the client is|at my "
            "destination)",
            "(my sister|my friend|a client) lives abroad, what time is it there?",
            "(can|could) i (call|ring|phone) them now, or is it too late (there|over there)",
            "(just landed|i just landed), what's the local time here?",
            "(tell|give|show) me the (time|local time|hour) over there",
            "(check|see) (if|whether) they are (awake|still up) (there|over there)",
            "i'm (travelling|on a trip), what time is it (here|at my hotel)?",
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
