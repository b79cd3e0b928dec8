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
        "(set|update|change) [target|desired|room] temperature",
        "(set|write) (temp|hvac temperature|climate|set point)",
        "(climate|hvac|nest|ac) (set temperature|control|set)",
        "(heating|thermostat) (set|update|adjust)",
        "(warm up|make warm|heat up) [home|room]",
        "(smart home|home) (heating|climate) [set]",
    ),
    descriptions=(
        "(Set|Sets|Change|Changes|Adjust|Adjusts|Control) the (temperature|target temperature) of "
        "the (thermostat|heating|room|house|radiator)[.]",
        "(Set|Sets|Adjust|Adjusts|Program) (the|a) [smart|room|home] thermostat(| to a [given] "
        "temperature)[.]",
        "(How warm|What temperature) the (heating|thermostat) (keeps|makes) a (room|house|flat)[.]",
        "(Regulates|Controls) the (heating|heat|indoor climate)[.]",
        "(Set|Sets|Update|Updates) the (set point|target temperature|desired temperature) of "
        "(the|a) (thermostat|HVAC system|climate device)[.]",
        "(Change|Changes) how (warm|cold|warm or cold) (the house|a room|it) (is|gets)[.]",
        "(Use this|Call this) to (adjust|set|change) the (temperature|heating) (at home|in a "
        "room|in the house)[.]",
        "(Smart|Connected) (thermostat|heating) (control|API)[.]",
    ),
    slots=(
        Slot(
            key="degrees",
            kind=number(5, 90, 1),
            names=(
                "(degrees|temperature|target|target temperature|value|temp|heat|set "
                "point|setpoint|desired temperature|temp value|new temperature|target temp|to)"
            ),
            descriptions=(
                "(The|Target|New|Wanted|Desired) temperature(| in degrees)[.]",
                "(Degrees|Temperature)(| to (set|reach|keep))[.]",
                "How (warm|many degrees)[.]",
                "(The|Desired) (set point|target temperature) (to apply|in degrees|for the "
                "thermostat)[.]",
            ),
            asked="(temperature|number of degrees|target temperature)",
        ),
        Slot(
            key="room",
            kind=room,
            names=(
                "(room|location|area|where|zone|room name|device|room id|target "
                "room|thermostat location)"
            ),
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
            names="(mode|thermostat mode|program|setting|hvac mode|operating mode|preset)",
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
        "(crank|turn|bump|bring) the (heat|heating|thermostat|temp) (up|down) to {degrees} "
        "[degrees]",
        "bump it (up|down) to {degrees} [degrees]",
        "make it {degrees} [degrees] in the {room}",
        "get (it|the place|this place|the house|the flat|the {room}) to {degrees} [degrees]",
        "set (it|the temp|the house|the flat|the {room}) to {degrees} [degrees]",
        "(heat|warm) (the {room}|the house|the flat|this place) [up] to {degrees} [degrees]",
        "put the {room} (heating|thermostat|radiator) (at|on|to) {degrees} [degrees]",
        "(keep|hold|leave) the {room} at {degrees} [degrees]",
        "put the thermostat (in|on) {mode} mode at {degrees} [degrees]",
        "set the (thermostat|heating) to {mode} mode and {degrees} degrees",
        "run the (heating|heat) at {degrees} [degrees]",
        "have the (house|flat|{room}) at {degrees} degrees (by the time i'm home|when i get "
        "home|before the guests come)",
        "preheat the (house|flat|{room}) to {degrees} [degrees]",
        "give me {degrees} degrees (inside|at home|in the {room})",
        "let (it|the house|the {room}) (get|warm up|go) to {degrees} [degrees]",
        "make sure it's {degrees} degrees [inside|at home|in the {room}]",
        "make sure the {room} (is kept|stays) at {degrees} [degrees]",
        "(lock|fix|park) the thermostat at {degrees} [degrees]",
        "start (heating|warming) the (place|house|{room}) to {degrees} [degrees]",
        "dial (the heat|the thermostat|the heating|it) (up|down|back) to {degrees} [degrees]",
        "tell the (thermostat|heating) to (go to|aim for|hold) {degrees} [degrees]",
        "change the temp (inside|at home|in the {room}) to {degrees} [degrees]",
        "use {degrees} [degrees] as the (new target|target temperature|set point) [for the {room}]",
        "(reset|return|restore) the (thermostat|heating) to {degrees} [degrees]",
        "turn the {room} (up|down) to {degrees} [degrees]",
        "(drop|lower|ease) it to {degrees} degrees [inside|at home]",
        "update the (set point|target|target temperature) to {degrees} [degrees]",
        "set {degrees} [degrees] (in|for) the {room}",
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
        "can (we|i) (have|get) it at {degrees} [degrees]",
        "(it's|it is) (freezing|so cold|way too hot|boiling|a bit chilly|stuffy), can (we "
        "have|you make it|you do) {degrees} degrees",
        "how about {degrees} degrees [inside|at home]",
        "(i'm|we're) (cold|freezing|sweating|too hot), could the heating go to {degrees} [degrees]",
        "can it be {degrees} degrees [inside|in the {room}]",
        "mind (bumping|turning) the (heat|heating|thermostat) (up|down) to {degrees} [degrees]",
        "could the {room} be {degrees} degrees",
        "is {degrees} degrees (possible|doable|ok) (inside|for the heating|on the "
        "thermostat|in the {room})",
        "why not (set|put) (it|the heating) to {degrees} [degrees]",
        "what if we set the (heating|thermostat|temperature) to {degrees} [degrees]",
        "(the baby is sleeping|guests are coming|grandma is visiting), can we have the {room} "
        "at {degrees} [degrees]",
        "{degrees} [degrees] (pls|please|plz)",
        "(thermostat|heating|heat|temp) {degrees} (pls|please|plz)",
        "{degrees} degrees in the {room} (pls|please|if possible)",
        "(can|could) the {room} (go|come) (up|down) to {degrees} [degrees]",
        "are we ok with {degrees} degrees, can you set that",
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
            "make it (warmer|cooler|colder|less hot|cosier) [inside|in the {room}]",
            "turn (up|down) the (heat|heating|thermostat)",
            "(crank|turn) the (heat|heating) up [in the {room}]",
            "fix the temperature in the {room}",
            "(set|adjust|change) the {room} thermostat",
            "warm up the (place|house|flat|{room})",
            "put the thermostat in {mode} mode",
            "bump (up|down) the (heat|heating|temperature)",
            "get the (heating|thermostat) going",
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
    statements=(
        "it's (freezing|too cold|so chilly|a bit cold) (inside|at home|in the {room}). "
        "(Set|Turn|Bring) the (heating|thermostat|heat) to {degrees} [degrees]",
        "i'm (freezing|cold|shivering|sweating). Make it {degrees} [degrees]",
        "we're (leaving|going out|away for a few days). (Drop|Lower|Set) the "
        "(heating|thermostat) to {degrees} [degrees]",
        "the (kids|guests|cats) like it at {degrees} degrees, so set that",
        "my (wife|boss|landlord|husband) wants the (thermostat|heating|temperature) at "
        "{degrees} [degrees]",
        "(it should|it ought to|i want it to) be {degrees} degrees in the {room}",
        "{degrees} degrees would be (nice|perfect|great|lovely) [inside|in the {room}]",
        "(i'd|we'd) (like|prefer|rather have) {degrees} degrees [inside|in the {room}]",
        "the {room} feels (cold|too warm|icy|damp). (Set|Put|Bring) it to {degrees} [degrees]",
        "(bedtime|time for bed|off to work), thermostat to {degrees} [degrees]",
        "the heating bill is too high, so set the thermostat to {degrees} [degrees]",
        "i want the (thermostat|heating) in {mode} mode at {degrees} [degrees]",
        "my (daughter|guest|roommate) wants {degrees} degrees in the {room}",
    ),
)
