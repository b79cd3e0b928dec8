"""Switching a device on or off."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import choice, clock, flag, pseudo, text_kind, word
from training.words import FIRST_NAMES

ROOMS = (
    "kitchen", "bedroom", "living room", "bathroom", "garage", "garden", "hallway", "office",
    "attic",
    "basement", "cellar", "porch", "balcony", "guest room", "nursery", "study", "workshop",
    "upstairs",
    "downstairs", "front door", "dining room", "laundry room", "terrace", "shed", "pool", "stairs",
)  # fmt: skip
DEVICES = (
    "lamp", "light", "lights", "fan", "heater", "radio", "speaker", "television", "tv", "kettle",
    "oven", "toaster", "plug", "socket", "alarm", "camera", "printer", "router", "monitor",
    "charger",
    "pump", "sprinkler", "humidifier", "projector", "boiler", "coffee machine", "dishwasher",
    "washing machine", "dryer", "vacuum", "air conditioner", "air purifier", "console", "computer",
)  # fmt: skip


def _device(dice: Dice) -> str:
    roll = dice.random.random()
    thing = dice.one(DEVICES)
    if roll < 0.4:
        return f"{dice.one(ROOMS)} {thing}"
    if roll < 0.7:
        return f"{word(dice)} {thing}"
    if roll < 0.78:
        return f"{dice.one(ROOMS)} {thing} {dice.whole(1, 9)}"
    if roll < 0.86:
        return f"{dice.one(ROOMS)} {word(dice)}"
    if roll < 0.92:
        return f"{dice.one(FIRST_NAMES)} {thing}"
    return f"{pseudo(dice)} {pseudo(dice)}"


_full_device = text_kind(_device)


def device(dice: Dice) -> Value:
    """A room and a thing in it, an invented name, or a plain thing (those are on both sides)."""
    if dice.chance(0.2):
        said = dice.one(DEVICES)
        return Value(said, said)
    return _full_device(dice)


FAMILY = Family(
    name="device",
    tools=(
        "(switch|toggle|control|power|operate) [home|smart|house] (device|appliance|plug)",
        "(set|change) [smart|home] (device|appliance|plug|switch) (state|power|status)",
        "turn (device|appliance|plug) on [or] off",
        "(device|appliance|plug) (switch|power|toggle|control|state)",
        "(smart|home) (plug|switch|device|appliance) [control|power]",
        "(power|switch) (on|on off) [device|appliance]",
        "(turn on|turn off|power on|power off) [device|appliance]",
        "(control|set|toggle) (smart|iot|connected) (plug|device|home)",
        "(home assistant|smart home|smartthings) [toggle|switch|control]",
        "(set|change|update) (device|switch|plug) (state|on off|power state)",
        "(switch|toggle) [power|relay|outlet]",
    ),
    descriptions=(
        "(Switch|Turn|Turns|Switches|Power|Powers) a (home device|household appliance|smart "
        "plug|connected device|device|plug) on or off[.]",
        "(Sets|Set|Change|Changes|Controls|Control) (whether|if) (a device|an appliance|a plug) "
        "(is on|is on or off|runs)[.]",
        "(On and off|On/off|Power) (switch|control) (for|of) (devices|appliances|things) (at|in "
        "the) (home|house)[.]",
        "(Turns|Switches) (a|any) (smart home|connected|named) device on or off[.]",
        "(Controls|Toggles) (the power of|power to) (a|an) (appliance|device|smart plug|outlet)[.]",
        "Use this (when|if) the user wants (something|a device) (turned|switched) on or off[.]",
        "(Sends|Gives) an on or off command to (a|the) device[.]",
    ),
    slots=(
        Slot(
            key="device",
            kind=device,
            names=(
                "(device|appliance|device name|name|target|what|plug|which "
                "device|entity|entity id|device id|thing|item|device label|gadget|outlet)"
            ),
            descriptions=(
                "(The|Name of the|Which) (device|appliance|plug)[.]",
                "(Device|Appliance)(| name| to switch| to control)[.]",
                "What to (switch|turn on or off)[.]",
            ),
            asked="(device|appliance|device name)",
        ),
        Slot(
            key="state",
            kind=flag("on", "off"),
            names=(
                "(on|state|power|turn on|is on|switch on|active|powered|turned "
                "on|enabled|switch state|desired state|on off|power on|running)"
            ),
            descriptions=(
                "(True|true) (for|means|is|if) on[, false (for|means|is|if) off][.]",
                "(Whether|If) (it|the device) (is to be|should be|will be) on[.]",
                "On (or|(true) or) off[.]",
            ),
            asked="(state|setting)",
        ),
        Slot(
            key="time",
            kind=clock,
            names="(time|at|when|start time|at time|scheduled time|run at|execute at|schedule)",
            descriptions=(
                "(When|At what time|The time)(| to do it| to switch)[.]",
                "(Time|Clock time) (of|for) the (switch|change)[.]",
            ),
            asked="time",
            optional=True,
            tails=(
                "at {time}",
                "(as soon as it is|when it is|once it is) {time}",
                "at {time} sharp",
            ),
        ),
        Slot(
            key="mode",
            kind=choice("eco", "normal", "boost", "silent", "auto"),
            names="(mode|power mode|setting|program|operation mode|run mode|preset)",
            descriptions=("(The|Which) (mode|setting|program)[.]", "(Mode|Program) to run in[.]"),
            asked="mode",
            optional=True,
            tails=("in {mode} mode", "(using|with) [the] {mode} mode", "with mode {mode}"),
        ),
    ),
    commands=(
        "(just|now|first of all) (turn|switch|power) (the|my|our|that) {device} {state} "
        "[again|for me|at once|right away]",
        "(start|begin) by (turning|switching|powering) (the|my|our) {device} {state} [now|for me]",
        "(go and|just|simply|now) (turn|switch|put|flip) (the|my|our) {device} {state} [for "
        "me|again]",
        "(turn|switch|power|flip|put) {state} (the|my|our|that|this) {device} [now|right "
        "away|right now|again|for me|at once|for a while|for the moment]",
        "(turn|switch|power|flip|put|get) (the|my|our|that|this) {device} {state} [now|right "
        "away|right now|again|for me|at once|for a while|for the moment]",
        "(set|change|put) (the|my|our|that) {device} to {state} [now|right away|right "
        "now|again|for me|at once|for a while|for the moment]",
        "(turn|switch|power) {device} {state}",
        "(make sure|see to it|ensure|take care) that (the|my|our) {device} (is|gets) "
        "(switched|turned|powered) {state} [now|right away|right now|again|for me|at once|for a "
        "while|for the moment]",
        "(get|have) (the|my|our) {device} (switched|turned|powered) {state} [now|right away|right "
        "now|again|for me|at once|for a while|for the moment]",
        "(make sure|see that) (the|my|our) {device} is {state} [now|right away]",
        "(use|flip|hit|work) the (switch|plug|button) to (turn|switch|power) (the|my|our) "
        "{device} {state}",
        "(leave|keep) (the|my|our) {device} {state} [for now|for the moment]",
        "(go ahead and|quickly|just) (turn|switch|power) {state} (the|my|our|that) {device}",
        "(go ahead and|quickly|just) (turn|switch|power) (the|my|our|that) {device} {state}",
        "(change|set|switch) the (power|state|status) (of|for) (the|my|our) {device} to {state}",
        "(turn|switch) the {device} back {state}",
        "(turn|switch) the {device} {state} at {time}",
        "(turn|switch) {state} the {device} at {time}",
        "(turn|switch) the {device} {state} (before i forget|when you can|real quick|if you "
        "don't mind)",
        "(turn|switch) {state} {device}",
        "(get|put|set) {device} {state}",
        "(get|turn) the {device} {state}, (i'm going to bed|i'm leaving|we have guests|i'm "
        "nearly home)",
        "(flip|flick|knock|click) the {device} {state}",
        "(go|run) and (switch|turn) {state} the {device}",
        "(check that|make sure|double check) the {device} (is|gets turned|has been switched) "
        "{state}",
        "(have|let) the {device} (be|stay|go) {state} [for now|tonight]",
        "(schedule|plan|set) the {device} to (go|turn|switch) {state} at {time}",
        "(tell|ask) the {device} to (go|turn|switch) {state}",
        "(remember to|be sure to) (turn|switch) the {device} {state}",
        "(power|turn|switch) my {device} {state} (for me|from here|remotely|over the app)",
        "(change|put) the {device} (from whatever it is to|over to|into the state) {state}",
        "(use|take) the (app|smart home|smart plug) and (turn|switch) the {device} {state}",
        "(set|switch) the (state of|status of) {device} to {state}",
        "(turn|switch) {state} the (one called|device named|thing called) {device}",
        "(run|start) the {device} with power {state}",
        "(turn|switch) the {device} {state} in {mode} mode",
        "(set|put) the {device} to {mode} mode and (turn|switch) it {state}",
        "(do me a favour and|be a dear and|quickly) (turn|switch) the {device} {state}",
        "(turn|switch) the damn {device} {state}",
        "(toggle|switch) {device} to {state}",
        "(have|let) someone (turn|switch) the {device} {state}",
        "(turn|get|switch) the {device} {state} (to save power|before bed|for the night|for "
        "the guests)",
    ),
    questions=(
        "(i want|i need|i would like|it is time) to (turn|switch|power) {state} (the|my|our) "
        "{device} [now]",
        "(i want|i need|i would like) to (have|get) (the|my|our) {device} (turned|switched) "
        "{state}",
        "(why not|shall we|should we) (turn|switch) {state} (the|my|our) {device}",
        "(could|would|will) (the|my|our) {device} be (turned|switched|powered) {state} [now|right "
        "away|for me]",
        "i (want|need|would like) (the|my|our) {device} [to be|switched|turned] {state} "
        "[now|right now]",
        "(is it possible|would it be possible) to (have|turn|switch|get|power) (the|my|our) "
        "{device} {state}",
        "(the|my|our) {device} (should be|has to be|must be|needs to be|ought to be) {state} "
        "[now|soon]",
        "[the|my|our] {device} {state} [now|right now|again]",
        "{state} with (the|my|our|that) {device} [now|already]",
        "[set|switch] {device}: {state}",
        "(is there a way|any chance) to (turn|switch|power) {state} (the|my|our) {device}",
        "(would you mind|how about|what about) (turning|switching|powering) {state} (the|my|our) "
        "{device}",
        "(would you mind|how about|what about) (turning|switching|powering) (the|my|our) {device} "
        "{state}",
        "time to (turn|switch|power) (the|my|our) {device} {state}",
        "it is time (the|my|our) {device} (was|went|got turned|got switched) {state}",
        "(can|could) (i|we) (have|get) the {device} {state} [please|now]",
        "(can|could|would) you (turn|switch|get) the {device} {state}",
        "(is|isn't) the {device} {state}, if not (turn|switch) it {state}",
        "(did|have) (i|you|we) (turn|turned|switch|switched) the {device} {state}, if not do it",
        "(could|can) somebody (turn|switch) the {device} {state}",
        "(any chance|any way) (you could|to) (turn|switch|get) the {device} {state}",
        "(what about|how about) (having|getting) the {device} {state}",
        "(shouldn't|should) the {device} be {state} (by now|at {time}|already)",
        "(can|will) the {device} (go|turn|switch) {state} at {time}",
        "{device} {state} (pls|please|now)",
        "why isn't the {device} {state} yet, can you change that",
        "(is it ok|would it be ok) to (turn|switch) the {device} {state}",
    ),
    statements=(
        "i'm (leaving|off to bed|going out|heading out), (turn|switch) the {device} {state}",
        "(i'm|we're) (almost|nearly) home, (can you|could you|please) (turn|switch) the "
        "{device} {state}?",
        "the {device} (should|must|needs to) be {state} (by|at) {time}",
        "i (think i|may have|probably) forgot the {device}, (turn|switch) it {state} please",
        "(my kids|my parents|the neighbours) (want|asked for) the {device} {state}",
        "(i want|i need|i'd like) the {device} {state} (before i get home|when i wake up|while "
        "i'm away|tonight)",
        "it would be (nice|great|good) to have the {device} {state}",
        "(it's|it is) (too loud|too cold|too hot|too dark|so late) in here. (Turn|Switch) the "
        "{device} {state}",
        "{device} {state}.",
        "{device} {state} (please|thanks|pls).",
        "{device}: {state} at {time}.",
        "time for (bed|work|breakfast|a film), {device} {state} please",
        "don't leave it like that, the {device} (has to|should) be {state}",
        "someone (left|forgot) the {device}, please (turn|switch) it {state}",
    ),
    missing={
        "device": (
            "(turn|switch|power|put) (it|something|that thing|one of them) {state} [now|for me]",
            "(turn|switch|power) {state} (a device|one device|an appliance|a plug|one of the "
            "plugs) [for me|now|there]",
            "i (want|need|would like) (something|a device|an appliance) (turned|switched) {state}",
            "(could|would) (a device|something|it) be (turned|switched) {state} [now|for me]",
            "(go ahead and|just|quickly) (turn|switch) it {state} [now|right away]",
            "(one of|some of) my devices (should|needs to|has to) be {state}",
            "i'm (leaving|off to bed|going out), (turn|switch) it {state}",
            "(can|could) you (turn|switch|get) (it|that|that thing|the thing) {state}",
            "(could|can) somebody (turn|switch) (it|that) {state}",
            "(my kids|the neighbours) want it {state}",
            "(is it|isn't it) {state} yet, if not (turn|switch) it {state}",
            "(flip|flick|switch|toggle) (it|that one|the thing over there) {state}",
            "(turn|switch) {state} (whatever is|the thing that is) (in the corner|over "
            "there|plugged in)",
            "it's too (loud|hot|cold) in here, (turn|switch) something {state}",
        ),
    },
    result={
        "status": choice("ok", "done", "success", "confirmed"),
    },
    answers=(
        "The {device} is now {state}.",
        "Done: the {device} is {state}.",
        "I switched the {device} {state}.",
    ),
)
