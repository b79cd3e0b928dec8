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
        "(calc|calculator|math) (tool|eval|api|run|result)",
        "(evaluate|run|parse) (math|arithmetic|numeric) (expression|formula)",
        "(compute|get|return) (result|value|sum|math)",
        "(simple|quick|basic) (math|maths|calc|arithmetic)",
        "(wolfram|abacus|number cruncher|math helper)",
        "(add|crunch) [the] numbers",
    ),
    descriptions=(
        "(Calculate|Calculates|Compute|Computes|Evaluate|Evaluates|Solve|Solves) (an|an "
        "arithmetic|a mathematical|a math) expression[.]",
        "(Do|Does|Perform|Performs) (arithmetic|maths|math|calculations|a calculation)[ with "
        "numbers][.]",
        "(Gives|Returns|Get|Gets|Find|Finds) the (result|value|answer) of (a calculation|an "
        "arithmetic expression|a sum|a formula)[.]",
        "(A|A simple|A basic|A pocket) calculator[ for (arithmetic|numbers|sums|maths)][.]",
        "(Useful|Use this) for (answering|solving) (questions about maths|maths "
        "questions|simple arithmetic)[.]",
        "(Takes|Accepts) (a|an arithmetic) expression and returns (its|the) (value|result)[.]",
        "(Evaluates|Runs) (an|a simple) (expression|formula) with + - * and /[.]",
        "(Performs|Does) (basic|simple) (math|maths|arithmetic) operations[.]",
    ),
    slots=(
        Slot(
            key="expression",
            kind=expression,
            names=(
                "(expression|formula|calculation|input|math|expr|equation|sum|problem|query|math "
                "expression|arithmetic expression|operation|statement|q|expr string|to "
                "evaluate|question|text)"
            ),
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
        "(tell me|say|let me know) (quickly|fast|real quick): {expression}",
        "(figure|work) out (real quick|for my homework|for the invoice|for the budget|for me): "
        "{expression}",
        "(double check|double-check|verify|check) {expression} (for me|please)",
        "(give|tell|show) me {expression}",
        "(do|solve|work out|calculate) {expression} (and give me the number|and tell me the "
        "answer|in one go)",
        "(calculate|compute|work out) {expression}, (no explanation|just the number|just the "
        "result)",
        "(calc|compute|calculate|eval) {expression}",
        "(give me|lend us) a hand (with this sum|with this one|with the maths|with this math "
        "problem): {expression}",
        "(help me with|assist me with|check) my (homework|bill|taxes|budget|invoice): {expression}",
        "(run|put|pass) {expression} through (the|your|a) calculator",
        "(add up|total up|work through) (this one|these|the bill): {expression}",
        "(save me the work|be my calculator|do the sums) and (calculate|work out|do) {expression}",
        "(remind me|explain|tell me) what {expression} (is|makes|equals|comes to)",
        "(work|figure|calculate) it out: {expression}",
        "(get|give) me (a number|an answer|a result|the exact number) for {expression}",
        "(finish|complete|solve) (my|this) (equation|sum|calculation): {expression} =",
        "(see|check|find out) what you get for {expression}",
        "(do|try|take) (this|the following) (in your head|on a calculator|with a calculator): "
        "{expression}",
        "(convert|reduce|simplify) {expression} (to|into) (one|a single) number",
        "(solve|simplify|evaluate) for me: {expression}",
        "(quickly|please just|simply) (do|calculate|tell me) {expression}",
        "(check|see) (if|whether) i got {expression} right and (tell|give) me the (answer|result)",
        "(calculate|work out) the (total|price|cost|bill|score|amount) as {expression}",
        "(find|get|tell me) (the total|the cost|the final number), (it's|that is) {expression}",
        "(process|handle|take care of) (this|the) (maths|math|calculation|expression): "
        "{expression}",
        "(teach|show) me how much {expression} is",
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
        "(whats|what's|what is|how much is|how much's) {expression} (again|exactly|in total|as "
        "a number)",
        "whats {expression}",
        "(can you|could you|can anyone) (calculate|do|work out|solve|compute) {expression}",
        "(can you|could you) tell me (what|how much) {expression} (is|makes|equals|comes to)",
        "(what|how much) (do you get|would you get|do i end up with|am i left with|does that "
        "make) (for|with|from) {expression}",
        "(got a sec|quick one|sanity check|real quick): {expression}",
        "(is there|do you have) an answer (for|to) {expression}",
        "what (comes out of|results from|number is|is the answer when i do) {expression}",
        "what (should|would|will) (i|my calculator) (get|show|see) for {expression}",
        "{expression} (equals|is|makes|comes to) (what number|how much exactly|what exactly)",
        "{expression} = (what|how much)",
        "(math|maths) question: (what is|what's|how much is) {expression}",
        "(so|and) {expression} (is|would be|makes) what",
        "(do|would) you (know|happen to know) (what|how much) {expression} (is|comes to|makes)",
    ),
    statements=(
        "i'm (bad|terrible|hopeless|not good) at (maths|math|mental arithmetic), (what's|how "
        "much is|what is) {expression}?",
        "(splitting|i'm splitting) the bill with friends. (what's|how much is) {expression}?",
        "my (homework|teacher|kid|son|daughter) (says|asks|wants to know) {expression}",
        "(my calculator broke|my phone has no calculator|i can't find my calculator). What is "
        "{expression}?",
        "(i keep getting|i always get) a different (number|answer|result) for {expression}",
        "(i'm|we're) (doing the accounts|doing our budget|checking an invoice) and (need|we "
        "need) {expression}",
        "need {expression} (asap|quickly|for a report|for school), thanks",
        "{expression}, (and hurry|asap|quick|thanks|go).",
        "i (forgot|don't remember|can't work out|never know) what {expression} (is|comes to|makes)",
        "(someone|somebody|my colleague) told me it's 42, but what is {expression} really?",
        "the shop charged me {expression}, (how much is that|what does that come to|what's the "
        "total)?",
        "(not sure|no idea|no clue) what {expression} (is|makes|comes to), can you check?",
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
            "(can|could) you (do|help with) (some maths|a calculation|a sum|my maths homework)",
            "(calculate|work out|add up) (this|that|it|these) for me",
            "i (need|could use) (some maths done|a hand with my maths|help with a calculation)",
            "(what's|what is) the (total|result|answer)",
            "how much (is that|is it all together|does it come to|does that make)",
            "i'm (bad|terrible) at (maths|math), can you (calculate|work out) something for me?",
            "(add|multiply|divide) (the two numbers|some numbers|those numbers|them)",
            "my homework has a (sum|calculation) that i can't (do|solve)",
        ),
    },
    result={"result": number(1, 99999)},
    answers=(
        "The result is {result}.",
        "{expression} is {result}.",
        "That makes {result}.",
    ),
)
