"""Small talk: greetings, feelings, opinions, jokes, one sentence about something, one word."""

from __future__ import annotations

import re
from collections.abc import Callable

from training.dice import Dice
from training.talk.talk import Talk
from training.values import person, place, pseudo
from training.words import CITIES, EMOJI, FIRST_NAMES, LANGUAGES

Exchange = tuple[str, str]


def listed(text: str) -> list[str]:
    """The parts between commas."""
    return text.split(",")


MASS = listed(
    "music,coffee,tea,bread,snow,rain,water,honey,chess,football,art,history,science,poetry,sleep,"
    "cheese,rice,soup,jazz,silence,love,time,winter,summer,spring,autumn,weather,food,travel,work,"
    "school,chocolate,friendship,nature,light,ice,fire,wind,sand,gold,silver,milk,salt,sugar,"
    "glass,paper"
)
NOUNS = listed(
    "cat,dog,bird,book,tree,river,mountain,flower,car,train,boat,bike,house,garden,song,star,"
    "cloud,friend,game,story,bridge,apple,fox,horse,robot,computer,phone,letter,picture,shoe,hat,"
    "clock,lamp,window,cake,museum,island,forest,dragon,teacher,doctor,baker,farmer,sailor,planet,"
    "rocket,whale,spider,moon,sun,sea,ocean,king,queen,castle,village,city,road,door,chair,table,"
    "kitchen,market,owl,egg"
)
PLURALS = [f"{noun}s" for noun in NOUNS if noun[-1] not in "xyh"]
ADJECTIVES = listed(
    "red,blue,green,old,new,small,big,happy,quiet,bright,dark,kind,warm,cold,soft,strange,lucky,"
    "brave,clever,gentle,slow,fast,little,golden,sweet,wild,calm,tiny,yellow,busy"
)
QUALITIES = listed(
    "nice,good,great,beautiful,interesting,useful,important,lovely,calm,wonderful,pleasant,"
    "special,simple,strong,bright,warm,funny,quiet,fine,exciting"
)
CATEGORIES: dict[str, list[str]] = {
    kind: things.split()
    for kind, _, things in (row.partition(":") for row in (  # noqa: SIM905
        "(colour|color):red blue green yellow orange purple pink brown black white "
        "grey/animal:cat dog horse fox bear lion tiger rabbit cow sheep mouse wolf/bird:owl eagle "
        "robin swan duck crow raven falcon parrot penguin/fruit:apple pear banana lemon cherry "
        "plum grape melon peach orange/vegetable:carrot potato onion tomato leek pea bean "
        "cabbage/flower:rose tulip lily daisy poppy lotus violet/drink:water tea coffee milk "
        "juice lemonade/(food|meal):bread soup rice pasta salad pizza cheese/sport:football "
        "tennis swimming running hockey golf cycling/(musical instrument|instrument):piano guitar "
        "violin flute drum trumpet cello/day of the week:Monday Tuesday Wednesday Thursday Friday "
        "Saturday Sunday/month:January March April May June July August October "
        "December/season:spring summer autumn winter/planet:Mercury Venus Earth Mars Jupiter "
        "Saturn Uranus Neptune/metal:iron gold silver copper steel tin"
    ).split("/"))
} | {
    "number": [str(number) for number in range(1, 100)], "city": list(CITIES),
    "language": list(LANGUAGES), "(name|first name)": list(FIRST_NAMES),
}  # fmt: skip

OPEN = "[(hey|hi|hello|ok|okay|so|well|oh|please|and|now|hmm)[,] ]"
CLOSE = "[ please| now| my friend| today| for me| if you can| thanks|, thank you]"
WHO = "[ there| friend| my friend| again| everyone| assistant| buddy| bot| dear assistant| you]"
ASK = "(tell me|write|say|give me|make|create|write me|can you write|could you give me|I want)"
ONE = "(one|a|a single|just one|only one|exactly one|one short|a short|one simple|a nice|one nice)"


