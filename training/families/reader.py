"""The text of one file."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import filename, integer, path, sentence


def target(dice: Dice) -> Value:
    """A file by its name or with its folders."""
    return (filename if dice.chance(0.5) else path)(dice)


PATH = "({path}|{path}|{path}|{path}|\"{path}\"|'{path}'|`{path}`)"
TEXT = "(contents|content|text|lines|words)"

FAMILY = Family(
    name="reader",
    tools=(
        "(read|open|load|view|cat|show) [text] file",
        "(read|open|load) (document|text|from disk)",
        "(get|read|load|show|view) file (contents|content|text)",
        "file (reader|contents|content|viewer|text)",
        "(document|text) (reader|viewer)",
        "(read|open|view) [a] path",
    ),
    descriptions=(
        "(Read|Reads|Open|Opens|Load|Loads|View) (a|the|one|a text) file[ from disk][ to "
        "(get|show|see) its (text|contents)][.]",
        "(Get|Gets|Return|Returns|Show|Shows|Gives) the (text|contents|content) of a "
        "(file|document)[.]",
        "(Contents|Text|Content) of (a|the) (file|document)[ at a path][.]",
        "What (is|is written) in a (file|document)[.]",
    ),
    slots=(
        Slot(
            key="path",
            kind=target,
            names="(path|file|filename|file path|filepath|file name|document|name|source file)",
            descriptions=(
                "(The|A) [file] path[.]",
                "(Path|Name) (of|to) the (file|document)[ to (read|open)][.]",
                "(Which|The) file[ to (read|open|load)][.]",
            ),
            asked="(file|path|file name)",
        ),
    ),
    commands=(
        f"(read|open|load|view|cat|display|print|show|show me) [the|my] [file|document] {PATH}",
        f"(read|open|load|pull up|bring up|display) [the|my|that|our] (file|document|text file) "
        f"{PATH} [for me|for us|from disk|and show it|and read it to me]",
        f"(show|read|give|get|print|tell|fetch) me the {TEXT} of [the file|the document|file] "
        f"{PATH}",
        f"(show|print|display|output|dump|fetch|get|load) the ([full|whole|entire|raw] "
        f"(text|contents|content)|lines|words) of {PATH}",
        f"(tell me|show me|find out|check|see|let me know) what (is|was|is written) in [the "
        f"file|my file|the document] {PATH}",
        f"(tell me|let me know|see|check) what [the file|the document] {PATH} "
        f"(says|contains|holds)",
        f"(take|have) a [quick] look (at|inside|into) [the file|the document|my file] {PATH}",
        f"(look|peek) (inside|into|in) [the file|the document] {PATH}",
        f"open (up|the file|my file) {PATH} [and (read it|show me the text|tell me what it says)]",
        f"let me (see|read|view|look at) [the file|the document|what is in|the {TEXT} of] {PATH}",
        f"(go through|read through|read out|read aloud) [the file|the document|my notes in] {PATH}",
    ),
    questions=(
        f"(what is|what's|what was) (in|inside|written in) [the|my] [file|document] {PATH}",
        f"what does [the|my|this|that] [file|document] {PATH} (say|contain|hold|tell us)",
        f"what are the (contents|lines|words) of [the file|the document] {PATH}",
        f"(i need|i want|i'd like|i would like) (to read|to see|to open|to view|the {TEXT} "
        f"of|what is in) [the file|my file|the document] {PATH}",
        f"(contents|content|text|full text) of [the file|file|document] {PATH}",
        f"(is there|have we got) anything (in|inside|written in) [the file|the document] {PATH}",
        f"what did (i|we|they) (write|put|save|note down) in [the file|the document] {PATH}",
        f"{PATH} (contents|content|file contents|text)",
        f"(which|what) (words|lines) (are|stand|were) in {PATH}",
    ),
    missing={
        "path": (
            "(read|open|load|view|display|print) (a|the|my|that|this) (file|document|text file) "
            "[for me|from disk]",
            "(show|read|give) me the (contents|content|text) of (a|the|my|that) (file|document)",
            "(what is|what's) (in|inside|written in) (the|my|that|this) (file|document)",
            "what does (the|my|that|this) (file|document) (say|contain)",
            "(i need|i want|i'd like|i would like) to (read|open|see|view) (a|one|my|that) "
            "(file|document)",
            "(take|have) a look (at|inside) (a|my|that) (file|document)",
        ),
    },
    result={
        "content": sentence,
        "lines": integer(2, 900, spoken=False),
    },
    answers=(
        "The file {path} says: {content}",
        '{path} has {lines} lines and begins with "{content}".',
        'In {path} it says "{content}".',
    ),
)
