"""A text in another language."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import language, sentence

# The text is quoted always: the languages stand after it.
TEXT = '("{text}"|"{text}"|\'{text}\')'
ITEM = "(the (words|text|phrase|sentence|line|message)|my (words|text|phrase|sentence))"

FAMILY = Family(
    name="translation",
    tools=(
        "translate [text|sentence|phrase|words|message|string]",
        "(text|phrase|sentence|language) (translator|translation)",
        "translate (to|into) [other|target] language",
        "(get|make|do|run) translation",
        "(translation|translator) [service|api|tool|engine]",
        "(say|put) in [another|other] language",
    ),
    descriptions=(
        "(Translate|Translates) (a text|the text|some text|any text|given text|a sentence|a "
        "phrase|words)[ (to|into) (another|the target|the given) language][.]",
        "(Get|Gives|Gets|Returns|Produces) (a|the) translation of (a|the) "
        "(text|sentence|phrase)[.]",
        "(Put|Puts|Turn|Turns) (a|the) (text|sentence|phrase) into (another|a given) language[.]",
        "Translation[ of (a text|a sentence|a phrase|words)][ between languages][.]",
    ),
    slots=(
        Slot(
            key="text",
            kind=sentence,
            names="(text|sentence|phrase|words|message|input|source text|content|string|q)",
            descriptions=(
                "(The|A) (text|sentence|phrase)[ to (translate|be translated)][.]",
                "(What|Words|Text) to translate[.]",
                "(Text|Sentence|Phrase|Original text)[.]",
            ),
            asked="(text|sentence|phrase)",
        ),
        Slot(
            key="target",
            kind=language,
            names="(target|target language|language|to|to language|target lang|lang|into|dest)",
            descriptions=(
                "(The|A) [target] language[.]",
                "(Language|Which language) to translate (to|into)[.]",
                "Language of the (translation|result|output)[.]",
            ),
            asked="([target] language|language)",
        ),
        Slot(
            key="source",
            kind=language,
            names="(source|source language|from|from language|source lang|original language|src)",
            descriptions=(
                "(The|A) (source|original) language[.]",
                "Language (of the (text|original|input)|to translate from)[.]",
            ),
            asked="(source language|original language)",
            optional=True,
            tails=(
                "from {source}",
                "(out of|translating from) {source}",
                "[and] (translate it from|treat it as) {source}",
                "(the original is|the text is|it is|it's) [in|written in] {source}",
                "(with|using) {source} as the (source|original) [language]",
            ),
        ),
    ),
    commands=(
        f"translate [({ITEM}|the following|this)[:]] {TEXT} (to|into|in) {{target}}",
        f"(translate|render|put|turn|convert) [the (words|text|phrase|sentence|line|message)] "
        f"{TEXT} into {{target}} [for me|for us]",
        f"translate (to|into) {{target}} [({ITEM}|the following|this)[:]] {TEXT}",
        f"(tell me|show me|teach me|explain) how to (say|write|spell|express) [{ITEM}] {TEXT} in "
        f"{{target}}",
        f"(tell me|show me|find out|let me know) how (you|people|one would|i would|i can|i "
        f"should) (say|write|put) {TEXT} in {{target}}",
        f"(give|get|show|write|make|find) me the {{target}} (translation|version|wording) "
        f"(of|for) [{ITEM}] {TEXT}",
        f"(give|get|show|write|provide|find|make) the {{target}} (translation|version) (of|for) "
        f"{TEXT}",
        f"(say|write|express|put|rewrite|phrase) [{ITEM}] {TEXT} in {{target}}",
        f"(look up|find|check|tell me|work out) what {TEXT} (is|means|would be|is called) in "
        f"{{target}}",
        f"(do|run|make) a [quick] translation of {TEXT} (to|into) {{target}}",
        f"(help me|let me) (say|write|express|put) {TEXT} in {{target}}",
    ),
    questions=(
        f"how (do|would|should|can|could) (you|i|we|people|they) (say|write|put|express|spell) "
        f"{TEXT} in {{target}}",
        f"(what is|what's|what would be) [{ITEM}] {TEXT} in {{target}}",
        f"(what is|what's) the {{target}} (for|word for|translation of|version of|phrase for) "
        f"{TEXT}",
        f"(i need|i want|i'd like|i would like|we need) [{ITEM}] {TEXT} (in|translated "
        f"into|translated to|put into) {{target}}",
        f"(i need|i want|i'd like|we need) the {{target}} (translation|version) (of|for) {TEXT}",
        f"{TEXT} (in|into|to|translated into) {{target}}",
        f"the {{target}} (translation|version) of {TEXT}",
        f"{{target}} (for|translation of|translation:|version of) {TEXT}",
        f"how does {TEXT} (sound|read|look|go) in {{target}}",
        f"(translation|meaning) of {TEXT} in {{target}}",
    ),
    missing={
        "text": (
            "translate (something|a text|a sentence|a phrase|some words|a line) (to|into) "
            "{target} [for me]",
            "(i need|i want|i'd like|i would like) (a translation|something translated|a text "
            "translated) (to|into) {target}",
            "(how do you|how do i|how would you|how can i) say (something|that|a phrase|it) in "
            "{target}",
            "(do|make|run|give me) a translation (to|into) {target}",
            "(help me|let me) (say|write) (something|a sentence) in {target}",
        ),
        "target": (
            f"translate [({ITEM}|the following|this)[:]] {TEXT} [for me|into another language]",
            f"(i need|i want|i'd like|we need) (a|the) translation (of|for) [{ITEM}] {TEXT}",
            f"(give|get|show|make|find) me a translation of [{ITEM}] {TEXT}",
            f"how (do|would|can) (you|i|we) say {TEXT} in (another|a foreign|a different|their) "
            f"language",
            f"(put|turn|render) {TEXT} into (another|a different|a foreign|some other) language",
        ),
    },
    result={"translation": sentence},
    answers=(
        'In {target} that is "{translation}".',
        '"{text}" in {target} is "{translation}".',
        "The {target} translation is: {translation}",
    ),
)
