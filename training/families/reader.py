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
        "(get|fetch|retrieve) (file|document) [content|contents|text|data]",
        "read (text file|file contents|local file|document|lines|from file)",
        "(fs|filesystem|disk) read [file|text]",
        "(load|open) (text|document|file content)",
        "cat [file]",
        "(file|document) (read|open|get|load)",
    ),
    descriptions=(
        "(Read|Reads|Open|Opens|Load|Loads|View) (a|the|one|a text) file[ from disk][ to "
        "(get|show|see) its (text|contents)][.]",
        "(Get|Gets|Return|Returns|Show|Shows|Gives) the (text|contents|content) of a "
        "(file|document)[.]",
        "(Contents|Text|Content) of (a|the) (file|document)[ at a path][.]",
        "What (is|is written) in a (file|document)[.]",
        "(Read|Reads) the (contents|content|full text) of (a|the) file[ at the given path| "
        "from the local filesystem][.]",
        "(Retrieve|Retrieves|Fetch|Fetches) (a file's|a document's) (contents|text)[.]",
        "(Prints|Dumps|Displays) (a|the) [whole|entire] (file|document|text file)[.]",
        "(Given|From) a path, (return|returns) (the|its) (text|content|contents)[.]",
    ),
    slots=(
        Slot(
            key="path",
            kind=target,
            names=(
                "(path|file|filename|file path|filepath|file name|document|name|source "
                "file|uri|target file|input file|absolute path|document path|src|fname)"
            ),
            descriptions=(
                "(The|A) [file] path[.]",
                "(Path|Name) (of|to) the (file|document)[ to (read|open)][.]",
                "(Which|The) file[ to (read|open|load)][.]",
                "(Absolute or relative|Relative or absolute) path (of|to) the file[ to read][.]",
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
        f"open [up] {PATH} [for me|real quick|now]",
        f"(pull|bring) up {PATH} [for me|on screen]",
        f"(show|tell) me what's (in|inside) {PATH}",
        f"(see|check|find out) what's (in|inside|written in) {PATH}",
        f"give me (the contents of|what's in|everything in|all of) {PATH}",
        f"print [out] {PATH} [to the screen|for me]",
        f"[quickly] (check|scan|skim|read|go over) {PATH} [for me]",
        f"(peek at|have a peek at|take a peek inside|have a look at) {PATH}",
        f"read me [the file|the document] {PATH}",
        f"read {PATH} (back to me|out to me|to us|aloud)",
        f"dump {PATH} [here|in the chat|to the screen]",
        f"(paste|drop|post|put) the (contents|text|content) of {PATH} (here|in the chat|below)",
        f"load {PATH} [so i can see it|so we can look at it|into the chat]",
        f"tell me what (i|we|they) (wrote|put|saved) in {PATH}",
        f"remind me what (is|was|i wrote|i put|we wrote) in {PATH}",
        f"check what's inside {PATH} (before i delete it|before i send it|for me|first)",
        f"open {PATH} and (read it to me|tell me what's there|paste the text|show me)",
        f"look (into|inside|at) {PATH} [and tell me what's there|and tell me what it says]",
        f"(view|display) {PATH} [on screen|here]",
        f"(return|get|grab|extract|output) the text (of|from|in) {PATH}",
        f"find out what [the (document|file)] {PATH} (says|is about|has in it)",
        f"walk me through [the file|the document] {PATH}",
        f"let me (have a look at|take a look at|peek at|see what's in) {PATH}",
        f"copy the (text|contents) of {PATH} (in here|into the chat|over here)",
        f"read (everything|the text|all lines|what it says) (in|from) {PATH}",
        f"(access|fetch|retrieve|grab) [the (file|document)] {PATH} [and show it|for me]",
        f"show [me] {PATH} [real quick|pls|now]",
        f"take {PATH} and (read it|show me what's in it|print it)",
        f"use {PATH} as the file and read it",
        f"open the (file|document) (called|named) {PATH}",
        f"read the (file|document|text file) at {PATH}",
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
        f"(what's|whats) (in|inside) [the file|my file] {PATH}",
        f"what (do|did) (i|we) have in {PATH}",
        f"(can|could|may) i (see|read|view|have a look at) {PATH}",
        f"mind (opening|reading|showing me|checking) {PATH}",
        f"(someone|a colleague|my boss) sent me {PATH}, what (does it say|is in it|'s in it)",
        f"i (forgot|can't remember|don't remember) what's in {PATH}, (can you look|could you "
        "check|what does it say)",
        f"how does {PATH} (start|begin|read)",
        f"does {PATH} (have|contain) (anything|any text|something) [in it]",
        f"is {PATH} empty",
        f"what was in {PATH} again",
        f"any (idea|clue) what's in {PATH}",
        f"{PATH} (pls|please|plz)",
        f"{PATH}, what's in (it|there)",
        f"is there (text|something|anything useful) in {PATH}",
        f"(found this|i found this) on my (disk|laptop|desktop): {PATH}, what's in it",
        f"what did i (leave|save|type) in {PATH}",
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
            "read (it|that|the file) (to me|out|aloud)",
            "open the file (i mentioned|from yesterday|my boss sent|we talked about)",
            "tell me what the (file|document|attachment) says",
            "(check|see) what's in (the|that|my) (file|document|attachment)",
            "pull up (the|that|my) (file|document)",
            "(cat|dump|print) (the|a|that) file [here]",
            "let me see (the|that|my) (file|document)",
            "(peek|look) inside (the|that) (file|document)",
            "paste the (contents|text) of (the|my|that) (file|document) here",
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
    statements=(
        f"i can't open {PATH}, so (read it|show it) to me",
        f"i (need|want) (what's in|the text from|everything from|to know what's in) {PATH}",
        f"i have no (idea|clue) what {PATH} (says|contains)",
        f"(i'm|just) (curious|wondering) what (is|i left|i wrote) in {PATH}",
        "my (boss|teacher|colleague) (wants|needs) (to know what's in|the contents of|the "
        f"text of) {PATH}",
        f"we're (debugging|cleaning up|reviewing|moving files). (Show me|Open|Read) {PATH}",
        f"there (should|must) be (a note|something|some text) in {PATH}. (Read|Show) it to me",
        f"i wrote something in {PATH}. (Read it back|Show it) to me",
        f"let's (see|look at|open|read|have a look at) {PATH}",
        f"gotta (see|read|check) {PATH}",
        f"(my editor|my laptop) is broken and i need to read {PATH}",
    ),
)
