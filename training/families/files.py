"""Files found in a folder by a name or a pattern."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import filename, flag, integer, letters, path, pseudo, text_kind, word

EXTENSIONS = (
    "txt", "pdf", "csv", "md", "py", "json", "png", "log", "jpg", "docx", "xlsx", "html", "yaml",
    "zip",
)  # fmt: skip


def _glob(dice: Dice) -> str:
    ending = dice.one(EXTENSIONS) if dice.chance(0.6) else letters(dice, 1, 4).lower()
    stem = dice.one((word, pseudo))(dice)
    return dice.one(
        (f"*.{ending}", f"*.{ending}", f"{stem}*.{ending}", f"*{stem}.{ending}", f"{stem}*",
         f"*{stem}*", f"*_{stem}.{ending}", f"{stem}-?.{ending}", f"**/*.{ending}")
    )  # fmt: skip


_pattern = text_kind(_glob)


def pattern(dice: Dice) -> Value:
    """A file's name or a pattern with stars."""
    return (filename if dice.chance(0.4) else _pattern)(dice)


PATTERN = "({pattern}|{pattern}|{pattern}|\"{pattern}\"|'{pattern}')"
NAMED = "(named|called|matching|with the name|like|with a name like)"

FAMILY = Family(
    name="files",
    tools=(
        "(find|locate|glob|list|match) files",
        "(find|locate|glob|list) files [by] (name|pattern|glob)",
        "file (finder|locator|glob|listing|matches)",
        "(find|locate) (in|within) (folder|directory)",
        "(folder|directory) (glob|file listing|file finder)",
        "(find|list|locate) matching files",
        "glob [pattern|paths|names]",
    ),
    descriptions=(
        "(Find|Finds|List|Lists|Locate|Locates|Get|Returns) [all|the] files (by|with) a "
        "(name|pattern|name pattern|glob)[.]",
        "(Find|Finds|List|Lists|Locate|Locates) [the] files (in|of|under) a (folder|directory) "
        "(that match|matching) a (name|pattern|glob)[.]",
        "(Paths|Names) of [the|all] files that match a (pattern|glob|name)[.]",
        "File (finder|listing|locator) by (name|pattern)[.]",
    ),
    slots=(
        Slot(
            key="pattern",
            kind=pattern,
            names="(pattern|name|glob|file name|filename|match|file pattern|mask|name pattern)",
            descriptions=(
                "(The|A) (name|pattern|file name|glob)[ to (find|match|look for)][.]",
                "(Name|Pattern|Glob) of the files[.]",
                "(File name|Glob pattern|Pattern)[, such as *.txt][.]",
            ),
            asked="(file name|name|pattern)",
        ),
        Slot(
            key="folder",
            kind=path,
            names="(folder|directory|dir|root|path|base|start|in folder|base dir)",
            descriptions=(
                "(The|Which) (folder|directory)[ to (look|start) in][.]",
                "(Folder|Directory|Where) to (start|look)[.]",
                "(Path of the folder|Root directory|Base folder)[.]",
            ),
            asked="(folder|directory)",
            optional=True,
            tails=(
                "(in|under|inside|within|below) [[the] (folder|directory)] {folder}",
                "(in|inside|under) ({folder}|\"{folder}\"|'{folder}')",
                "[and] (start|begin|look) (in|at) {folder}",
                "(starting|looking) (in|at) {folder}",
            ),
        ),
        Slot(
            key="recursive",
            kind=flag("including subfolders", "without subfolders"),
            names="(recursive|subfolders|deep|recurse|include subfolders|with subfolders)",
            descriptions=(
                "(Whether to|If true,) (look|search|go) (in|into) subfolders[ too][.]",
                "(Include|Look in|Descend into) subfolders[.]",
            ),
            asked="(subfolders|depth)",
            optional=True,
            tails=("{recursive}", "[and] {recursive}", "[and do it] {recursive}"),
        ),
    ),
    commands=(
        f"(find|locate|list|look for|show me|search for|track down|get) [me] [all|all the|every "
        f"one of the|any|my|the] files {NAMED} {PATTERN}",
        f"(find|locate|look for|track down|search for) (the|a|my|that|every) file {NAMED} "
        f"{PATTERN}",
        f"(list|show|find|locate|get|give me) [all|all the|the|my] {PATTERN} files",
        f"(search|scan|go through|look through|check) (my|the|all the|these) (files|folders) for "
        f"{PATTERN}",
        f"(tell me|show me|find out|see|check) where [the file|my file] {PATTERN} "
        f"(is|went|lies|was saved)",
        f"(see|check|tell me|find out) (if|whether) (there is|i have|we have) a file {NAMED} "
        f"{PATTERN}",
        f"(do|run|make) a file (search|lookup|listing) (for|of|on) {PATTERN}",
        f"(make|give me|get me|show me|print) a list of [all|all the] files {NAMED} {PATTERN}",
        f"(match|glob|list) files (with|by|against|using) [the] (pattern|glob|mask) {PATTERN}",
        f"(find|list|show|locate) (everything|every file|anything|all files) on disk {NAMED} "
        f"{PATTERN}",
    ),
    questions=(
        f"where (is|did i put|did i save|can i find|do i keep|have i put) [the file|my file] "
        f"{PATTERN}",
        f"(which|what) files (are|were) (named|called|matching|like) {PATTERN}",
        f"(which|what) files match [the pattern|the glob|the name] {PATTERN}",
        f"(are there|do i have|do we have|have we got) [any|some] (files {NAMED} "
        f"{PATTERN}|{PATTERN} files)",
        f"(is there|do i have|do we have) (a|any|some|another) file {NAMED} {PATTERN}",
        f"(i need|i want|i'd like|i'm looking for|i am after|i can't find|i lost) [all|all "
        f"the|the|my] files {NAMED} {PATTERN}",
        f"(i need|i'm looking for|i can't find|i lost|i misplaced) (the|a|my) file {NAMED} "
        f"{PATTERN}",
        f"(files|all files|any files|every file) {NAMED} {PATTERN}",
        f"(all|any|list of|paths of) {PATTERN} files",
        f"(in which|in what) (folder|directory) is [the file|my file] {PATTERN}",
    ),
    missing={
        "pattern": (
            "(find|locate|look for|track down|search for) (a file|some files|one file|a certain "
            "file) [for me|on my disk|on this computer]",
            "(where|in which folder) is (my|that|the) file [i need|i lost|i saved]",
            "(search|look through|go through|scan) (my|the) (files|folders|disk) [for "
            "something|for a file]",
            "(i need|i want|i'd like|i would like) (to find|to locate|help finding) (a file|some "
            "files|my files)",
            "(i'm looking for|i am after|i can't find|i lost|i misplaced) (a|one|my) file",
            "(do|run) a file (search|lookup) [for me]",
        ),
    },
    result={
        "file": path,
        "count": integer(2, 400, spoken=False),
    },
    answers=(
        "I found {count} files that match {pattern}; the first is {file}.",
        "There are {count} files like {pattern}, among them {file}.",
        "{file} is one of {count} matches for {pattern}.",
    ),
)
