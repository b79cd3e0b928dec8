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
    ),
    descriptions=(
        "(Save|Saves|Add|Adds|Create|Creates|Write|Writes|Store|Stores) a [new|short|quick] "
        "(note|memo)(| for later| in the notebook)[.]",
        "(Writes|Write|Jots|Jot) (something|a text|a thought) down(| for later| in the notes)[.]",
        "(Adds|Add|Appends|Puts) (an entry|an item|a text|a line) to (a list|the notes|a note)[.]",
        "(Note|Memo) (taking|keeping|storage)[.]",
    ),
    slots=(
        Slot(
            key="text",
            kind=sentence,
            names="(text|note|content|body|item|entry|note text|memo|what)",
            descriptions=(
                "(The|Its) (text|content|wording|body)(| of the (note|memo|entry))[.]",
                "(Text|Content) (to save|to write down|of the note|to add)[.]",
                "What to (write down|note|save|add)[.]",
            ),
            asked="(text|note|content|wording)",
        ),
        Slot(
            key="list",
            kind=title,
            names="(list|notebook|folder|list name|collection|category)",
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
            names="(tags|labels|keywords|topics|categories)",
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
)
