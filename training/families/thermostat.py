"""The temperature that the heating keeps."""

from __future__ import annotations

from training.families.light import room
from training.family import Family, Slot
from training.values import choice, number

FAMILY = Family(
    name="thermostat",
    tools=(
        "(set|adjust|change|control|program) [the] [room|home|house|indoor] thermostat "
        "[temperature]",
        "(set|adjust|change|regulate) [the] (heating|room heat|indoor temperature|room "
        "temperature)",
        "thermostat [control|setting|set|target|temperature]",
        "(heating|heat|radiator) (control|level|setting|target)",
        "(room|home|house|indoor|target) temperature (set|setting|control)",
        "(heat|warm) (room|house|home)",
    ),
    descriptions=(
        "(Set|Sets|Change|Changes|Adjust|Adjusts|Control) the (temperature|target temperature) of "
        "the (thermostat|heating|room|house|radiator)[.]",
        "(Set|Sets|Adjust|Adjusts|Program) (the|a) [smart|room|home] thermostat(| to a [given] "
        "temperature)[.]",
        "(How warm|What temperature) the (heating|thermostat) (keeps|makes) a (room|house|flat)[.]",
        "(Regulates|Controls) the (heating|heat|indoor climate)[.]",
    ),
    slots=(
        Slot(
            key="degrees",
            kind=number(5, 90, 1),
            names="(degrees|temperature|target|target temperature|value|temp|heat|set point)",
            descriptions=(
                "(The|Target|New|Wanted|Desired) temperature(| in degrees)[.]",
                "(Degrees|Temperature)(| to (set|reach|keep))[.]",
                "How (warm|many degrees)[.]",
            ),
            asked="(temperature|number of degrees|target temperature)",
        ),
        Slot(
            key="room",
            kind=room,
            names="(room|location|area|where|zone|room name)",
            descriptions=(
                "(The|Which|Name of the) room[.]",
                "(Room|Area|Part of the house) to (heat|warm|control)[.]",
                "Where[.]",
            ),
            asked="(room|place)",
            optional=True,
            tails=("in the {room}", "(over|up|out) in the {room}", "for the {room}"),
        ),
        Slot(
            key="mode",
            kind=choice("heat", "cool", "eco", "auto"),
            names="(mode|thermostat mode|program|setting)",
            descriptions=(
                "(The|Which) (mode|program)[.]",
                "(Mode|Program) (of|for) the thermostat[.]",
            ),
            asked="mode",
            optional=True,
            tails=("in {mode} mode", "(using|with) [the] {mode} mode", "with mode {mode}"),
        ),
    ),
    commands=(
        "(set|turn|change|adjust|bring) (the|my|our) "
        "(thermostat|heating|temperature|radiator|room temperature) to (exactly|about|a steady|a "
        "comfortable|just) {degrees} [degrees]",
        "(change|set|adjust) the (temperature|target|setting|set point) (of|on|for) (the|my|our) "
        "(thermostat|heating|radiator) to {degrees} [degrees]",
        "(go for|aim for|keep to|stay at) {degrees} [degrees] (on the thermostat|with the "
        "heating|indoors)",
        "(quickly|just|now) (set|turn|put) (the|my|our) (thermostat|heating|heat|temperature) to "
        "{degrees} [degrees]",
        "(set|change|adjust|turn|bring|put|move|program) (the|my|our) "
        "(thermostat|heating|heat|temperature|radiator|heater temperature) to {degrees} [degrees]",
        "(set|turn|bring|put) (the|my|our) (thermostat|heating|heat|temperature|radiator) "
        "(up|down|back) to {degrees} [degrees]",
        "(raise|lower|increase|reduce|drop|lift) (the|my|our) "
        "(thermostat|heating|temperature|room temperature) to {degrees} [degrees]",
        "(keep|hold|leave) (it|the place|the air) at {degrees} [degrees] [all day|today|now|for "
        "the night]",
        "(heat|warm|bring|cool) (it|things|the place|the air) to {degrees} [degrees]",
        "(keep (the|our)|hold (the|our)|maintain the|fix the) [room|indoor] temperature at "
        "{degrees} [degrees]",
        "(have|let) the (thermostat|heating|radiator) (aim for|hold|keep|go to|stay at) {degrees} "
        "[degrees]",
        "set {degrees} [degrees] (on|as the target of|as the temperature of) the "
        "(thermostat|heating|radiator)",
        "(choose|select|enter|use|dial in) {degrees} [degrees] (on|for|as the setting of) the "
        "(thermostat|heating)",
        "make it {degrees} degrees [warm|inside|indoors]",
    ),
    questions=(
        "(could|would|can) (the|my|our) (thermostat|heating|temperature|radiator) be "
        "(set|changed|turned|adjusted) to {degrees} [degrees]",
        "i (want|need|would like) (it|the temperature|the thermostat|the heating) (at|set to|to "
        "be) {degrees} [degrees] [now]",
        "(the|my|our) (thermostat|heating|temperature) (should be|must be|needs to be|has to "
        "be|ought to be) (at|set to) {degrees} [degrees]",
        "[the] (thermostat|heating|temperature|radiator) [to|at|on] {degrees} [degrees]",
        "{degrees} degrees (on the thermostat|inside|indoors|for the heating|of heat)",
        "(how about|what about|would you mind) (setting|turning|putting|changing) the "
        "(thermostat|heating|temperature) to {degrees} [degrees]",
        "(is it possible|would it be possible|is there a way) to (have|keep) (it|the "
        "temperature|the air) at {degrees} [degrees]",
        "it (should|has to|needs to|ought to) be {degrees} degrees [inside|indoors|warm|here]",
        "i feel (better|happier|comfortable|good) with the heating at {degrees} [degrees]",
    ),
    missing={
        "degrees": (
            "(set|change|adjust|program) (the|my|our) (thermostat|heating|radiator|temperature) "
            "[for me|now|again]",
            "(set|change) (the|my|our) (thermostat|heating) to (another|a different|a new) "
            "temperature",
            "i (want|need|would like) (to change|to set|to adjust) the "
            "(thermostat|temperature|heating)",
            "(could|would|can) the (thermostat|heating|temperature) be (changed|adjusted) [for "
            "me|now]",
            "(choose|pick|set) (another|a new|a different) (target|temperature) for the "
            "(thermostat|heating)",
        ),
    },
    result={
        "status": choice("ok", "done", "set", "confirmed"),
    },
    answers=(
        "The thermostat is set to {degrees} degrees.",
        "Done: the heating now aims for {degrees} degrees.",
        "I set the temperature to {degrees}.",
    ),
)