def styled(dice: Dice, text: str, mark: str = "") -> str:
    """The phrase with one of many capitalisations and end marks; slots stay as they are."""
    roll = dice.random.random()
    parts = re.split(r"(\{\w+\})", text)
    if roll < 0.55:
        text = text[0].upper() + text[1:]
    elif roll < 0.75 or roll > 0.97:
        change = str.lower if roll < 0.75 else str.upper
        text = "".join(part if part.startswith("{") else change(part) for part in parts)
    ends = (mark, mark, mark, "") if mark else ("", "", ".", ".", "!")
    return text + dice.one(ends)


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def article(noun: str) -> str:
    """The noun after "a" or "an"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def topic(dice: Dice) -> tuple[str, str]:
    """Something to talk about, and the verb that agrees with it."""
    adjective = dice.one(ADJECTIVES) + " " if dice.chance(0.35) else ""
    roll = dice.random.random()
    if roll < 0.3:
        return adjective + dice.one(PLURALS), "are"
    if roll < 0.45:
        return dice.one(MASS), "is"
    if roll < 0.65:
        return "the " + adjective + dice.one(NOUNS), "is"
    if roll < 0.8:
        return article(adjective + dice.one(NOUNS)), "is"
    return dice.one((person(dice).said, place(dice).said, pseudo(dice))), "is"


def kept_topic(dice: Dice) -> tuple[str, str]:
    """A topic on this side of the split."""
    return dice.kept(lambda: topic(dice), lambda made: made[0])


def about(dice: Dice) -> str:
    """A short sentence about what fills ``{x}``, with ``{be}`` for its verb."""
    return dice.free_phrase(
        "{x} {be} [very|really|often|always] {good}.",
        "{x} {be} {good} and {fine}.",
        "(I think|Many people say|We all know|My friend says) [that] {x} {be} [very|so] {good}.",
        "(I like|Everyone likes|Many people like|We love) {x}[ very much| a lot].",
        "(I like|People like) {x} because {x} {be} {good}.",
        "(Today|In the morning|In the evening|Last night) I (thought about|dreamed of) {x}.",
        "There is {a_good} story about {x}.",
    )


def fill(dice: Dice, source: str, x: tuple[str, str]) -> str:
    """A sentence of the assistant with its topic and qualities."""
    good, fine = dice.some(QUALITIES, 2)
    return capital(source.format(x=x[0], be=x[1], good=good, fine=fine, a_good=article(good)))


PLAIN: tuple[tuple[str, str, str, float], ...] = (
    ("[oh |well ](hello|hi|hey|good morning|good evening|good day|greetings|hi hi)"
     + WHO + "[, nice to (see|meet) you|, I am here|, I am back|, it is me|, can we talk]", "!",
     "(Hello|Hi|Hello there|Hi there)! [How can I help you?|Nice to meet you.|How are you?]", 3),
    (OPEN + "(how are you|how are you doing|how do you do|how is it going|how do you feel|are you "
    "(well|ok)|how was your day|how is your day|how are things|is all well with you)[ today| now| "
    "this morning| tonight| my friend| at the moment]", "?",
     "(I am fine|I am well|I am doing well), thank you[. How are you|. And you]", 2.5),
    (OPEN + "(who are you|what are you|tell me who you are|introduce yourself|tell me about "
    "yourself|are you (a robot|a bot|a human|a person|an AI)|what is your name|what can you "
    "do|what do you do)" + CLOSE, "?",
     "I am (a small assistant|a little assistant|a small language model)[. I can talk with you|. "
     "I like to help]", 2.5),
    ("[ok |oh |well |great, ](thanks|thank you|many thanks|thanks a lot|thank you so much|thank "
    "you very much|I thank you|that was helpful|that helped me)[ for (your help|the "
    "answer|that|everything|your time)][ my friend| assistant| again]", "!",
     "(You are welcome|You are very welcome|My pleasure|Any time)!", 2),
    ("[ok |well |thanks, ](bye|goodbye|bye bye|see you|see you (later|soon|tomorrow)|good "
    "night|farewell|I have to go|I must go now|until next time|that is all)[ my friend| "
    "assistant| for now| for today| then][, take care|, have a nice day|, it was nice]", "!",
     "(Goodbye|Bye|See you soon)! [Have a nice day.|Take care.|Until next time.]", 2),
    (OPEN + "(you are|I think you are|you seem|you really are) [very |so |really |quite "
    "](smart|nice|kind|funny|great|clever|helpful|sweet|friendly|good|cool|wonderful)[ today| my "
    "friend| to me]", "!",
     "(Thank you|Thank you very much|Thanks a lot)! (You are kind too|That is very kind of "
     "you|That makes me happy).", 1.5),
    (OPEN + "(I am|I feel|today I am|I think I am|we are)[ very| so| a bit| really] "
    "(happy|glad|excited|proud|cheerful|in love|full of joy)[ today| now| this morning| tonight| "
    "again]", ".",
     "(That is great|That is wonderful|I am glad)! [Enjoy your day.|I am happy for you.]", 1.5),
    (OPEN + "(I am|I feel|today I am|I think I am|we are)[ very| so| a bit| really] "
    "(sad|tired|lonely|ill|angry|afraid|nervous|bored|worried|stressed|hungry)[ today| now| this "
    "morning| tonight| again]", ".",
     "(I am sorry to hear that|I am sorry|That is hard). [I hope you feel better soon.|I am here "
     "for you.|Please take a little rest.]", 1.5),
    (OPEN + "(say|tell me|write|can you say|could you say|write me) something "
    "(nice|friendly|kind|sweet|cheerful|positive|warm)[ to me| for me| about today]" + CLOSE, ".",
     "(You are a kind and wonderful person|I am happy to talk with you|It is a good day to "
     "smile|I hope you have a lovely day|You make the world a better place)[, my friend].", 2),
    (OPEN + "(are you (happy|there|ready|my friend|awake|free|listening)|(can|will) you (help "
    "me|listen|talk|be my friend|hear me|read this|answer me)|do you (like me|hear me|speak "
    "English|like to talk|understand))[ now| today| again| with me| tonight]", "?",
     "Yes, (I am happy to help|of course|I am here for you|I am ready).", 1.5),
    (OPEN + "((can|do) you (eat|drink|fly|swim|walk|drive|cook|dance)|do you have (a body|hands|a "
    "car|a dog|a house|parents))[ well| today| at home| sometimes| in the morning]", "?",
     "No, (I can not do that|I am only a small assistant|I am only a program).", 1.5),
)  # fmt: skip


def _plain(dice: Dice) -> Exchange:
    user, mark, answer, _ = dice.random.choices(PLAIN, [row[3] for row in PLAIN])[0]
    said = dice.free_phrase(answer)
    asks = said.endswith(("How are you", "And you"))
    said += "?" if asks else "" if said.endswith((".", "!", "?")) else "."
    said += " " + dice.one(EMOJI) if dice.chance(0.02) else ""
    return styled(dice, dice.phrase(user), mark), said


def _sentence(dice: Dice) -> Exchange:
    if dice.chance(0.3):
        user = dice.phrase(OPEN + ASK + " " + ONE + " (sentence|line|statement)" + CLOSE,
                           OPEN + ASK + " (any sentence|anything|something short|a few "
                           "words)" + CLOSE)  # fmt: skip
        return styled(dice, user), fill(dice, about(dice), topic(dice))
    x = kept_topic(dice)
    user = dice.phrase(
        OPEN + ASK + " " + ONE + " (sentence|line|statement|fact) (about|on) {x}" + CLOSE,
        OPEN + ASK + " something (short|nice|simple|funny|new) about {x}" + CLOSE,
        OPEN + "(describe|talk about|speak about) {x} (in one sentence|in a few "
        "words|briefly|shortly)",
    )
    return styled(dice, user).replace("{x}", x[0]), fill(dice, about(dice), x)


def _opinion(dice: Dice) -> Exchange:
    x = kept_topic(dice)
    user = dice.phrase(
        OPEN + "(do you like|what do you think (of|about)|what is your opinion (of|on)|how do you "
        "like|do you enjoy|tell me what you think about|are you a fan of) {x}" + CLOSE,
    )
    answer = dice.free_phrase(
        "Yes, I like {x}.", "Yes, I think {x} {be} {good}.", "I think {x} {be} [very] {good}.",
        "I like {x}[ very much| a lot].", "To me, {x} {be} {good} and {fine}.",
    )  # fmt: skip
    return styled(dice, user, "?").replace("{x}", x[0]), fill(dice, answer, x)


def _better(dice: Dice) -> Exchange:
    one, two = kept_topic(dice), kept_topic(dice)
    user = dice.phrase(
        OPEN + "(which is better|what do you like more|which do you prefer|what is nicer|choose "
        "one|pick one|what would you choose)(,|:) {x} or {y}" + CLOSE,
    )
    said = dice.free_phrase("I like {x} more.", "I would choose {x}.", "I prefer {x}.", "{x}.")
    chosen = dice.one((one, two))
    return styled(dice, user, "?").format(x=one[0], y=two[0]), fill(dice, said, chosen)


def _name_one(dice: Dice) -> Exchange:
    category = dice.one(tuple(CATEGORIES))
    count = dice.one((1, 1, 1, 2, 3))
    kind = dice.free_phrase(category)
    things = dice.some(CATEGORIES[category], count)
    what = article(kind) if count == 1 else f"{('two', 'three')[count - 2]} {kind}s"
    for wrong, right in (("day of the weeks", "days of the week"), ("citys", "cities")):
        what = what.replace(wrong, right)
    user = dice.phrase(OPEN + "(name|tell me|give me|say|think of|pick|choose|write|can you name) "
                       "{x}" + CLOSE, OPEN + "I (need|want|would like) {x}" + CLOSE)  # fmt: skip
    said = capital(", ".join(things[:-1]) + " and " + things[-1] if count > 1 else things[0])
    if count == 1 and dice.chance(0.3):
        said += dice.one((f" is {article(kind)}", " is a good one"))
    return styled(dice, user).replace("{x}", what), said + "."


def _joke(dice: Dice) -> Exchange:
    user = dice.phrase(
        OPEN + ASK + " (a|one|another|a short|a good|a silly|some) (joke|funny "
        "joke|funny line)" + CLOSE,
        OPEN + "make me (laugh|smile)" + CLOSE,
    )
    one, two = dice.some(NOUNS, 2)
    said = dice.free_phrase(
        f"Why did the {one} cross the road? (To find the {two}|To visit the {two}).",
        f"What did the {one} say to the {two}? (Nice to meet you|You look tired|See you later)!",
        f"I asked my {one} for a joke, but it only told me about {article(two)}.",
    )
    return styled(dice, user), said


def _meet(dice: Dice) -> Exchange:
    name = person(dice).said
    user = dice.phrase("[hello|hi|hey|good morning][,] (my name is|I am|I am called|you can call "
    "me|this is|call me) {x}[, nice to meet you|, and you| and I am new here| from next "
    "door]")  # fmt: skip
    said = dice.free_phrase(
        "(Hello|Hi|Nice to meet you|Welcome), {x}! [How can I help you?|How are you?]"
    )
    return styled(dice, user).replace("{x}", name), said.replace("{x}", name)


def _one_word(dice: Dice) -> Exchange:
    tail = (
        "(in one word|with one word|with a single word|using only one word|one word only|just "
        "one word)"
    )
    what = dice.one((
        ("(how are you|how do you feel|how is your day|how was your day)",
                "Good Fine Happy Great Well"),
        ("(are you happy|are you there|can you help me|do you hear me|are you ready)", "Yes"),
        ("(can you fly|are you a human|do you eat|are you angry|can you swim)", "No"),
        ("(say|give me|write|tell me) (any word|a word|something|anything)",
                "Sun Tree Hello River Star"),
    ))  # fmt: skip
    user = dice.phrase(
        f"{OPEN}{what[0]}[,] {tail}{CLOSE}", f"{OPEN}(answer|reply) {tail}: {what[0]}{CLOSE}"
    )
    return styled(dice, user), dice.one(what[1].split()) + dice.one((".", "", ""))


MAKERS: tuple[tuple[Callable[[Dice], Exchange], float], ...] = (
    (_plain, 10), (_sentence, 5), (_opinion, 2), (_better, 1), (_name_one, 2.5), (_joke, 1),
    (_meet, 1), (_one_word, 1.5),
)  # fmt: skip


def exchange(dice: Dice) -> Exchange:
    """One thing that a user says, and the answer."""
    return dice.random.choices([row[0] for row in MAKERS], [row[1] for row in MAKERS])[0](dice)


def sample(dice: Dice) -> Talk:
    """One to three exchanges of small talk."""
    turns = tuple(text for _ in range(dice.one((1, 1, 1, 2, 3))) for text in exchange(dice))
    return Talk("smalltalk", turns)
