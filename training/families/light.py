"""The colour of a lamp."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import choice, integer, pseudo, text_kind, word
from training.words import FIRST_NAMES

ROOMS = (
    "kitchen", "bedroom", "living room", "bathroom", "garage", "garden", "hallway", "office",
    "attic",
    "basement", "cellar", "porch", "balcony", "guest room", "nursery", "study", "workshop",
    "lounge",
    "dining room", "laundry room", "terrace", "shed", "library", "studio", "corridor", "playroom",
)  # fmt: skip


def _named_room(dice: Dice) -> str:
    ending = dice.one(("room", "room", "hall", "wing", "corner", "suite", "lounge", "den"))
    start = dice.one((word(dice), pseudo(dice), f"{dice.one(FIRST_NAMES)}'s"))
    return f"{start} {ending}"


_new_room = text_kind(_named_room)


def room(dice: Dice) -> Value:
    """A common room, which both sides of the split know, or one with a name of its own."""
    if dice.chance(0.5):
        said = dice.one(ROOMS)
        return Value(said, said)
    return _new_room(dice)


COLOURS = (
    "red", "green", "blue", "yellow", "orange", "purple", "pink", "white", "warm white",
    "cool white", "turquoise", "violet", "amber", "cyan", "magenta", "gold",
)  # fmt: skip

FAMILY = Family(
    name="light",
    tools=(
        "(set|change|pick|adjust) [the] (light|lamp|lamps|lights|bulb|led) (color|colour|hue|tint)",
        "(light|lamp|lighting|bulb|led) (color|colour|hue|tint) [control|setting]",
        "(color|colour|tint|paint) [the] (light|lights|lamp|bulb|lamps)",
        "(set|change|adjust) [room|mood|ambient|smart] (lighting|lamp|light|lights)",
        "(mood|ambient|colored|coloured) (light|lighting|lights|lamp)",
        "(light|lamp) (control|setting|scene)",
    ),
    descriptions=(
        "(Set|Sets|Change|Changes|Adjust|Adjusts|Choose) the (color|colour|hue) of (a|the) "
        "[smart] (lamp|light|bulb|lights)[.]",
        "(Lets|Let) (a lamp|a light|the lights|the lamp) (shine in|take on|have) a [given|chosen] "
        "(color|colour)[.]",
        "(Color|Colour) (control|setting) (for|of) (lamps|lights|the lighting|a lamp)[.]",
    ),
    slots=(
        Slot(
            key="colour",
            kind=choice(*COLOURS),
            names="(color|colour|hue|light color|lamp colour|tint|shade)",
            descriptions=(
                "(The|Which|Its|New) (color|colour|hue|tint)[.]",
                "(Color|Colour) (of|for) the (lamp|light|bulb|lights)[.]",
            ),
            asked="(color|colour)",
        ),
        Slot(
            key="brightness",
            kind=integer(0, 100),
            names="(brightness|level|dim level|intensity|percent|light level)",
            descriptions=(
                "(Brightness|Intensity|Level)(| of the (lamp|light)| in percent| from 0 to 100)[.]",
                "How bright(| it is| from 0 to 100| in percent)[.]",
            ),
            asked="(brightness|level)",
            optional=True,
            tails=(
                "at {brightness} percent",
                "(with|at) (a brightness of|brightness) {brightness}",
                "at {brightness}% [brightness]",
                "[and] (dimmed|set|turned) to {brightness} percent",
                "with {brightness} percent (brightness|intensity)",
                "brightness {brightness}",
            ),
        ),
        Slot(
            key="room",
            kind=room,
            names="(room|location|area|where|zone|room name)",
            descriptions=(
                "(The|Which|Name of the) room[.]",
                "(Room|Area|Place) (of|with) the (lamp|light)[.]",
                "Where the (lamp|light) is[.]",
            ),
            asked="(room|place)",
            optional=True,
            tails=("in the {room}", "(over|out|there) in the {room}", "(for|inside) the {room}"),
        ),
    ),
    commands=(
        "(make|turn|switch|set) the {room} (light|lamp|lights|bulb) [to] {colour}",
        "(make|turn|set) the (light|lamp|lights) in the {room} {colour}",
        "(go ahead and|quickly|just) (make|turn) (the|my|our) (light|lamp|lights|bulb|lighting) "
        "{colour} [for me|again|now]",
        "(set|change|switch|turn|adjust) (the|my|our) (light|lamp|lights|bulb|lighting|lamps|led) "
        "[color|colour] to {colour}",
        "(make|turn|color|colour|paint|tint) (the|my|our) "
        "(light|lamp|lights|bulb|lighting|lamps|led) {colour} [now|for me]",
        "(give|get) (me|us) (some|a|a little|a bit of) {colour} (light|lighting|lamp light|glow)",
        "(set|change|switch|adjust) the (color|colour|hue|tint) of (the|my|our) "
        "(light|lamp|lights|bulb|lamps) to {colour}",
        "(let|have|make) (the|my|our) (light|lamp|bulb|lighting) (shine|glow|be|go|turn) {colour} "
        "[now|for me]",
        "(choose|pick|use|select|take) {colour} (for|as the [color|colour] of) (the|my|our) "
        "(light|lamp|lights|bulb|lamps|lighting)",
        "(go|change|switch) [over] to {colour} (light|lighting|lights|lamps)",
        "(put on|bring up) (some|the|some soft|a soft|a nice|a calm) {colour} "
        "(light|lighting|mood light)",
        "light (it|everything|things|the place) up in {colour}",
        "(put|set) (the|my|our) (light|lamp|lights|bulb|lamps) (on|in) {colour}",
    ),
    questions=(
        "(could|would|will) (the|my|our) (light|lamp|bulb|lighting) (be|turn|go|shine|glow) "
        "{colour} [now|for me|for a while]",
        "i (want|need|would like|would love) [some] {colour} (light|lighting|lamp light) [now]",
        "i (want|need|would like) (the|my|our) (light|lamp|lights|bulb) [to be] {colour} [now|for "
        "a change]",
        "(the|my|our) (light|lamp|bulb|lighting) (should be|has to be|must be|needs to be|ought "
        "to be) {colour} [now]",
        "[the] (light|lamp|lights|bulb|lamp colour|light color) [to|in] {colour}",
        "{colour} (light|lights|lighting|lamp|bulb) [now]",
        "(how about|what about|would you mind) (making (the|my|our) (light|lamp|lights) "
        "{colour}|(turning|setting|changing) (the|my|our) (light|lamp|lights|bulb) to {colour})",
        "(is it possible|would it be possible|is there a way) to (make|turn|get) (the|my|our) "
        "(light|lamp|lights|bulb) {colour}",
        "(how about|what about|time for|in the mood for) [a bit of|some] {colour} (light|lighting)",
    ),
    missing={
        "colour": (
            "(choose|pick|set|select) (another|a new|a different|a nicer) (color|colour|hue) for "
            "(the|my|our) (light|lamp|lights|bulb|lamps)",
            "(change|switch) (the|my|our) (light|lamp|bulb) to (another|a different|a nicer|a "
            "new) (color|colour)",
            "i (want|need|would like) (another|a different|a new|a nicer) (light|lamp) "
            "(color|colour)",
            "(could|would|can) (the|my|our) (light|lamp|lights|bulb) (have|get) (another|a "
            "different) (color|colour)",
            "give (the|my|our) (light|lamp|lights) (some other|a different|another) (color|colour)",
        ),
    },
    result={
        "status": choice("ok", "done", "success", "confirmed"),
    },
    answers=(
        "The light is now {colour}.",
        "Done: the lamp shines {colour}.",
        "I changed the light to {colour}.",
    ),
)
