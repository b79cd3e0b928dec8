"""The words and the sentence schemes of long answers.

A form is a fixed order of stages (``=``), each with sentence schemes (``~``) in the language of
``dice``. Slots are filled from ``POOLS``, never twice with the same words in one answer.
"""

from __future__ import annotations

from training.words import FIRST_NAMES


def stages(text: str) -> tuple[tuple[str, ...], ...]:
    """The stages of a form, each with its schemes."""
    return tuple(
        tuple(" ".join(scheme.split()) for scheme in stage.split("~"))
        for stage in text.split("=")
        if stage.strip()
    )


POOLS = {
    row.split(":")[0].strip(): tuple(
        " ".join(part.split()) for part in row.split(":")[1].split(",")
    )
    for row in """
place: in a small village, by the sea, near the old bridge, in the middle of the city, at the edge
of the forest, on a quiet street, in the mountains, beside the river, in a warm kitchen, at the
market, in the garden, on a high hill, near the station, in a large room, under the trees, in the
harbour, behind the school, on the road, close to the lake, in the fields, at home, in a little shop
= time: in the early morning, on a rainy day, in the evening, at night, in spring, in late summer,
in autumn, in winter, after lunch, before dinner, at the end of the week, on a cold day, on a bright
day, during a storm, after a long journey, at the start of the year, when the sun comes up, when the
day ends
= people: farmers, teachers, children, sailors, old friends, painters, doctors, young parents,
travellers, cooks, neighbours, writers, students, shop owners, gardeners, drivers, singers,
builders, nurses, grandparents
= person: a young teacher, a kind sailor, a baker, a small child, a tired traveller, a good friend,
a careful doctor, a quiet neighbour, a busy farmer, a clever student, a tall stranger, a brave nurse
= thing: a warm lamp, a piece of bread, a cup of tea, a long letter, a wooden box, a small key, a
soft blanket, a good map, a red coat, a paper bag, a glass of water, a sharp pencil, a clean table,
a blue bottle, a simple song, a heavy stone, a basket of fruit, a bright window, a new book, a green
leaf
= adj: quiet, strange, simple, beautiful, warm, difficult, bright, gentle, small, rich, deep, fresh,
strong, calm, careful, slow, curious, clear, happy, serious, surprising, common, rare, lively,
patient
= feel: joy, hope, patience, calm, courage, wonder, trust, care, kindness, pride, peace, luck, time,
rest, strength, memory, friendship, comfort, work, surprise
= act: walk slowly, make tea, open the window, write a letter, read a book, ask a friend, look
closely, listen well, take a short rest, draw a map, clean the table, sing a song, count the stars,
cook a meal, light a lamp, plant a seed, tell a story, wait for the rain, keep a list, share some
bread, learn a word
= done: opened the window, made some tea, wrote a letter, found a small key, looked at the sky, drew
a map, lit a lamp, sang a song, crossed the bridge, shared some bread, waited for the rain, told a
story, climbed the hill, closed the door, counted the boats, followed the road, asked for help,
picked up a stone
= sound: soft rain, a distant bell, the wind, birds, slow steps, a low song, the sea, a kind voice,
falling leaves, a train far away, children at play, an old clock, running water
= smell: fresh bread, wet grass, smoke, warm milk, flowers, salt, old paper, coffee, clean linen,
apples, honey, rain, wood
= num: two, three, four, five, six, seven, eight, nine, ten, twelve, twenty
= noun: harbour, engine, forest, river, lamp, door, letter, garden, bridge, mountain, window, clock,
baker, sailor, teacher, farmer, child, neighbour, doctor, painter, king, village, city, market,
train, boat, ship, road, house, kitchen, library, school, island, valley, field, lake, storm, cloud,
star, moon, stone, shell, feather, blanket, basket, bottle, cup, chair, key, map, book, song, story,
dream, shadow, bicycle, car, bird, cat, dog, horse, fox, spider, rabbit, tree, flower, apple, lemon,
cake, bread, coat, gate, station, team, family, friend, stranger, idea, answer, morning, evening,
journey
= mass: salt, rain, music, time, water, snow, light, wind, sleep, money, bread, tea, coffee, sand,
glass, paper, courage, patience, friendship, history, weather, fire, gold, silence, energy, health,
cooking, travel, baking bread, walking home, learning to swim, growing tomatoes, riding a bike,
fixing a clock, making soup, reading
= verb: follows, carries, watches, finds, loses, opens, paints, remembers, forgets, helps, builds,
breaks, repairs, teaches, hears, visits, crosses, holds, needs, changes, meets, leaves, sells, buys,
calls, wakes, guards
= link: while, because, although, and, but, until, when, before, after, as, so that, whenever, if
= look: broken, old, silver, red, green, heavy, hidden, cold, young, tired, lonely, wooden, blue,
golden, lost, empty, busy, proud, distant, dark
""".split("=")  # noqa: SIM905
}
POOLS["name"] = FIRST_NAMES
OPENINGS = stages("""
= {X} {is} a {adj} (subject|topic), and there is (much|a lot|more than enough) to say about {them}.
~ {X} {is} (often|usually|sometimes) {adj}, and {people} (know|say|understand) (this|that) well. ~
(Let us|We can) (begin|start) with {x}, which many people (find|call|think) {adj} and {adj}. ~
(Few|Not many) (things|subjects) are as {adj} as {x}, and (few|not many) bring so much {feel}. ~ {X}
(can|may) (seem|look|appear) {adj} at first, but there is {feel} behind {them}. ~ (At its heart|In
simple words|Put simply), {x} {is} about {feel} and {feel}.
= There are (two|three|several|many) reasons for {x}, and the first (one is|of them is) {feel}. ~
The (main|first|simple|short) reason for {x} is {feel}, (because|since) {people} need it (every
day|most). ~ {X} (happened|came about|began) because {people} (wanted|looked for|needed) {feel} and
{feel}. ~ It (is so|happens) because {x} {is} {adj}, and {adj} things (grow|change|move) in this
way.
= It (works|happens|goes) in (a few|three|several|small) {adj} (steps|stages), and {x} (must|should)
come first. ~ The way {x} (works|goes) is {adj}: first (comes|there is) {feel}, and then {feel}
(follows|after it). ~ To (see|understand) how this works, (think of|look at|begin with) {x} and
{thing}. ~ {X} (needed|took) {feel} at the start and {feel} (later|at the end), and this is how it
works.
= If this (happened|came true), {x} would (soon|quickly|slowly) (become|turn) {adj} and {adj}. ~
(Imagine|Picture|Think of) {x} {place}, with {people} (all around|on every side|close by). ~ The
first (change|thing|effect) would be {feel}, and {x} would (seem|feel|look) {adj} {time}. ~ {X}
would (surprise|worry|please|change) {people}, (and|but) life would (go on|stay {adj}).
= {Y} (can|may) be {adj} and {adj}, but {z} (can|may) be {adj}, like {thing}. ~ {Y} (can bring|could
give|may bring) us {feel} {place}, but {z} (can bring|could give|may bring) us {feel}. ~ (When
we|To) compare them, {y} (seemed|looked) {adj}, and {z} (seemed|looked) (more|less) {adj}.
""")
PROSE = stages("""
= (In most places|Most often|Often), you (find|see|meet) {them} {place}, (mostly|often|above all)
{time}. ~ (Most of the time|Very often), {it} can be (seen|found|met) {place}, (near|next to|not far
from) {thing}. ~ (Usually|As a rule), the best place to (look|search|start) is {place}, and the best
time is {time}. ~ (Here and there|Now and then), {it} may (appear|turn up|show up) {place},
(even|and also) {time}.
= (Many|Some|Most|A few) {people} (say|think|believe|know) that {it} brought them {feel} and {feel}.
~ (Among|For) {people}, {it} will (always|often|still) (mean|stand for) {feel}. ~ {Person} once
(said|told me|wrote) that {it} gave {people} (new|much|a little) {feel}. ~ (Some|Many) {people}
(keep|carry|leave) {thing} (nearby|close by), and (others|the rest) (just|only) {act}.
= (Look closely|Come closer|Take a closer look), and you will (see|notice|find) {thing}, {adj} and
{adj}. ~ (One|A) (small|little|good) (detail|part) is {thing}, (which|and it) (shows|gives) a {adj}
(side|picture). ~ (The parts|The details|The small things) matter, from {thing} to {thing}. ~ (The
shape|The form|The look) of {x} {was} {adj}, (almost|nearly) like {thing}. ~ (There are|One can
count) {num} (parts|sides|layers), and each (one|of them) is {adj}.
= (The air|The room|Everything) (smells|may smell) of {smell}, and you (can|may) hear {sound}. ~
(You hear|There is the sound of) {sound}, and (then|later|after that) comes the smell of {smell}. ~
(To the hand|To the touch), it (all|mostly) feels {adj}, (like|much like) {thing} {time}. ~ (The
taste|The smell) of {smell} (stays|hangs) in the air, (together|along) with {sound}.
= (But|Still,|Yet) not (everything|all) is {adj}, (because|since) {feel} (takes|needs|asks for)
time. ~ (However|On the other hand), (some|a few) {people} find {them} (too {adj}|hard|dull) and
(prefer|choose) {feel}. ~ (Even so|All the same), {thing} is {adj}, while {x} {is}
(not|rarely|seldom) so. ~ (But|Yet) (without|with too little) {feel}, {it} would be (less|far less)
{adj} and less {adj}.
= (Long ago|Years ago|In the past), {people} used {thing} (instead|for this), and life was {adj}. ~
(A hundred|Many|{num}) years (ago|before our time), {person} saw {them} {place} (for the first
time|by chance). ~ (The old stories|The old books|Old letters) (speak|tell) of {x} and of {people}
{place}. ~ (In the beginning|At first), (nobody|no one|only {person}) (knew|cared) about {them}. ~
(Over the years|With time|Slowly), {it} became {adj}, and {people} (noticed|were glad|wondered why).
= (Today|These days|Now), {it} can (help|serve) {people} who (want|like|hope|need) to {act}. ~ (In
daily life|For most of us), {it} may be a (reason|chance|way) to {act} or to {act}. ~ (As for its
use|In practice), {x} can (bring|give|add) {feel} to a {adj} day. ~ (Today|Now), {people}
(use|take|want) {thing} and {feel} (together|side by side) {place}.
= (If you|When you) (want|wish|like) to know more, {act} and then {act}. ~ (My advice|The best
advice|Good advice) is (simple|short|easy): {act}, (and|then) {act} {time}. ~ (Try to|It helps to|Do
not forget to) {act}, (because|since) {feel} (comes|grows) (slowly|with time|from small things). ~
(Take|Bring|Keep) {thing} with you, and (never|do not) (hurry|worry|stop too soon).
= (In the end|In short|All in all), {x} {is} (worth|full of) {feel}, (and|even if) the (way|road) is
{adj}. ~ (So|That is why|For this reason) {people} (come|turn|go) back to {x} again and again. ~
(Finally|Last of all), {it} can (teach|show|tell) us that {feel} and {feel} belong together. ~ (In
the end|After all), what (stays|remains|counts) is {feel}, {thing} and a {adj} (memory|day|heart). ~
(So|And so) the (story|subject) (ends|closes) where it began, {place}, with {feel}.
""")
STORY = stages("""
= (Once|Once upon a time|One day|Long ago), {person} (saw|found|met|heard of) {x} {place}. ~
(Once|One day|One morning), {x} (woke up|appeared|was seen) {place}, and {people}
(stared|smiled|were afraid). ~ {name} (had always|had often|had never) (dreamed|thought|heard) of
{x} before that {adj} (day|night|morning).
= It was a {adj} (day|morning|evening), and the air smelled of {smell}. ~ The (sky|light) was {adj},
and (everyone|the whole town) could hear {sound}. ~ (There was|All around lay) {feel} in the air,
and {sound} could be heard.
= First, {name} {done} and {done}. ~ (Without a word|Very slowly|With a smile), {name} {done}. ~
{name} (took|carried|held) {thing} and {done}.
= (Then|Soon|After an hour), {people} stood {place} and asked for {thing}. ~ (Then|Soon|Suddenly),
{person} {done} and (called|shouted|asked) for {feel}. ~ (Then|At that moment) {thing} fell to the
(ground|floor), and nobody (moved|spoke|laughed).
= "(What|Who) (is|was) that?" (asked|said) {name}, and {person} {done}. ~ "(We need|I want|Give me)
{feel}," said {name}, (and|but) nobody (moved|answered|knew why). ~ "(Please wait|Come with me|Do
not worry)," said {person}, who had {thing}.
= But the (way|night|work) was (long|hard|dark), and (there was|they had) (little|no) {feel}. ~ But
{x} (stayed|remained|grew) {adj}, and {name} (was|felt) (tired|worried|alone). ~ But (something|the
wind|the road) had changed, and {thing} was (gone|lost|broken).
= (At last|In the night|{num} hours later), they {done} and (found|saw|heard) {thing}. ~ (At last|In
the night|Before dawn), {person} {done}, and (all|everything) became {adj}.
= (The next|The following) (day|morning), {people} {done} and (thanked|praised) {name}. ~ (The
next|The following) (day|morning), {x} (seemed|looked|felt) {adj} and {adj}.
= (From then on|After that day|Since that day), {feel} lived {place}, and (nobody|no one) was
(alone|sad). ~ (From then on|After that day), {name} kept {thing} and (often|always|never) spoke of
{x}. ~ (And so|In this way) the (story|day) ended with {feel} and {thing}.
""")
STEPS = stages("""
= (Begin|Start) with {x} and {thing}, {place}. ~ (First, think|Think first) about {x} and
(decide|choose) what (matters|you want) most. ~ (First, find|Find) a {adj} (place|spot) for {x},
{place}.
= (Make|Write) a {adj} list with {num} (points|lines|questions). ~ (Set|Put) aside {num} hours and
{thing} for the work.
= (Get|Bring|Buy|Borrow) {thing} and {thing}. ~ (Look|Search) for {thing} {place}, {time}.
= (Ask|Invite|Call) {person} (to help you|for advice) and {act} together. ~ (Talk|Speak) with
{people}, who may know a {adj} way.
= (Try|Test) a small part first, then {act}. ~ (Do|Take) one {adj} part at a time, and {act} {time}.
= (Check|Watch|Look at) everything {num} times, and {act}. ~ (Listen|Wait) for {sound}, and do not
(hurry|stop).
= (Change|Fix|Repair) what is not {adj}, (perhaps|maybe) with {thing}. ~ (Remove|Leave out) what is
not needed, and keep the {adj} parts.
= (Share|Show) (the result|your work) with {people} {place}. ~ (Give|Send|Bring) {thing} to {person}
as a (thank you|small present).
= (Finally|At the end|Last), {act} and (enjoy|remember) the new {feel}. ~ (Finally|At the end|Last),
rest {place} and (think|write) about {feel}.
""")
POEM = stages("""
= (Oh|Dear|Hello,|Come,) {x}, so {adj} and so {adj}, ~ (I sing|I think|We dream) of {x} {time},
= the (sky|night|light) is {adj}, the (road|wind|day) is {adj}, ~ {place} I hear {sound},
= and {people} (wait|walk|smile|sleep) {place}. ~ where {people} bring {feel} and {thing}.
= (A voice|A cloud|A star) is (passing|calling|moving) {place}, ~ (The sound|A song) of {sound}
(grows|comes) {adj} and {adj},
= with {thing} and {thing} in its hand, ~ it smells of {smell}, it tastes of {smell},
= and {feel} (comes|grows|falls) like {thing}. ~ and nobody (asks|knows) why {feel} is {adj}.
= (I|We) (try|want|learn) to {act}, to {act}, ~ (You|They) (may|can) {act} {time},
= (but|and|yet) {num} (winters|summers|stars) (pass|fall) away, ~ (but|yet) no {feel} (stays|lasts)
without {feel},
= while {person} {done}. ~ and {thing} lies {place}.
= (So stay|Stay|Rest) with me {time}, ~ (So let|Let) the {adj} (hours|days) go by,
= for (all|much|most) of life is {feel} and {feel}, ~ and {x} will (keep|hold|find) the {feel}.
""")
LETTER = stages("""
= (I hope|We hope) you are well and that your days {place} are {adj} and full of {feel}. ~ (Thank
you|Many thanks) for your {adj} letter, which (came|arrived) with {thing}.
= (I am writing|I write) to (tell you|let you know) about {x}, (because|since) you (asked|love
{feel}). ~ (Today|This week) I (must|want to) tell you about {x}, which (gave|brought) us {feel}.
= (Last week|Yesterday|On Monday), {name} and I {done} and {done}. ~ (Last week|Yesterday|On
Sunday), {person} {done}, and {people} came to (help|look).
= It was {adj} {place}, and we could hear {sound}. ~ The house smelled of {smell}, and everyone felt
{adj}.
= (However|But), there was (little|not enough) {feel}, and {thing} got lost. ~ (However|But), {x}
(turned|became) more {adj} than we (thought|hoped).
= (Could you|Will you|Would you) please send {thing}, and perhaps {act} for us? ~ (Do you|Can you)
(still|often) {act}, and do you remember {person}?
= (If you|When you) visit us {time}, we (can|will) {act} and {act}. ~ (Come|Please come) soon, and
bring {thing} and {num} friends.
= (With|Until then,) {feel} and many (good|kind|warm) wishes to {people} we know. ~ (Give|Send) my
love to {name}, and (stay|remain) {adj}.
""")
DIALOGUE = stages("""
= (Have you heard|Do you know|What do you think) about {x}? ~ (Good morning|Hello), did you
(see|notice) {x} {place}?
= (Yes|Of course|Oh yes), I saw {them} {place} with {person}. ~ (No|Not yet|Not really), I was busy
with {thing} {time}.
= (People say|{name} says) it is {adj} and brings {feel} to {people}. ~ (Well|You see), there was
{thing}, and then came {sound}.
= (Really|Is that so)? I thought it was more {adj} than {adj}. ~ (Why|How)? Nobody told me, not even
{person} {place}.
= (Because|Maybe because) {people} need {feel}, and {x} can help. ~ (I think|I believe) {person}
{done} and then {done}.
= (What|And what) should we do now, {act} or {act}? ~ (Can we|Should we|May I) {act} and look for
{thing}?
= (Let us|We could) {act} first and then {act} {time}. ~ (Bring|Take) {thing}, and I will ask
{people} for {feel}.
= (Good|Fine|All right), (see you|let us meet) {place}, with {thing}. ~ (Good|Fine|All right), that
sounds {adj}, and I have {num} hours.
""")
RIDER = (
    "[, in detail|, at length|, hour by hour|, step by step|, from start to end|, with examples"
    "|, with a reason for each|, in your own words|, in (several|many|ten|long) (sentences|words)]"
)
TAIL = (
    "[ (Write|Give me|Use) (several|three|a few|four|many) (long |)(paragraphs|sentences|lines)."
    "| Answer (at length|in detail|slowly|fully).| (Be|Stay) (clear|careful|detailed|simple).]"
)
ASKS = {
    stage[0].split(":")[0]: (stage[0].split(":")[1].strip(), *stage[1:])
    for stage in stages("""
= about: [Please|Now|So] (tell me|talk|speak|write|teach me|say something) [more |a lot ]about
{t}{r} ~ [Please |Now ](describe|discuss|summarise|summarize|outline|define|sketch|consider) {t}{r}
~ [Please ](give|write|send) [me ](a|one) (detailed|long|full|short|careful)
(account|report|description|text|essay|paragraph|article|summary|overview) (of|about|on) {t}{r} ~
(What (is|do you know about|can you say about|do you think of)|Who or what is) {t}{q}
= why: [Please ](explain|describe|tell me|say) why {c}{r} ~ Why (is it that|do you
think|do|does|did|would|should) {c}{q}
= how: [Please ](explain|describe|tell me|show me) how {c}{r} ~ How (does|do|did|can) {t} work{q}
= if: (What would|What will|What could) happen if {c}{q} ~ [Please ](imagine|suppose)[ that] {c}{r}
= compare: [Please |Now ](compare|contrast) {t} (with|and|to) {z}{r} ~ How (is|does) {t} (differ
from|compare with) {z}{q} ~ (Discuss|Explain) the difference between {t} and {z}{r}
= story: [Please ](write|tell|tell me|make up) (a|one) [short|long|little|funny] (story|tale) about
{t}{r}
= poem: [Please ](write|make|give me) a [short|long|little|sad] (poem|song|verse) about {t}{r}
= letter: [Please ](write|draft|send) a [short|long|kind] (letter|note) [to a friend] about {t}{r}
= dialogue: [Please ](write|make) a [short|long|funny] (dialogue|conversation|talk) about {t}{r}
= list: [Please ](list|give me|write down|name) {n} (steps|things|ideas|tips|points) (for|about)
{t}{r} ~ [Please ](plan|outline|list the steps for|make a plan for|organise) {t}{r}
""")
}
STAGES = {"list": STEPS, "story": STORY, "poem": POEM, "letter": LETTER, "dialogue": DIALOGUE}
