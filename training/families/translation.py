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
        "(deepl|google) translate [text]",
        "translate (message|document|content|input|to language|string to)",
        "(language|text) (convert|converter|translate)",
        "(convert|change) language",
        "(localize|interpret) [text|message]",
        "(get|fetch) (translated text|translation of text)",
    ),
    descriptions=(
        "(Translate|Translates) (a text|the text|some text|any text|given text|a sentence|a "
        "phrase|words)[ (to|into) (another|the target|the given) language][.]",
        "(Get|Gives|Gets|Returns|Produces) (a|the) translation of (a|the) "
        "(text|sentence|phrase)[.]",
        "(Put|Puts|Turn|Turns) (a|the) (text|sentence|phrase) into (another|a given) language[.]",
        "Translation[ of (a text|a sentence|a phrase|words)][ between languages][.]",
        "(Translate|Translates|Convert|Converts) text (from one language to another|between "
        "languages|into the target language)[.]",
        "(Returns|Return) the (input|given) text in (another|the requested|the target) language[.]",
        "(Use this|Call this) (to translate|for translating) (words|messages|anything|user "
        "text)[.]",
        "(Machine|Automatic) translation[ of (short texts|messages|any text)][.]",
    ),
    slots=(
        Slot(
            key="text",
            kind=sentence,
            names=(
                "(text|sentence|phrase|words|message|input|source "
                "text|content|string|q|source string|query|original|body|input text|to "
                "translate)"
            ),
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
            names=(
                "(target|target language|language|to|to language|target "
                "lang|lang|into|dest|target code|output language|translate to|destination "
                "language|tgt|to lang)"
            ),
            descriptions=(
                "(The|A) [target] language[.]",
                "(Language|Which language) to translate (to|into)[.]",
                "Language of the (translation|result|output)[.]",
                "(The|A) (target|destination) language[, e.g. (French|German|Japanese)][.]",
            ),
            asked="([target] language|language)",
        ),
        Slot(
            key="source",
            kind=language,
            names=(
                "(source|source language|from|from language|source lang|original "
                "language|src|input language|from lang|detected language)"
            ),
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
        "translate (this|the following|the text below) from {source} (to|into) {target}: {text}",
        f"(translate|render) {TEXT} from {{source}} (to|into) {{target}}",
        f"translate the {{source}} (sentence|text|phrase|message) {TEXT} (to|into) {{target}}",
        f"tell me the {{target}} (word|words|phrase|expression) for {TEXT}",
        f"put {TEXT} into {{target}} for (my boss|my neighbour|my teacher|a friend)",
        f"turn {TEXT} into (proper|good|simple|polite|plain) {{target}}",
        f"change {TEXT} (to|into) {{target}}",
        f"(give|tell) me {TEXT} in {{target}}",
        f"let me know what {TEXT} (is|would be|translates to) in {{target}}",
        f"show me (how {TEXT} looks|what {TEXT} looks like) in {{target}}",
        f"(get|have) {TEXT} (translated|put) into {{target}} [for me]",
        f"run {TEXT} through (a|the) translator [in]to {{target}}",
        f"write {TEXT} for (me|us) in {{target}}",
        f"teach me (to say|how to pronounce) {TEXT} in {{target}}",
        f"help me (tell|write) (my neighbour|the waiter|the driver|my landlord) {TEXT} in "
        "{target}",
        f"find the {{target}} equivalent (of|for) {TEXT}",
        f"provide (a translation|the translation|a good translation) of {TEXT} in {{target}}",
        f"convert {TEXT} (to|into) {{target}}",
        f"use {{target}} to say {TEXT}",
        f"(switch|bring) {TEXT} (over to|over into) {{target}}",
        f"(quickly|roughly) translate {TEXT} (to|into) {{target}}",
        f"(draft|type|spell out) {TEXT} in {{target}}",
        f"figure out (how to say|how you'd say) {TEXT} in {{target}}",
        f"repeat {TEXT} in {{target}}",
        f"do {TEXT} (from {{source}} to|into) {{target}}",
        f"translate {TEXT}, (the target language is|target language|output in) {{target}}",
        f"make {TEXT} readable for people who only speak {{target}}",
        f"explain to me how {TEXT} is said in {{target}}",
        f"(text|message) me {TEXT} in {{target}}",
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
        f"(whats|how's|how is) {TEXT} (in|said in) {{target}}",
        f"how do (they|locals|people there) say {TEXT} in {{target}}",
        "i'm (meeting|writing to|emailing) (a client|my in-laws|a friend), how do i say "
        f"{TEXT} in {{target}}",
        f"i need to (tell|text) (my landlord|a taxi driver|the waiter) {TEXT}, how do i say "
        "(it|that) in {target}",
        f"(what's|what is) the {{target}} (word|expression|term|equivalent) for {TEXT}",
        f"do you speak {{target}}, (what is|how do i say|what's) {TEXT}",
        f"{TEXT} in {{target}} (pls|please|plz)",
        f"translate {TEXT} to {{target}} (pls|plz)",
        f"{TEXT}, (how do you say that|what's that|how is that written) in {{target}}",
        f"(can|could) you say {TEXT} in {{target}}",
        f"does {TEXT} (translate|go) well into {{target}}, what would it be",
        f"is there any {{target}} (word|phrase|expression) for {TEXT}",
        f"my (teacher|boss|girlfriend) wants {TEXT} in {{target}}, (what is it|how does it go)",
        f"mind translating {TEXT} (to|into) {{target}}",
        f"what would {TEXT} be in {{target}}",
        f"{{source}} to {{target}}: {TEXT}",
        f"how do i go from {{source}} to {{target}} with {TEXT}",
        f"i (forgot|can't remember) how to say {TEXT} in {{target}}, (do you know|can you help)",
    ),
    missing={
        "text": (
            "translate (something|a text|a sentence|a phrase|some words|a line) (to|into) "
            "{target} [for me]",
            "(i need|i want|i'd like|i would like) (a translation|something translated|a text "
            "translated) (to|into) {target}",
            "(how do you|how do i|how would you|how can i) say (something|that|a phrase|it) in "
            "{target}",
            "(make|run|give me) a translation (to|into) {target}",
            "(help me|let me) (say|write) (something|a sentence) in {target}",
            "translate my (homework|email|menu|letter|message) (to|into) {target}",
            "make a quick {target} translation [for me]",
            "get (a sign|this menu|my letter|my cv) translated into {target}",
            "turn (this|my message|that) into {target}",
            "say (this|it|that) in {target}",
            "put (that|this email|my last sentence|this) in {target}",
            "translate from {source} to {target}",
            "help me (write to|talk to|text) my neighbour in {target}",
        ),
        "target": (
            f"translate [({ITEM}|the following|this)[:]] {TEXT} [for me|into another language]",
            f"(i need|i want|i'd like|we need) (a|the) translation (of|for) [{ITEM}] {TEXT}",
            f"(give|get|show|make|find) me a translation of [{ITEM}] {TEXT}",
            f"how (do|would|can) (you|i|we) say {TEXT} in (another|a foreign|a different|their) "
            f"language",
            f"(put|turn|render) {TEXT} into (another|a different|a foreign|some other) language",
            f"translate {TEXT} for (my boss|my neighbour|a friend|my class)",
            f"get {TEXT} translated [for me]",
            f"say {TEXT} in (my friend's|my boss's|my grandma's|another) language",
            f"run {TEXT} through the translator",
            f"translate {TEXT} from {{source}}",
            f"work out how to say {TEXT} in (their|the local|some other) language",
            f"help me say {TEXT} abroad",
            f"make a [quick] translation of {TEXT}",
        ),
    },
    result={"translation": sentence},
    answers=(
        'In {target} that is "{translation}".',
        '"{text}" in {target} is "{translation}".',
        "The {target} translation is: {translation}",
    ),
    statements=(
        f"i (need|want|have) to (say|tell them|write) {TEXT} in {{target}}",
        f"my (boss|teacher|client) (wants|needs|asked for) {TEXT} in {{target}}",
        f"i don't (speak|know) any {{target}} but (need|have|want) to say {TEXT}",
        f"i'm (learning|studying) {{target}} and (want to know how to say|can't figure out) {TEXT}",
        f"(can't|i can't) remember how to say {TEXT} in {{target}}",
        f"no (clue|idea) how to (say|write|put) {TEXT} in {{target}}",
        f"the (sign|label|card|email) should (say|read) {TEXT} in {{target}}",
        "(we're going abroad|i'm writing to my cousin|i have guests from abroad). Translate "
        f"{TEXT} into {{target}}",
        f"i got this in {{source}}: {TEXT}. (I need|Put) it in {{target}}",
        f"(let's|we should) (put|have|say) {TEXT} in {{target}}",
        f"i (wonder|was wondering) what {TEXT} is in {{target}}",
        f"i need {TEXT} (translated|put) from {{source}} (to|into) {{target}}",
        f"my (boss|teacher) wants {TEXT} translated from {{source}} into {{target}}",
    ),
)
