"""A countdown of some minutes."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, identifier, integer, title

LABEL = '("{label}"|"{label}"|\'{label}\'|“{label}”)'
MINUTES = "(minutes|minutes|mins|min)"
TIMER = "(timer|countdown|kitchen timer|cooking timer|countdown timer)"

FAMILY = Family(
    name="timer",
    tools=(
        "(set|start|create|begin|run|make|add|new) [kitchen|minute|cooking|single] "
        "(timer|countdown)",
        "(timer|countdown) (set|start|create|add|begin|run|minutes|new)",
        "(countdown|timer) (clock|service|api|app|tool)",
        "(start|begin|run) (counting down|minute countdown|timer countdown)",
        "(count down|ring after|beep after|time) minutes",
    ),
    descriptions=(
        "(Set|Start|Create|Begin|Sets|Starts|Creates) a [new] (timer|countdown|countdown timer)[ "
        "for (some|a number of|a given number of) minutes| measured in minutes][.]",
        "(Rings|Beeps|Goes off|Sounds) (after|in) (some|a number of|a given number of|so many) "
        "minutes[.]",
        "(Count|Counts) down (some|a number of|a given number of) minutes[.]",
        "(Timer|Countdown|Kitchen timer) (of|for|over) (some|a number of) minutes[.]",
    ),
    slots=(
        Slot(
            key="minutes",
            kind=integer(2, 180),
            names="(minutes|timer minutes|duration minutes|minute count|length "
            "minutes|mins|duration)",
            descriptions=(
                "(Duration|Length|Time) [of the (timer|countdown)] in minutes[.]",
                "(How many|Number of) minutes[ (it runs|until it rings|to count down)][.]",
                "Minutes (it runs|until it rings|to wait|to count down)[.]",
            ),
            asked="(duration|number of minutes|length)",
        ),
        Slot(
            key="label",
            kind=title,
            names="(label|name|title|timer name|timer label|tag|caption)",
            descriptions=(
                "(The|A|Short) (label|name|title)[ (of|for) the (timer|countdown)][.]",
                "(Label|Name|Title)[ to show][.]",
                "What the timer is (called|for)[.]",
            ),
            asked="(label|name)",
            optional=True,
            tails=(
                f"(called|named|labelled) {LABEL}",
                f"with the (label|name|title) {LABEL}",
                f"and (call|name|label) it {LABEL}",
                f"(under|by) the name {LABEL}",
                f"and show the (label|name|title) {LABEL}",
                f"(label|name|title): {LABEL}",
            ),
        ),
    ),
    commands=(
        f"(set|start|create|run|begin|make|add|put on|launch) a [new] {TIMER} (for|of|that "
        f"runs for|lasting) {{minutes}} {MINUTES}",
        f"(set|start|create|run|begin|make|add|put on|launch|give me) a [new] {{minutes}} "
        f"(minute|min) {TIMER}",
        f"(set|start|run|launch|put on) a {{minutes}}-minute {TIMER} [now|for me]",
        f"(set|put) (the|my|our) {TIMER} (to|for|at|on) {{minutes}} {MINUTES} [from now]",
        f"(count|start counting|begin to count) down [from] {{minutes}} {MINUTES} [for me|from "
        "now]",
        "(ring|beep|buzz|alert me|ping me|let me know|give me a signal|call out|make a sound|go "
        f"off) (in|after) {{minutes}} {MINUTES}",
        f"(tell me|let me know|say so|beep|ring|warn me|shout) (when|once|as soon as) {{minutes}} "
        f"{MINUTES} (are up|have passed|are over|have gone by|are gone)",
        f"time {{minutes}} {MINUTES} [for me|from now|starting now|from this moment]",
        f"(start|begin) timing {{minutes}} {MINUTES} [for me|now|right now|straight away]",
        f"(give me|get me|put) {{minutes}} {MINUTES} on (the|a) {TIMER}",
        f"(measure|clock|track) {{minutes}} {MINUTES} (with|on) (a|the|my) {TIMER}",
        f"(have|let) (a|the|my) {TIMER} (ring|beep|go off|run out|finish|sound) (in|after) "
        f"{{minutes}} {MINUTES}",
        f"{TIMER} on, {{minutes}} {MINUTES}",
    ),
    questions=(
        f"(i need|i want|i would like|i'd like|i could use) a [new] {TIMER} (for|of) {{minutes}}"
        f" {MINUTES}",
        f"(i need|i want|i would like|i'd like|i could use) a [new] {{minutes}} (minute|min) "
        f"{TIMER}",
        "(is it possible|would it be possible|is there a way) to (set|start|run|have|get) a "
        f"{TIMER} (for|of) {{minutes}} {MINUTES}",
        f"{TIMER}( for| of|:) {{minutes}} {MINUTES}",
        f"{TIMER} {{minutes}} {MINUTES}",
        f"{{minutes}} {MINUTES} on (the|a|my) {TIMER}",
        f"{{minutes}} (minute|min) {TIMER} [now|starting now|from now]",
        "(i need|i want|i'd like) to (be told|hear a beep|hear a ring|get a signal|be warned) "
        f"(in|after) {{minutes}} {MINUTES}",
        f"(would you mind|mind|how about) (setting|starting|running|making) a {TIMER} (for|of) "
        f"{{minutes}} {MINUTES}",
        "(my|the) (pasta|tea|cake|rice|bread|soup|laundry|break|nap|egg|workout) "
        f"(needs|takes|lasts) {{minutes}} {MINUTES}, (i need|set|start|run) a {TIMER}",
        f"(a|another|one) {TIMER}, {{minutes}} {MINUTES}",
    ),
    missing={
        "minutes": (
            f"(set|start|create|run|begin|make|add|put on|launch) a [new] {TIMER} [for me|now]",
            f"(i need|i want|i would like|i'd like|i could use) a [new] {TIMER} [now|right now]",
            f"(is it possible|would it be possible|is there a way) to (set|start|run) a {TIMER}",
            f"(set|start|run) a {TIMER} for (some|a few|a couple of|several) minutes",
            f"(would you mind|mind|how about) (setting|starting|running) a {TIMER}",
            "(count down|start a countdown|begin to count down|start timing) [for me|from now]",
            f"(set|start|run) a {TIMER} for (my|the) "
            "(pasta|tea|cake|rice|bread|soup|laundry|break|nap)",
            f"(new|another) {TIMER} [now]",
        ),
    },
    result={
        "status": choice("running", "started", "set", "active"),
        "timer_id": identifier,
    },
    answers=(
        "The timer is {status} for {minutes} minutes.",
        "Your timer of {minutes} minutes is {status}; its number is {timer_id}.",
        "{minutes} minutes: the countdown is {status}.",
    ),
)
