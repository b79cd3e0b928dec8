"""An amount in another unit or currency."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import currency, number

UNITS = (
    ("km", "miles", "meters", "metres", "feet", "inches", "cm", "mm", "yards", "m", "ft",
     "kilometers", "nautical miles", "light years", "centimeters", "mi"),
    ("kg", "pounds", "grams", "ounces", "lbs", "oz", "stone", "tons", "tonnes", "mg", "g",
     "kilograms"),
    ("liters", "litres", "gallons", "cups", "pints", "ml", "quarts", "tablespoons", "teaspoons",
     "fluid ounces", "barrels"),
    ("celsius", "fahrenheit", "kelvin"),
    ("seconds", "minutes", "hours", "days", "weeks", "months", "years", "milliseconds"),
    ("mph", "km/h", "knots", "m/s"),
    ("bytes", "KB", "MB", "GB", "TB", "kilobytes", "megabytes", "gigabytes"),
    ("acres", "hectares", "square feet", "square meters", "square miles"),
    ("joules", "calories", "kWh", "kcal"),
    ("dollars", "euros", "yen", "francs", "pesos", "rupees", "crowns"),
)  # fmt: skip

# The source that each dice gave last: its target is of the same group, so that miles are not
# converted to pounds. None stands for the three-letter currencies.
_last: WeakKeyDictionary[Dice, tuple[tuple[str, ...] | None, str]] = WeakKeyDictionary()


def _unit(dice: Dice, group: tuple[str, ...] | None, other: str) -> str:
    while True:
        said = dice.one(group) if group else currency(dice).said
        if said != other:
            return said


def amount(dice: Dice) -> Value:
    """Small numbers more often than great ones."""
    return number(1, dice.one((300, 300, 5000, 99999)))(dice)


def source(dice: Dice) -> Value:
    """A unit or a currency."""
    group = None if dice.chance(0.4) else dice.one(UNITS)
    said = _unit(dice, group, "")
    _last[dice] = (group, said)
    return Value(said, said)


def target(dice: Dice) -> Value:
    """Another one of the group that the last source was of."""
    said = _unit(dice, *_last.get(dice, (None, "")))
    return Value(said, said)


AMOUNT = "{amount} {source}"

FAMILY = Family(
    name="conversion",
    tools=(
        "convert [unit|units|currency|money|measure|amount|quantity]",
        "(unit|currency|measurement|money|quantity) (converter|conversion)",
        "(convert|exchange|change) [between] (units|currencies)",
        "(currency|money) exchange [rate|amount]",
        "(unit|currency) (converter|conversion) (tool|api|service)",
        "(convert|change) (to|into) (other|another) (unit|currency)",
        "(convert|calculate) (units|unit value|currency amount|measurement)",
        "(unit|currency|fx) (convert|rate|calc|exchange)",
        "(get|fetch) (conversion|exchange rate|fx rate|converted amount)",
        "(convert|change) [value|amount] (between units|from to)",
        "(metric|imperial|units) (converter|conversion|helper)",
        "(exchange|fx|forex) [rate] [api|converter|tool]",
    ),
    descriptions=(
        "(Convert|Converts|Change|Changes) (an amount|a number|a value|a quantity) (from one unit "
        "to another|from one currency into another|to another unit|into another currency)[.]",
        "(Convert|Converts) (between|among) (units|currencies|units and currencies|units of "
        "measure)[.]",
        "(Unit|Currency|Measurement|Unit and currency) (conversion|converter)[.]",
        "How much (an amount|a quantity|a sum) is in another (unit|currency)[.]",
        "(Converts|Translates) a (value|number|quantity) (from one unit or currency to "
        "another|between units|between currencies)[.]",
        "(Takes|Needs) an amount, a source and a target (unit|currency)[.]",
        "(Useful|Use this) for (unit|currency|measurement) conversions[.]",
        "(Get|Returns) the equivalent of an amount in (a different|another) (unit|currency)[.]",
    ),
    slots=(
        Slot(
            key="amount",
            kind=amount,
            names=(
                "(amount|value|quantity|number|how much|sum|input value|qty|val|input|number "
                "to convert|source amount|num|magnitude)"
            ),
            descriptions=(
                "(The|An) (amount|value|quantity)[ to convert][.]",
                "(How much|How many|Number|Amount) to convert[.]",
            ),
            asked="(amount|number|value)",
        ),
        Slot(
            key="source",
            kind=source,
            names=(
                "(source|from|from unit|source unit|unit from|base|unit|from currency|source "
                "currency|base currency|from symbol|input unit|original unit|have)"
            ),
            descriptions=(
                "(The|A) (unit|unit or currency|currency) (to convert from|of the amount)[.]",
                "(Source|Original|Starting) unit[ or currency][.]",
                "(Unit|Currency) (of the amount|to convert from)[.]",
            ),
            asked="(source unit|original unit|starting unit)",
        ),
        Slot(
            key="target",
            kind=target,
            names=(
                "(target|to|to unit|target unit|unit to|into|result unit|to currency|target "
                "currency|quote currency|to symbol|output unit|convert to|desired unit|want)"
            ),
            descriptions=(
                "(The|A) (unit|unit or currency|currency) (to convert to|of the result)[.]",
                "(Target|Wanted|Resulting) unit[ or currency][.]",
                "(Unit|Currency) (of the result|to convert to)[.]",
            ),
            asked="(target unit|unit to convert to|unit or currency|target)",
        ),
    ),
    commands=(
        f"(convert|change|turn|switch|bring|transform) [the amount|the value|a total "
        f"of|exactly|the quantity|about|this:] {AMOUNT} (to|into|over to) {{target}} [for "
        f"me|quickly|for us]",
        f"(express|give|write|show|state|restate|calculate|work out|put) [the amount|the value|a "
        f"total of|exactly|the quantity|this:] {AMOUNT} (in|in units of|as) {{target}} [for "
        f"me|for us|quickly]",
        f"(tell me|work out|find out|calculate|figure out|compute|check|see|let me know|show me) "
        f"(how much|what) {AMOUNT} (is|makes|comes to|would be|amounts to|corresponds to) in "
        f"{{target}}",
        f"(tell me|work out|find out|calculate|figure out|show me) how many {{target}} {AMOUNT} "
        f"(is|are|make|would be|comes to)",
        f"(tell me|work out|find out|calculate|figure out|check) how many {{target}} (there are "
        f"in|there is in|i get for|make|you get from|go into) {AMOUNT}",
        f"(do|run|make|perform) (a|a quick|another|this|the) conversion (of|from) {AMOUNT} "
        f"(to|into) {{target}}",
        f"(give|get|show) me [a total of|exactly|the value of] {AMOUNT} (in|as|converted "
        f"to|expressed in) {{target}}",
        f"(give|get|show|tell|find) me the [exact|rough] {{target}} (equivalent|value|amount) "
        f"(of|for) {AMOUNT}",
        f"(find|get|calculate|look up|work out) the [exact|rough] {{target}} "
        f"(equivalent|value|amount) (of|for) {AMOUNT}",
        f"(switch|change|convert|go) from [exactly|the amount] {AMOUNT} (to|over to|into) "
        f"{{target}} [for me|for us]",
        f"(take|start with) {AMOUNT} and (convert|change|turn|switch) (it|that|them) (to|into) "
        f"{{target}} [for me|for us]",
        f"(tell|give|show) me {AMOUNT} in {{target}}",
        f"(tell|give) me what {AMOUNT} (is|are|would be|comes to) in {{target}}",
        f"(figure|work) out {AMOUNT} in {{target}}",
        f"(convert|change|swap|exchange|switch) {AMOUNT} (for|to|into) {{target}}",
        f"(change|swap|exchange|trade) my {AMOUNT} (for|into|to) {{target}}",
        f"(turn|get) these {AMOUNT} into {{target}}",
        f"(help me|please) (understand|picture|see) {AMOUNT} in {{target}}",
        f"(get|put|show) that in {{target}}: {AMOUNT}",
        f"(convert|change) to {{target}}: {AMOUNT}",
        f"(convert|turn) (it|this|that) (to|into) {{target}}, it's {AMOUNT}",
        f"(translate|put) {AMOUNT} into {{target}} (for me|for my recipe|for the report|for my "
        "american friend)",
        f"(see|check|look up) what (you|i|one) would (get|pay|have) in {{target}} for {AMOUNT}",
        f"(let me know|tell me) (roughly|exactly|about) how many {{target}} {AMOUNT} "
        "(is|are|makes)",
        f"(remind me|tell me) how many {{target}} (are in|go into|make up) {AMOUNT}",
        f"(do|make) {AMOUNT} to {{target}}",
        f"(go|work) from {AMOUNT} to {{target}}",
        f"(rewrite|restate|redo) {AMOUNT} in {{target}}",
        f"(find|get|give me) the {{target}} (figure|number|price|value) for {AMOUNT}",
        f"(calculate|compute) {AMOUNT} to {{target}}",
        f"(quickly|just) (convert|change|do) {AMOUNT} to {{target}}",
        f"(use|take) the (converter|current rate|usual factor) and (turn|change) {AMOUNT} into "
        "{target}",
        f"(give|tell) me the conversion: {AMOUNT} to {{target}}",
        "(from|convert from) {source} to {target}: {amount}",
        "convert {amount} from {source} to {target}",
        "(change|turn) {amount} from {source} (to|into) {target}",
        f"(run|do) the numbers for {AMOUNT} in {{target}}",
    ),
    questions=(
        f"(how much|what) (is|would be|was) [exactly|about] {AMOUNT} (in|when put in|as|converted "
        f"to|converted into|expressed in) {{target}}",
        f"(what's|what are|how much are) [exactly] {AMOUNT} (in|as|converted to) {{target}}",
        f"how many {{target}} (does one get from|are|are in|are there in|make|do i get for|do you "
        f"get from|make up|equal|fit in|correspond to) [exactly|about] {AMOUNT}",
        f"(i need|i want|i'd like|i would like|we need) [exactly|the amount|the value of] "
        f"{AMOUNT} (in|converted to|converted into|expressed in|as) {{target}}",
        f"{AMOUNT} (in|to|into|as|->|=|= how many|converted to|=>) {{target}}",
        f"{AMOUNT} (equals|is|makes|comes to|gives) how many {{target}}",
        f"(what|how much) (does|would|will|do) {AMOUNT} (come to|make|amount to|give) in "
        f"{{target}}",
        f"how (do i|can i|could we|does one|would you) (express|write|give|state|convert) "
        f"{AMOUNT} in {{target}}",
        f"(does anyone know|do you know|any idea|who knows) (how much|what) {AMOUNT} "
        f"(is|makes|would be|comes to|amounts to) in {{target}}",
        f"(i need|i want|i have|i'd like|we need|we want) to (convert|change|turn|switch) "
        f"{AMOUNT} (to|into) {{target}}",
        f"(the value|the amount|the equivalent|the size|the worth) of {AMOUNT} (in|expressed "
        f"in|in terms of) {{target}}",
        f"(conversion of|conversion from|converting|going from|conversion:|unit conversion:) "
        f"{AMOUNT} (to|into) {{target}}",
        f"if (i have|there are|you take|it says|i start with|it shows) {AMOUNT}, (how much|what) "
        f"(is that|is it|would that be|would it be|does that make) in {{target}}",
        f"(whats|what's|how much's) {AMOUNT} in {{target}}",
        f"(whats|what's|what is) {AMOUNT} (to|as|if i want it in) {{target}}",
        f"(can|could) you (convert|change|turn|put) {AMOUNT} (to|into) {{target}}",
        f"(how many|about how many|roughly how many) {{target}} (is|are|in|for) {AMOUNT}",
        f"how many {{target}} (would|will|do) (i|you|we) get (for|out of|from) {AMOUNT}",
        f"(how much|what) would (i|we|you) (pay|have|get|need) in {{target}} for {AMOUNT}",
        f"(is|so) {AMOUNT} (a lot|much|big) in {{target}}",
        f"what (does|would) {AMOUNT} (look like|mean|read) in {{target}}",
        f"(do you know|any clue|any idea|got any idea) how many {{target}} {AMOUNT} (is|are|makes)",
        "(what|how much) is {amount} in {target} if it's {source}",
        f"{AMOUNT} is (what|how much|how many) in {{target}}",
        f"(what's|what is) the {{target}} (equivalent|amount|value) of {AMOUNT}",
        f"(how|where) (do|can) i (convert|change|exchange) {AMOUNT} (to|into) {{target}}",
        f"what's {AMOUNT} for someone who (thinks|counts|works) in {{target}}",
    ),
    statements=(
        f"the (recipe|manual|label|sign|form) says {AMOUNT}, (what is that in|how much is that "
        "in|how many) {target}?",
        f"(my boss|my teacher|a client|the form) (wants|needs|asked for) {AMOUNT} in {{target}}",
        "i (only|just) (know|use|understand|think in) {target}, (what's|how much is|so what "
        f"is) {AMOUNT}?",
        f"i have {AMOUNT} and need (it in|the amount in) {{target}}",
        f"(i've got|i'm holding|i was given|i measured) {AMOUNT}. (What's that in|How many|How "
        "much is it in) {target}?",
        f"i never (remember|know) how many {{target}} {AMOUNT} (is|are|makes)",
        f"(not sure|no idea|no clue) what {AMOUNT} (is|are|comes to) in {{target}}",
        f"{AMOUNT}. In {{target}}?",
        f"{AMOUNT} to {{target}} (pls|please|thanks).",
        "{source} to {target}, {amount} (of them|please|in total).",
        f"it says {AMOUNT} (here|on the box) but i need {{target}}",
        f"(an american|a european|a british) friend told me {AMOUNT}, how many {{target}} is that?",
        f"need {AMOUNT} in {{target}} (asap|for school|for my report|please)",
    ),
    missing={
        "source": (
            "(convert|change|turn|switch) [the amount|the value|exactly] {amount} (to|into) "
            "{target} [for me|for us]",
            "(what is|what's|how much is) {amount} (in|converted to|expressed in) {target}",
            "(i need|i want|i'd like|we need) {amount} (of it|of that|of them) (in|converted to) "
            "{target}",
            "(do|run|make) a [quick] (conversion|unit conversion) of {amount} (to|into) {target}",
            "(give|show|get) me {amount} (in|as|converted to) {target}",
            "(whats|what's) {amount} in {target}",
            "(can|could) you (convert|change|turn) {amount} (to|into) {target}",
            "how many {target} (is|are|do i get for) {amount}",
            "the (recipe|label|sign) says {amount}, what is that in {target}?",
            "(my boss|a client) wants {amount} in {target}",
            "i (measured|have) {amount} and need it in {target}",
        ),
        "target": (
            f"(convert|change|turn|switch) [the amount|the value|exactly] {AMOUNT} [for me|to "
            f"something else|to another unit|into a different unit]",
            f"(do|run|make) a [quick] (conversion|unit conversion) (of|from) {AMOUNT}",
            f"(i need|i want|i'd like|i would like|we need) {AMOUNT} (converted|in another "
            f"unit|in different units|in something else)",
            f"(what is|what's|how much is) {AMOUNT} (converted|in another unit|in other units|in "
            f"a different unit)",
            f"(give|show|tell) me {AMOUNT} in (another unit|a different unit|other units)",
            f"(can|could) you (convert|change|turn) {AMOUNT} (for me|to something i "
            "understand|to our units)",
            f"(how much is|what is|what's) {AMOUNT} (in my units|really|converted)",
            f"the (recipe|label|sign) says {AMOUNT}, can you convert that?",
            f"i (measured|have) {AMOUNT} and (want|need) it (converted|in something else)",
            f"(exchange|swap|change) my {AMOUNT}",
            f"(translate|put) {AMOUNT} into something (i know|sensible|else)",
        ),
    },
    result={"result": number(1, 99999)},
    answers=(
        "{amount} {source} is {result} {target}.",
        "That comes to {result} {target}.",
        "{amount} {source} makes {result} in {target}.",
    ),
)
