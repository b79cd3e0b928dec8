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
    ),
    descriptions=(
        "(Convert|Converts|Change|Changes) (an amount|a number|a value|a quantity) (from one unit "
        "to another|from one currency into another|to another unit|into another currency)[.]",
        "(Convert|Converts) (between|among) (units|currencies|units and currencies|units of "
        "measure)[.]",
        "(Unit|Currency|Measurement|Unit and currency) (conversion|converter)[.]",
        "How much (an amount|a quantity|a sum) is in another (unit|currency)[.]",
    ),
    slots=(
        Slot(
            key="amount",
            kind=amount,
            names="(amount|value|quantity|number|how much|sum|input value)",
            descriptions=(
                "(The|An) (amount|value|quantity)[ to convert][.]",
                "(How much|How many|Number|Amount) to convert[.]",
            ),
            asked="(amount|number|value)",
        ),
        Slot(
            key="source",
            kind=source,
            names="(source|from|from unit|source unit|unit from|base|unit|from currency)",
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
            names="(target|to|to unit|target unit|unit to|into|result unit|to currency)",
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
        ),
    },
    result={"result": number(1, 99999)},
    answers=(
        "{amount} {source} is {result} {target}.",
        "That comes to {result} {target}.",
        "{amount} {source} makes {result} in {target}.",
    ),
)
