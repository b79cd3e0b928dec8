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
        "(find|search|list|get) (file|file by name|files by name|file paths)",
        "(file|files) (search|find|lookup|query)",
        "(search|scan|walk) (files|directory|filesystem|folder)",
        "(glob|match) (search|find|paths)",
        "(filesystem|fs|disk) (find|search|glob|list files)",
        "(ls|dir|find) [files]",
    ),
    descriptions=(
        "(Find|Finds|List|Lists|Locate|Locates|Get|Returns) [all|the] files (by|with) a "
        "(name|pattern|name pattern|glob)[.]",
        "(Find|Finds|List|Lists|Locate|Locates) [the] files (in|of|under) a (folder|directory) "
        "(that match|matching) a (name|pattern|glob)[.]",
        "(Paths|Names) of [the|all] files that match a (pattern|glob|name)[.]",
        "File (finder|listing|locator) by (name|pattern)[.]",
        "(Searches|Scans) (a directory|the filesystem|the disk) for files (by name|by "
        "pattern|that match a pattern)[.]",
        "(Fast|Simple) file (search|matching) (with glob patterns|by name)[.]",
        "(Returns|Gives) (a list of|the) paths (that match|matching) (the|a) (glob|pattern)[.]",
        "Use this (when|if) (you need|the user wants) to find (files|a file) by name[.]",
    ),
    slots=(
        Slot(
            key="pattern",
            kind=pattern,
            names=(
                "(pattern|name|glob|file name|filename|match|file pattern|mask|name "
                "pattern|query|search pattern|file glob|wildcard|search|file|filter|q)"
            ),
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
            names=(
                "(folder|directory|dir|root|path|base|start|in folder|base dir|working "
                "directory|search path|start dir|location|cwd|parent folder)"
            ),
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
            names=(
                "(recursive|subfolders|deep|recurse|include subfolders|with subfolders|is "
                "recursive|search subdirectories|subdirs|descend)"
            ),
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
        f"(find|locate|get|show) me {PATTERN}",
        f"(find|locate|look for|search for|track down) {PATTERN}",
        f"(look|search|check) for {PATTERN} on my (computer|laptop|disk|drive|machine)",
        f"(find|look for) (that|the) file {PATTERN} (i saved|i downloaded|i lost|from last "
        "week|from yesterday)",
        f"(find|look for) {PATTERN} in {{folder}}",
        f"(search|check|look through|go through|scan) {{folder}} for {PATTERN}",
        f"(list|show|get) (all|all the|every|any) {PATTERN} files in {{folder}}",
        f"(list|show) what's in {{folder}} matching {PATTERN}",
        f"(see|check|look) (if|whether) {PATTERN} (exists|is there|is still there|is on my disk)",
        "(see|check) (if|whether) there's (anything|something|a file) (like|called|named) "
        f"{PATTERN}",
        f"(find|figure) out where {PATTERN} (is stored|is saved|ended up|lives|went)",
        f"(tell me|show me) (the path|the full path|the location) of {PATTERN}",
        f"(dig up|hunt down|bring up) (the|my|our) file (called|named) {PATTERN}",
        f"(grep|scan|search) the file names for {PATTERN}",
        f"(run|do) (a glob|ls|find|a file search) (for|on|with) {PATTERN}",
        f"(list|find|show) files: {PATTERN}",
        f"(gather|collect|list) (everything|all files|all paths) matching {PATTERN}",
        "(count|find and count|list and count) (the|all|all the) files (like|matching|named) "
        f"{PATTERN}",
        f"(help me|help us) (find|locate) {PATTERN} (again|somewhere on here)",
        f"(give|get|print) me (the paths of|the names of) files (like|matching|named) {PATTERN}",
        f"(get|fetch|find) (any|every|all) file whose name (matches|is|looks like) {PATTERN}",
        f"(see|check|look) what {PATTERN} (matches|gives|finds) in {{folder}}",
        f"(look|search) (everywhere|in all folders|on this machine) for {PATTERN}",
        f"(show|list) me which files (match|are named|are like) {PATTERN}",
        "(find|locate) my (report|notes|photo|spreadsheet|script|homework), it's "
        f"(called|named) {PATTERN}",
        f"(use|take) the pattern {PATTERN} and list the files",
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
        f"(wheres|where's|where is) {PATTERN} [saved|stored|now]",
        f"(where|in what folder) did {PATTERN} (go|end up)",
        f"(can|could) you (find|locate|look for|search for|list) {PATTERN}",
        f"is there (anything|any file|a file) (called|like|named) {PATTERN}",
        f"(do|did) (i|we) (still have|have|keep|save) {PATTERN} (somewhere|anywhere|on this "
        "machine|on disk)",
        f"(have|has) (you|anyone|anybody) seen (the file|my file) {PATTERN}",
        f"(is|was) {PATTERN} (in|somewhere in|under) {{folder}}",
        f"(what|which) files in {{folder}} (match|are like|are named) {PATTERN}",
        f"(what|which) {PATTERN} files (do i have|do we have|are there|exist)",
        f"how many (files match|files are named|files are there like) {PATTERN}",
        f"(any|got any|are there any) {PATTERN} in {{folder}}",
        f"what does {PATTERN} match",
        f"got (a file|anything) (called|named|like) {PATTERN}",
        f"(which|what) folder (has|holds|contains) {PATTERN}",
    ),
    statements=(
        f"i (can't find|lost|misplaced|need|deleted maybe) {PATTERN}, (where is it|can you "
        "find it|please look for it)?",
        f"i (saved|downloaded|put) {PATTERN} (yesterday|last week|somewhere) and (can't find "
        "it|don't know where|lost track of it)",
        f"(my boss|my colleague|my teacher) (needs|wants|is asking for) {PATTERN}. (Where is "
        "it|Can you find it)?",
        "(i'm|we're) (cleaning up|tidying up|making a backup) and need all files "
        f"(like|named|matching) {PATTERN}",
        f"there (should|must) be a file (called|named|like) {PATTERN} (somewhere|on here)",
        f"i (think|thought|believe) {PATTERN} (is|was) somewhere in {{folder}}",
        f"(not sure|no idea|no clue) where i (put|saved|left) {PATTERN}",
        f"{PATTERN} (pls|please).",
        f"{PATTERN}, where (is it|did it go)?",
        f"i (remember|know) it's (called|named) {PATTERN}, just not where it is",
        f"(looking|i'm looking) for {PATTERN}, (any luck|can you help|please help)?",
        f"the (build|script|program) can't find {PATTERN}, where is it?",
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
            "(can|could) you find (a file|my file|some files) for me",
            "i saved (a file|something) yesterday and (can't find it|don't know where)",
            "(where's|where is) (the file|that document|my stuff)",
            "(my boss|my colleague) needs (a file|some files) from my disk",
            "i (lost|misplaced) (a file|a document|some files) (somewhere|on here)",
            "(look|search|check) for (it|that file|my file) in {folder}",
            "(list|show me) (some|certain|a few) files in {folder}",
            "there should be a file somewhere in {folder}",
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
