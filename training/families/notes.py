"""Saving notes and adding to lists."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot
from training.values import choice, identifier, sentence, several, text_kind, title, word

Q = "(\"{text}\"|'{text}'|“{text}”)"


def _tag(dice: Dice) -> str:
    made = word(dice)
    return made if made not in ("and", "or", "with", "not") else "todo"


tag = text_kind(_tag)

FAMILY = Family(
    name="notes",
    tools=(
        "(save|add|create|write|make|new|store|keep|take) [a|new|quick] (note|memo)",
        "(note|memo|notes|notebook) (add|save|create|taker|keeper|entry|writer)",
        "(add|append) (to|item to) (list|note|notes|notebook)",
        "(jot|note|write) down",
        "(list|notebook) (add|append|entry|item)",
        "(save|store) (note|memo) text",
        "(create|insert|post|update) (note|notes|memo) [entry|item|text]",
        "(add|create) (list item|todo|todo item|reminder note)",
        "(remember|memorize|save) (this|that|text|for later)",
        "(quick|sticky) note [add|create]",
        "(write|save) to (notes|notebook|memory)",
        "(keep|evernote|notion) (add note|create note|create page)",
    ),
    descriptions=(
        "(Save|Saves|Add|Adds|Create|Creates|Write|Writes|Store|Stores) a [new|short|quick] "
        "(note|memo)(| for later| in the notebook)[.]",
        "(Writes|Write|Jots|Jot) (something|a text|a thought) down(| for later| in the notes)[.]",
        "(Adds|Add|Appends|Puts) (an entry|an item|a text|a line) to (a list|the notes|a note)[.]",
        "(Note|Memo) (taking|keeping|storage)[.]",
        "(Create|Creates|Add|Adds) a [new] note (with the given text|in the user's "
        "notebook|from text)[.]",
        "(Remember|Store|Keep) (something|a piece of text|information) for (later|the user)[.]",
        "(Append|Add|Save) (text|a line) to the (user's notes|note app|todo list)[.]",
        "(Lets (the user|you)|Allows (the user|you) to) [quickly] (save|keep|write down) "
        "(notes|a note)[.]",
    ),
    slots=(
        Slot(
            key="text",
            kind=sentence,
            names=(
                "(text|note|content|body|item|entry|note text|memo|what|note "
                "content|description|message|value|data|task)"
            ),
            descriptions=(
                "(The|Its) (text|content|wording|body)(| of the (note|memo|entry))[.]",
                "(Text|Content) (to save|to write down|of the note|to add)[.]",
                "What to (write down|note|save|add)[.]",
                "(The|Full) (text|body|content) (of|for) the (new note|note to create|entry)[.]",
            ),
            asked="(text|note|content|wording)",
        ),
        Slot(
            key="list",
            kind=title,
            names=(
                "(list|notebook|folder|list name|collection|category|list id|target "
                "list|folder name|notebook name)"
            ),
            descriptions=(
                "(The|Name of the|Which) (list|notebook|folder)[.]",
                "(List|Notebook|Folder)(| to (put|save) it in)[.]",
            ),
            asked="(list|notebook|folder)",
            optional=True,
            tails=(
                "(on|in) (my|the|our) [list|notebook|folder] (\"{list}\"|'{list}')",
                "(on|in) (my|the|our) (\"{list}\"|'{list}'|“{list}”) (list|notebook|folder)",
                "[and] (put|file|keep) it (in|under) (\"{list}\"|'{list}')",
                "(under|filed under) (\"{list}\"|'{list}')",
                "(in|on) the (list|notebook) (called|named) (\"{list}\"|'{list}')",
            ),
        ),
        Slot(
            key="tags",
            kind=several(tag),
            names="(tags|labels|keywords|topics|categories|tag list|tag names|hashtags)",
            descriptions=(
                "(Tags|Labels|Keywords)(| of the note| to add| to find it again)[.]",
                "(The|List of|Some) (tags|labels|keywords)[.]",
            ),
            asked="(tags|labels)",
            optional=True,
            tails=(
                "(tagged|labelled|labeled) [as|with] {tags}",
                "with [the] (tags|labels|keywords) {tags}",
                "[and] (tag|label) it [with|as] {tags}",
                "(tags|labels): {tags}",
            ),
        ),
    ),
    commands=(
        "(note|write down|jot down|remember|save a note|make a note|take a note)[ that]: {text}",
        "(note|remember|write down|make a note) that {text}",
        f"(quickly|just|go ahead and) (note|write|jot) down [the (text|words|line|sentence)] {Q} "
        "[for me|for later]",
        "(put|keep) a (note|memo|reminder note) [for me] (that says|reading|with the words|with "
        f"the text) {Q}",
        "(save|add|make|write|create|store|keep|take) (a|a new|a quick|a short|the) (note|memo) "
        f"(saying|that says|with the text|that reads|reading) {Q}",
        f"(note|write|jot|put) down {Q} [for me|for later|somewhere]",
        f"(note|jot down|write down|save|store|record): {Q}",
        f"(save|store|keep|record|write) {Q} (as a note|in my notes|for later|to my notes|as a "
        "memo)",
        f"(add|append) [the (text|line|entry|item|words)] {Q} to my (notes|notebook|memos)",
        f"(make|take|leave) a (note|memo) (of|about) {Q}",
        f"(add|put|write|enter) [the (item|entry|line|text)] {Q} (for me|as a new note|as a new "
        "entry)",
        f"(remember|keep in mind|do not forget) for me [the (text|words|line)] {Q}",
        f"(save|write|create) a [new] note(| for me): {Q}",
        f"(start|open|begin) a new (note|memo) (with|saying|containing) {Q}",
        f"(put|get) {Q} (in writing|on paper|on record|into my notes)",
        f"(add|save|put) {Q}",
        "make a [quick] note: {text}",
        "(jot|write|get) this down[ for me| quickly| real quick]: {text}",
        "(save|keep|store) this[ for later| for me| somewhere]: {text}",
        "remember this[ for me| for later]: {text}",
        "(put|add|write|save) this (in|to) my (notes|notebook): {text}",
        "(take|get) this down: {text}",
        "(log|record|save) the following[ note| thought| idea]: {text}",
        "add (a|one|another) (note|entry|line): {text}",
        "(jot|note|write) down {text}",
        "(note|remember|make a note) that {text}",
        "take note that {text}",
        f"(stick|throw|pop|drop) {Q} (in|into) my (notes|notebook)",
        f"(create|make|add) a note that (goes|just says|reads) {Q}",
        f"save the (idea|thought|quote|line) {Q} [for later|before i forget it]",
        f"keep {Q} somewhere (safe|i can find it|handy)",
        f"make sure (i don't|we don't) forget {Q}",
        f"help me remember {Q}",
        f'(add|put) {Q} (to|on) (my|the|our) "{{list}}" (list|notes)',
        f'save {Q} (under|in) "{{list}}" [for me|for later]',
        'add this to (my|the|our) "{list}" list: {text}',
        f"(save|store|write down) {Q} with the (tags|labels) {{tags}}",
        f"write {Q} down and tag it [with] {{tags}}",
        "make a note (tagged|labelled) {tags}: {text}",
        f"(capture|save|hold on to) the (thought|idea|sentence) {Q}",
        f"(scribble|type) {Q} down [for me|real quick]",
        f"(get|have) {Q} (written down|saved|noted) [for me]",
        f"leave (me|myself) a note (saying|that says|with) {Q}",
        f"file {Q} (away|with my notes|as a memo)",
        f"type up a [short|quick] note saying {Q}",
        f"make {Q} a (note|memo)",
    ),
    questions=(
        "(could|can) (a|a new) (note|memo) be (saved|made|written|added) (saying|with the "
        "text|that "
        f"says) {Q}",
        "i (want|need|would like) (a|a new|a quick) (note|memo) (saying|that says|with|reading) "
        f"{Q}",
        f"i (want|need|have) to (write|note|jot) down {Q}",
        f"(new|quick|short) (note|memo|entry) {Q}",
        f"(note|memo|to note|note to self|for my notes|for the notes): {Q}",
        f"(would you mind|how about|what about) (noting|writing|jotting) down {Q}",
        f"(is it possible|is there a way|any chance) to (save|keep|store|add) {Q} (as a note|for "
        "later|in my notes)",
        f"i (must not forget|should not forget|do not want to forget) {Q}",
        f"{Q} (goes|should go|belongs) (in|into) (my|the) notes",
        f"(before i forget,|quick thought,|while i remember,) (write down|note|save|add) {Q}",
        f"can i (save|leave|keep|make) a note (saying|that says) {Q}",
        f"(could|can|should) {Q} go (in|into) my notes",
        f"mind (saving|keeping|jotting down|remembering) {Q} [for me]",
        f"(will|would) you remember {Q} for me",
        f"{Q}, can you (save|note|keep) that [for me|for later]",
        f"(before|in case) i forget, (can|could) you (save|note|write down) {Q}",
        "(just had a thought|had an idea|random thought|shower thought), can you (jot "
        f"down|save|note) {Q}",
        f"how do i (save|keep) {Q} (as a note|in my notes)",
        f"is there room in my notes for {Q}",
        f"(i'm in a meeting|i'm on the bus|my hands are full), could you (write down|note) {Q}",
        f"where can i (put|store|keep) {Q} (so i find it later|for later)",
        f"(may|could) (i|we) add {Q} to (my|our) notes",
        f"note (pls|please|plz): {Q}",
        f'(can|could) i have {Q} (on|in) my "{{list}}" list',
        f"can you hold on to {Q} (for me|until later)",
    ),
    missing={
        "text": (
            "(save|add|make|write|create|take) (a|a new|a quick|another) (note|memo) [for me|now]",
            "(write|note|jot) (something|a thing|a few words) down [for me|for later]",
            "i (want|need|would like) (to save|to write|to make|to take) (a|a new|another) "
            "(note|memo)",
            "(could|would) (a note|a memo|an entry) be (saved|made|added) [for me|now]",
            "(add (something|an item|an entry|a line) to|put (something|an entry) in) my "
            "(list|notes|notebook)",
            "(new|another|quick) (note|memo)",
            "open a (new|blank|fresh) note [for me]",
            "start a [new] note [for me|now]",
            'add (something|an item|one more thing) to (my|the|our) "{list}" list',
            "(write|jot|get) this down [for me|somewhere]",
            "save (this|that|something) (for later|as a note|in my notes)",
            "help me remember something",
            "make a note of (this|that|it|something)",
            "create a note (tagged|labelled) {tags}",
            "remember something for me",
        ),
    },
    result={
        "note_id": identifier,
        "status": choice("saved", "stored", "created"),
    },
    answers=(
        "I saved the note {note_id}.",
        "The note is {status}: {text}",
        "Noted: {text}",
    ),
    statements=(
        "note to self: {text}",
        "(memo|idea|quick note|new note|for the record|for my notes|for later): {text}",
        f"i (keep forgetting|always forget) things, so (write down|note|save) {Q}",
        f"my (boss|doctor|teacher|wife) said {Q} and i want (that|it) (noted|written down|saved)",
        f"i just had (an idea|a thought). (Note|Save|Write down) {Q}",
        f"(in a hurry|no pen here|can't type much now). (Write down|Note) {Q}",
        f"{Q}, (save|keep|note) that [for me|for later]",
        f"i (want|need) {Q} (saved|in my notes|written down)",
        f"i'd like to (remember|keep|hold on to) {Q}",
        "(this|that) (should go|belongs) in my notes: {text}",
        "i don't want to forget this: {text}",
        f'{Q} (goes|belongs|should go) on my "{{list}}" list',
        'i want this on my "{list}" list: {text}',
        f"i need {Q} (saved|noted) with the tags {{tags}}",
    ),
)
