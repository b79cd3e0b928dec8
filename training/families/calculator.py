"""A sum, difference, product or quotient."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import number

SIGNS = {"+": ("+",), "-": ("-",), "*": ("*", "*", "x", "×"), "/": ("/", "/", "÷")}
SPOKEN = {
    "+": ("plus", "plus", "added to"),
    "-": ("minus", "minus", "less"),
    "*": ("times", "times", "multiplied by"),
    "/": ("divided by", "divided by", "over"),
}
NAMED = {
    "+": ("the sum of {} and {}", "the total of {} and {}"),
    "-": ("the difference between {} and {}", "the difference of {} and {}"),
    "*": ("the product of {} and {}",),
    "/": ("the quotient of {} and {}", "the ratio of {} to {}"),
}


def _operand(dice: Dice) -> str:
    whole = str(dice.whole(1, 10 ** dice.whole(1, 5) - 1))
    if dice.chance(0.8):
        return whole
    return f"{whole}.{dice.one(('', dice.one('0123456789')))}{dice.one('123456789')}"


def _symbols(dice: Dice) -> tuple[str, str]:
    count = 2 if dice.chance(0.65) else 3
    space = "" if dice.chance(0.3) else " "
    said = formal = _operand(dice)
    for place in range(1, count):
        sign, operand = dice.one(tuple(SIGNS)), _operand(dice)
        shown = dice.one(SIGNS[sign])
        said = f"{said}{space}{shown}{space}{operand}"
        formal = f"{formal} {sign} {operand}"
        if place == 1 and count == 3 and dice.chance(0.2):
            said, formal = f"({said})", f"({formal})"
    return said, formal


def _words(dice: Dice) -> tuple[str, str]:
    sign, one, two = dice.one(tuple(SPOKEN)), _operand(dice), _operand(dice)
    if dice.chance(0.12):
        return dice.one(NAMED[sign]).format(one, two), f"{one} {sign} {two}"
    return f"{one} {dice.one(SPOKEN[sign])} {two}", f"{one} {sign} {two}"


def expression(dice: Dice) -> Value:
    """Two or three numbers with signs, or two with words between; JSON has ``+ - * /``."""
    said, formal = dice.kept(
        lambda: (_symbols if dice.chance(0.5) else _words)(dice), lambda made: made[0]
    )
    return Value(said, formal)


FAMILY = Family(
    name="calculator",
    tools=(
        "(calculate|calculator|calc|compute|evaluate)",
        "(calculate|compute|evaluate|solve) (expression|math|maths|arithmetic|formula|sum)",
        "(math|maths|arithmetic|expression) (calculator|evaluator|solver|engine)",
        "(do|run|perform) (math|maths|arithmetic|calculation)",
        "(pocket|simple|basic|math) calculator",
        "eval (math|maths|expression|arithmetic)",
    ),
    descriptions=(
        "(Calculate|Calculates|Compute|Computes|Evaluate|Evaluates|Solve|Solves) (an|an "
        "arithmetic|a mathematical|a math) expression[.]",
        "(Do|Does|Perform|Performs) (arithmetic|maths|math|calculations|a calculation)[ with "
        "numbers][.]",
        "(Gives|Returns|Get|Gets|Find|Finds) the (result|value|answer) of (a calculation|an "
        "arithmetic expression|a sum|a formula)[.]",
        "(A|A simple|A basic|A pocket) calculator[ for (arithmetic|numbers|sums|maths)][.]",
    ),
    slots=(
        Slot(
            key="expression",
            kind=expression,
            names="(expression|formula|calculation|input|math|expr|equation|sum|problem|query)",
            descriptions=(
                "(The|An|An arithmetic|A math) expression[.]",
                "(What|The expression|The formula) to (calculate|compute|evaluate)[.]",
                "(Arithmetic|Mathematical) expression, (such as|for example|like) (2 + 3|4 * 5|9 "
                "/ 3)[.]",
            ),
            asked="(calculation|expression|numbers)",
        ),
    ),
    commands=(
        "(add this up|get this done|answer me this|take this sum|do me a sum|do this one|reckon "
        "this)[ for me| for us| quickly| right away]: {expression}",
        "(get|have) {expression} (calculated|computed|worked out|evaluated|figured out|done) [for "
        "me|for us|right away|quickly|by the calculator]",
        "(return|report|print|write down|state|show) (what|how much) {expression} (is|makes|comes "
        "to|equals|gives) [exactly|in total|in full]",
        "(evaluate|compute|calculate) the (expression|formula|term) {expression} [for me|for "
        "us|now]",
        "(calculate|compute|evaluate|work out|figure out|find|determine) [the value of|the result "
        "of|the answer to|the following:|this:|this one:|exactly|the exact value of] {expression} "
        "[for me|for us|quickly|right away|with a calculator|now|in full]",
        "(solve|do|reckon|answer|tackle) (this:|the following:|this one:|this sum:) {expression} "
        "[for me|for us|quickly|right away]",
        "(tell|give|show|get|find|fetch) me (the exact value of|the result of|the answer to|the "
        "value of|the outcome of) {expression}",
        "(tell me|find out|work out|figure out|check|see|let me know|show me|calculate) (what|how "
        "much) {expression} (is|makes|comes to|equals|gives|amounts to|would be|works out to) "
        "[exactly|in total]",
        "(do|run|try|perform) (the|this|one|another|this quick) (calculation|sum|computation): "
        "{expression} [for me|for us]",
        "(do|run) the (math|maths|arithmetic|numbers) (on|for) {expression} [for me|for "
        "us|quickly|right away]",
        "(use|take) (a|the|your) calculator (to (work out|compute|find|solve)|for) {expression}",
        "(put|type|enter|punch|key) {expression} into (a|the|your) calculator [for me|for us|and "
        "tell me the result|and give me the answer]",
        "(get|give|find|fetch|return|look up|show|print) the [exact|final|right|correct] "
        "(result|answer|value|outcome) (of|for) {expression}",
        "(help me|help us|let me|let us|try to|quickly) (calculate|work out|compute|figure "
        "out|find) {expression}",
        "(crunch|run) (the|these|some) numbers[ for me| for us]: {expression}",
    ),
    questions=(
        "(what is|what's|how much is|what would be|how much would be) [the result of|the answer "
        "to|the value of|exactly] {expression}",
        "(what|how much) (does|would|will) {expression} (make|equal|come to|give|amount to|come "
        "out as|work out to) [exactly|in total]",
        "(what|how much) (do|will|would|should) (you|i|we) get (for|from|with|out of) {expression}",
        "(i need|i want|i'd like|i would like|we need) [to know] (the result of|the answer to|the "
        "value of|the outcome of) {expression}",
        "(i need|i want|i'd like|we need|i have|we have) to (calculate|compute|work "
        "out|know|find|figure out) {expression}",
        "{expression} (equals|equals what|is what|is how much|makes|=|= what|gives what|comes to "
        "what|makes how much)",
        "{expression}",
        "(how do i|how can i|how would you|how does one) (calculate|compute|work out|figure out) "
        "{expression}",
        "(the|what is the|what's the) [exact|final] (result|answer|value|outcome) (of|for) "
        "{expression}",
        "if (i|you|we) (type|enter|put in|key in) {expression}, what (do i get|is the "
        "answer|comes out)",
        "(result|answer|value|solution)( of| for|:) {expression}",
        "(calculator|calc|math|maths|quick sum|quick maths|numbers|sum)[:] {expression}",
        "(any idea|do you know|who knows|have you any idea|does anyone know) (what|how much) "
        "{expression} (is|makes|comes to|gives|would be|works out to)",
    ),
    missing={
        "expression": (
            "(calculate|compute|work out|solve|figure out|evaluate) (something|a sum|an "
            "expression|a calculation|some numbers) [for me]",
            "(do|run) (a calculation|some maths|some math|a sum|some arithmetic) [for me|for us]",
            "(i need|i want|i'd like|i would like) (a calculation|something calculated|a sum "
            "worked out|to calculate something|help with a sum)",
            "(use|open|start|get out) (a|the|your) calculator [for me]",
            "(what is|what's) the (result|answer) of (a|my|the) (calculation|sum)",
            "(help me|help us) with (a calculation|some maths|a sum|some arithmetic)",
        ),
    },
    result={"result": number(1, 99999)},
    answers=(
        "The result is {result}.",
        "{expression} is {result}.",
        "That makes {result}.",
    ),
)
