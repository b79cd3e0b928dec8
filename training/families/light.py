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
        "(set|change|update) (hue|led|bulb|light) [color|colour]",
        "(philips|smart|hue) (light|lights|bulb|lamp) [color|set color]",
        "(control|set|update) (lights|lamps|light color|light state)",
        "(led|rgb|lamp) (strip|color|control|set)",
        "(room|home) (lights|lighting|light color) [set|control]",
    ),
    descriptions=(
        "(Set|Sets|Change|Changes|Adjust|Adjusts|Choose) the (color|colour|hue) of (a|the) "
        "[smart] (lamp|light|bulb|lights)[.]",
        "(Lets|Let) (a lamp|a light|the lights|the lamp) (shine in|take on|have) a [given|chosen] "
        "(color|colour)[.]",
        "(Color|Colour) (control|setting) (for|of) (lamps|lights|the lighting|a lamp)[.]",
        "(Sets|Changes) the (color|colour) of (smart|connected|the user's) (lights|bulbs|lamps)[.]",
        "Use this (when|if) the user wants (another|a different) light (color|colour)[.]",
        "(Controls|Adjusts) (smart lights|the LED strip|the room's lighting)[.]",
        "(Turns|Makes) (a|the) (bulb|light|lamp) (a given|the chosen) (color|colour)[.]",
    ),
    slots=(
        Slot(
            key="colour",
            kind=choice(*COLOURS),
            names=(
                "(color|colour|hue|light color|lamp colour|tint|shade|color name|rgb "
                "color|colour name|light colour|led color|new color)"
            ),
            descriptions=(
                "(The|Which|Its|New) (color|colour|hue|tint)[.]",
                "(Color|Colour) (of|for) the (lamp|light|bulb|lights)[.]",
            ),
            asked="(color|colour)",
        ),
        Slot(
            key="brightness",
            kind=integer(0, 100),
            names=(
                "(brightness|level|dim level|intensity|percent|light level|brightness "
                "level|brightness percent|bri|luminosity|brightness pct)"
            ),
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
            names=(
                "(room|location|area|where|zone|room name|room id|light location|place|in "
                "room|group)"
            ),
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
        "(make|turn|set) it {colour} in here",
        "(make|turn|set) everything {colour}",
        "(make|turn|paint|light) the {room} {colour}",
        "(put|turn|set|switch) the lights (on|to|over to) {colour}",
        "(give|get) (us|me) {colour} (lights|lighting|mood lights) (for the party|for "
        "dinner|for movie night|for reading)",
        "(change|switch|set) the (mood|vibe|ambience) to {colour}",
        "(set|do|get) the (mood|scene) with {colour} (light|lights|lighting)",
        "(light|do) the {room} in {colour}",
        "(bathe|flood|fill) the {room} (in|with) {colour} (light|lighting)",
        "(go|fade|switch|change) to {colour} in the {room}",
        "(change|set|turn|switch) the {room} (lights|light|lamp) to {colour} [please|again]",
        "(set|put|dim) the (light|lights|lamp) to {colour} at {brightness} percent",
        "(set|turn|put) the {room} to {colour}, {brightness}%",
        "(have|get) the (lights|bulbs|lamps) (glowing|shining) {colour}",
        "(use|take|try) {colour} (instead|this time|tonight) for the (lights|light|lamp)",
        "(make|turn) the (bulb|lamp|light) {colour} (instead|again|for a while|until tomorrow)",
        "(set|change) my (desk lamp|bedside lamp|floor lamp|led strip|night light) to {colour}",
        "(try|show me) the (lights|lamp) in {colour}",
        "(switch|change) from white to {colour} (light|lights)",
        "(pick|choose|use) {colour} for the {room} (lights|light|lamp)",
        "(turn|set) (all|all the|every one of the) (lights|lamps|bulbs) {colour}",
        "(add|bring) (some|a touch of|a little) {colour} (light|glow) (to the {room}|in here)",
        "(match|set) the lights to my mood, (something|so) {colour}",
        "(set|get) (up|ready) {colour} (lighting|lights) (in the {room}|for tonight)",
        "(change|set) color: {colour}",
        "set the light color {colour}",
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
        "(can|could) (i|we) (get|have) {colour} (lights|lighting|light) [in here|please]",
        "(can|could) you (make|turn|set) the (lights|light|lamp) {colour}",
        "(can|could) you (make|turn|do) it {colour} in the {room}",
        "(can|could) the {room} (be|go|turn) {colour}",
        "(what about|how about|why not) {colour} (for the {room}|in the {room}|in here|tonight)",
        "(wouldn't|would) {colour} (look nice|be nicer|be cosy) in the {room}, (set it|try it)",
        "(shall|should) we (have|try|go for) {colour} (lights|lighting|light) (tonight|now|in "
        "here)",
        "(do|can) (these|the|my) (lights|bulbs|lamps) do {colour}, if so (do it|set them)",
        "lights {colour} (please|pls|now)",
        "is {colour} (possible|ok) for the (lights|lamp|bulb), (then|if so) set it",
        "{room} {colour}",
        "(any chance|any way) (of|to get) {colour} (light|lights|lighting)",
        "(mind|would you mind) (switching|setting|turning) the {room} (lights|light) to {colour}",
    ),
    statements=(
        "(it's movie night|it's date night|we have a party), (make the lights|set the lights "
        "to|turn the lights) {colour}",
        "i'm in the mood for {colour}, (change|set) the lights",
        "(guests are coming|my friends are coming over|it's my birthday). I'd like {colour} "
        "(lights|light) in the {room}",
        "it's too bright in here. (Make it|Change the lights to|Something like) {colour}",
        "(i want|i'd love|i'd like) the {room} in {colour} (tonight|for dinner|for a change)",
        "(my daughter|my son|my wife|the baby) (wants|likes|prefers) {colour} light in the {room}",
        "(the doctor|my friend|a book) says {colour} light helps me sleep, so set it",
        "{colour} would be (nice|lovely|perfect|better) in the {room}",
        "{colour} lights (pls|please|thanks).",
        "{room}: {colour}.",
        "(i can't sleep|i'm trying to read|i have to work), give me {colour} light",
        "(not a fan|bored) of this light, (make it|go for|try) {colour}",
        "(let there be|time for) {colour} light!",
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
            "it's too (boring|white|bright) in here, change the (light|lamp) color",
            "(can|could) you (change|do something about|set) the (light|lamp) (color|colour)",
            "(my daughter|my wife|my son) wants (another|a different) light (color|colour)",
            "(make|turn|set) the (lights|lamp) (a nice|some other|a calmer|a warmer) "
            "(color|colour)",
            "(change|set|adjust) the (color|colour) of the {room} lights",
            "(shall|should) we (try|have) (another|a different|a new) (color|colour) in here",
            "(guests are|it's party time and people are) coming, give the {room} a "
            "(nicer|new|special) (color|colour)",
            "i'm (bored|fed up) with this light (color|colour), change it",
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
