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
        "(set|start|create) (alarm timer|egg timer|pomodoro|timer in minutes)",
        "(timer|alarm) (set timer|start timer|manager|start)",
        "(schedule|trigger) (timer|countdown|beep)",
        "(notify|alert|wake) (after minutes|in minutes)",
        "(pomodoro|break|tea) timer",
        "(start|new) (stopwatch countdown|timer minutes)",
    ),
    descriptions=(
        "(Set|Start|Create|Begin|Sets|Starts|Creates) a [new] (timer|countdown|countdown timer)[ "
        "for (some|a number of|a given number of) minutes| measured in minutes][.]",
        "(Rings|Beeps|Goes off|Sounds) (after|in) (some|a number of|a given number of|so many) "
        "minutes[.]",
        "(Count|Counts) down (some|a number of|a given number of) minutes[.]",
        "(Timer|Countdown|Kitchen timer) (of|for|over) (some|a number of) minutes[.]",
        "(Set|Sets|Schedule|Schedules) a timer that (rings|goes off|fires) after the given "
        "[number of] minutes[.]",
        "(Notify|Notifies|Alert|Alerts) the user (after|in) a (number|given number) of minutes[.]",
        "(Use this|Call this) to (start|set) a (timer|countdown)[ in minutes][.]",
        "(Starts|Runs) a (background|kitchen) timer[ on the device][.]",
    ),
    slots=(
        Slot(
            key="minutes",
            kind=integer(2, 180),
            names=(
                "(minutes|timer minutes|duration minutes|minute count|length "
                "minutes|mins|duration|time in minutes|time minutes|m|duration in "
                "minutes|delay minutes|n minutes)"
            ),
            descriptions=(
                "(Duration|Length|Time) [of the (timer|countdown)] in minutes[.]",
                "(How many|Number of) minutes[ (it runs|until it rings|to count down)][.]",
                "Minutes (it runs|until it rings|to wait|to count down)[.]",
                "(Timer length|Delay|Time until it rings), in (whole minutes|minutes)[.]",
            ),
            asked="(duration|number of minutes|length)",
        ),
        Slot(
            key="label",
            kind=title,
            names=(
                "(label|name|title|timer name|timer label|tag|caption|timer "
                "title|description|message|reason|purpose)"
            ),
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
        f"give (me|us) {{minutes}} {MINUTES} on the clock",
        f"wake me [up] in {{minutes}} {MINUTES}",
        f"(nudge|poke|buzz|alert|ping|warn|call) me (in|after) {{minutes}} {MINUTES}",
        f"set [the clock for] {{minutes}} {MINUTES} [on the timer|starting now]",
        f"start the clock for {{minutes}} {MINUTES}",
        "do a {minutes} (minute|min) (timer|countdown) [for me]",
        "(throw|put|pop) on a {minutes} (minute|min) timer",
        "get a {minutes} (minute|min) timer (going|running|started)",
        "kick off a {minutes} (minute|min) (timer|countdown)",
        f"let me know when it's been {{minutes}} {MINUTES}",
        f"stop me (after|in) {{minutes}} {MINUTES}",
        f"make some noise in {{minutes}} {MINUTES}",
        f"keep time for {{minutes}} {MINUTES}",
        f"count {{minutes}} {MINUTES} for (me|us)",
        f"set a timer to go off in {{minutes}} {MINUTES}",
        f"have (something|the phone|the speaker) (ring|beep|buzz) in {{minutes}} {MINUTES}",
        f"run the clock for {{minutes}} {MINUTES}",
        f"time me for {{minutes}} {MINUTES}",
        f"time (my break|my nap|my workout|the eggs|the meeting) for {{minutes}} {MINUTES}",
        f"set a timer, {{minutes}} {MINUTES} [should do it|is enough|from now]",
        "(set|start) timer {minutes} (min|mins|minutes) [pls]",
        f"add a timer of {{minutes}} {MINUTES}",
        f"(set|start|create|add) a [new] {TIMER} (called|named) {LABEL} for {{minutes}} {MINUTES}",
        f"(set|start|create|run) a {LABEL} timer for {{minutes}} {MINUTES}",
        f"name a timer {LABEL} and (set|run) it for {{minutes}} {MINUTES}",
        f"(create|add) a timer {LABEL} (with|of) {{minutes}} {MINUTES}",
        f"(set|start) a {{minutes}} (minute|min) timer (called|named|labelled) {LABEL}",
        "set a {minutes} (minute|min) timer for {label}",
        f"set a timer for {{minutes}} {MINUTES} and (tell me|shout|let me know) when it's "
        "(up|done|over)",
        f"remind me to look up from my screen in {{minutes}} {MINUTES}",
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
        "(can|could) (i|we) (get|have) a {minutes} (minute|min) timer",
        f"(can|could) (i|we) (get|have) {{minutes}} {MINUTES} on the clock",
        f"(pizza is|cookies are|bread is) in the oven, can you time {{minutes}} {MINUTES}",
        "(going to|about to|gonna) (take a nap|meditate|take a break), can you (wake "
        f"me|ring|beep) in {{minutes}} {MINUTES}",
        f"(will|would) you (tell me|let me know|shout) when {{minutes}} {MINUTES} are up",
        "how about a {minutes} (minute|min) (break|nap|plank), can you time it",
        f"mind timing {{minutes}} {MINUTES} [for me]",
        "(timer|set timer) {minutes} (min pls|mins please|minutes pls)",
        "{minutes} (min|minute) timer (pls|please|plz)",
        f"{{minutes}} {MINUTES}, (starting now|go|from now)",
        f"is there a timer i can set to {{minutes}} {MINUTES}",
        f"(the eggs need|my pasta needs|the dough needs) {{minutes}} {MINUTES}, can you (set "
        "a timer|time that|start a timer)",
        f"(can|could) i have a timer (called|named) {LABEL} for {{minutes}} {MINUTES}",
        f"(can|could) you give me {{minutes}} {MINUTES}",
        f"who can time {{minutes}} {MINUTES} for me",
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
            "time (me|my run|my break|my plank|the eggs)",
            "wake me [up] (soon|later|in a bit|after my nap)",
            "(beep|ring|buzz) (later|in a while|in a bit|soon)",
            f"(set|start|create) a timer (called|named) {LABEL}",
            f"(set|start) a {LABEL} timer",
            "start the (clock|countdown) [now|for me]",
            "get a timer (going|started|running)",
            "count down for (me|us)",
            "tell me when time is up",
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
    statements=(
        "i (have|need) to (leave|turn off the oven|move the car|check the oven) in {minutes} "
        f"{MINUTES}, so set a timer",
        "(pizza's in the oven|the tea is brewing|laundry is on|water's boiling). (Timer|Set a "
        f"timer) for {{minutes}} {MINUTES}",
        f"i'm taking a (break|nap|walk). (Wake me|Beep|Ring) in {{minutes}} {MINUTES}",
        f"the (pasta|rice|dough|paint) (needs|takes) {{minutes}} {MINUTES}. (Set|Start) a timer",
        f"i only (have|get) {{minutes}} {MINUTES}. Start a (timer|countdown)",
        "time for a {minutes} (minute|min) (break|nap|workout), start the timer",
        f"{{minutes}} {MINUTES} on the clock, (starting now|go)",
        f"my (doctor|coach|teacher) (wants|told) me to rest for {{minutes}} {MINUTES}, so "
        "start a countdown",
        f"(let's|we should) (focus|clean up|stretch) for {{minutes}} {MINUTES}. (Start|Set) "
        "the timer",
        f"(i want to|i'd like to) (focus|read|exercise) for {{minutes}} {MINUTES}, so start a "
        "timer",
        f"i need a timer (called|named) {LABEL} for {{minutes}} {MINUTES}",
        f"i'm (cooking|busy), so start a {{minutes}} (minute|min) timer (called|named) {LABEL}",
    ),
)
