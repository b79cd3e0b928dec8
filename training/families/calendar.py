"""A new event in a calendar."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, clock, day, identifier, integer, person, several, title

# The title always stands in quotes, for a tail may follow it.
TITLE = '("{title}"|"{title}"|\'{title}\'|“{title}”)'
EVENT = "(event|meeting|appointment|entry|calendar event|calendar entry|session|call)"
# Its first space is inside, for a colon has none.
CALLED = (
    "( called| titled| named| with the title| about| labelled| entitled|:| with the name|, title| "
    "by the name of)"
)
CALENDAR = "(calendar|diary|schedule|agenda|planner)"

FAMILY = Family(
    name="calendar",
    tools=(
        "(create|add|schedule|new|plan|insert|make) [calendar|diary] "
        "(event|meeting|appointment|entry)",
        "(calendar|diary|agenda) (add|create|insert|new entry|event|add event|create event)",
        "(add|put|write) (to|into|in) (calendar|diary|agenda)",
        "(schedule|plan|arrange|set up) [new] (meeting|appointment|event)",
        "(meeting|appointment|event) (scheduler|planner|creator|create|new)",
    ),
    descriptions=(
        "(Create|Add|Schedule|Enter|Creates|Adds|Schedules) (a|a new) (calendar "
        "event|meeting|diary entry|calendar entry)[ (on a (day|date)|in the user's calendar)][.]",
        "(Put|Write|Puts|Writes) (a meeting|an appointment|an event) (in|into) the [user's] "
        "(calendar|diary|agenda)[.]",
        "(Plan|Plans|Sets up|Arranges) (a meeting|an appointment|an event) (for|on) a [given] "
        "(day|date)[.]",
        "New (event|meeting|appointment|entry) in (the|a|the user's) (calendar|diary)[.]",
    ),
    slots=(
        Slot(
            key="title",
            kind=title,
            names="(title|name|event|summary|event title|event name|meeting title|what|subject)",
            descriptions=(
                "(The|Short) (title|name|summary)[ of the (event|meeting|entry)][.]",
                "(Title|Name|Summary)[ of the (event|meeting)][.]",
                "What the (event|meeting|entry) is called[.]",
            ),
            asked="(title|name)",
        ),
        Slot(
            key="day",
            kind=day,
            names="(day|date|when|event date|event day|on day|start date)",
            descriptions=(
                "(The|Which) (day|date)[ of the (event|meeting)][.]",
                "(Day|Date) (of|for) the (event|meeting|entry)[.]",
                "On which (day|date) it (is|takes place)[.]",
            ),
            asked="(day|date)",
        ),
        Slot(
            key="time",
            kind=clock,
            names="(time|start|start time|hour|begins at|from|clock time)",
            descriptions=(
                "(The|Start|Starting) time[.]",
                "(Time|Hour) at which it (starts|begins)[.]",
                "When (it|the event) (starts|begins)[.]",
            ),
            asked="(time|start time)",
            optional=True,
            tails=(
                "at {time}",
                "(starting|beginning) at {time}",
                "from {time} (on|onwards)",
                "and (let|have) it (start|begin) at {time}",
                "with {time} as the (start|starting time)",
            ),
        ),
        Slot(
            key="attendees",
            kind=several(person),
            names="(attendees|guests|people|participants|invitees|with|invited people|who)",
            descriptions=(
                "(The|Names of the) (people|attendees|participants|guests)[ to invite][.]",
                "(People|Persons) (who take part|to invite|who come)[.]",
                "Who (is invited|takes part|comes)[.]",
            ),
            asked="(attendees|participants)",
            optional=True,
            tails=(
                "with {attendees}",
                "and (invite|include|add) {attendees}",
                "(together|along) with {attendees}",
                "inviting {attendees}",
                "(attendees|guests|participants): {attendees}",
            ),
        ),
        Slot(
            key="minutes",
            kind=integer(5, 240),
            names="(minutes|duration minutes|length|duration|length minutes|minutes long)",
            descriptions=(
                "(Duration|Length) [of the (event|meeting)] in minutes[.]",
                "(How many minutes|Number of minutes) it (lasts|takes)[.]",
                "Minutes it (lasts|takes)[.]",
            ),
            asked="(duration|length)",
            optional=True,
            tails=(
                "for {minutes} (minutes|mins|min)",
                "lasting {minutes} (minutes|mins)",
                "(that|which) (lasts|takes) {minutes} minutes",
                "with a (length|duration) of {minutes} minutes",
                "and (plan|reserve|allow) {minutes} (minutes|mins) for it",
            ),
        ),
    ),
    commands=(
        f"(create|add|make|schedule|set up|plan|enter|arrange|organise) a new {EVENT}{CALLED} "
        f"{TITLE} (for|on) {{day}}",
        "(create|add|make|schedule|set up|plan|enter|arrange) a new "
        f"{EVENT} (for|on) {{day}}{CALLED} {TITLE}",
        f"(put|write|enter|note|pencil in|jot down) {TITLE} in (my|the|our) {CALENDAR} "
        "(for|on) {day}",
        f"(schedule|plan|book|arrange|set up|pencil in|organise) {TITLE} [for|on] {{day}}",
        f"add {TITLE} to (my|the|our) (schedule|agenda|plan|calendar|diary|planner) (for|on) "
        f"{{day}}",
        f"(block|reserve|keep|set aside|hold|block off) [some|the] time [in my {CALENDAR}] "
        f"(for|on) {{day}} (for|and call it|and name it|under the title) {TITLE}",
        f"(open|go to|take|use) (my|the|our) {CALENDAR} and (add|enter|create|put in|write|note) "
        f"{TITLE} (for|on) {{day}}",
        f"(mark|fill|book) {{day}} in (my|the|our) {CALENDAR} for {TITLE}",
        f"(move on to|turn to|look at) {{day}} in my {CALENDAR} and (add|enter|put in) (a new "
        f"{EVENT}{CALLED}|the {EVENT}|the title) {TITLE}",
        f"(get|have) {TITLE} (on|in) (my|the|our) {CALENDAR} (for|on) {{day}}",
        f"new {EVENT}[ in my {CALENDAR}]: {TITLE}, {{day}}",
        f"(save|record|log|register) a new {EVENT}{CALLED} {TITLE} in (my|the|our) {CALENDAR} "
        f"(for|on) {{day}}",
    ),
    questions=(
        f"(i need|i want|i would like|i'd like) a new {EVENT}{CALLED} {TITLE} [in my {CALENDAR}] "
        "(for|on) {day}",
        f"(i need|i want|i'd like|i have) to (schedule|plan|arrange|set up|enter|put down) {TITLE} "
        "(for|on) {day}",
        "(is it possible|would it be possible|is there a way) to (enter|put|have|note|write) "
        f"{TITLE} in (my|the|our) {CALENDAR} (for|on) {{day}}",
        f"{TITLE} (should be|must be|has to be|needs to be|belongs|goes) (in|on) (my|the|our) "
        f"{CALENDAR} (for|on) {{day}}",
        f"(calendar|diary|agenda|schedule|new event|new meeting|appointment): {TITLE}, {{day}}",
        f"{{day}}: {TITLE} in (my|the|our) {CALENDAR}",
        f"{TITLE} (on|for) {{day}}, (add it to|put it in|enter it in|into|write it in) "
        f"(my|the|our) {CALENDAR}",
        f"there (should|must|has to) be a new {EVENT}{CALLED} {TITLE} in (my|our) {CALENDAR} for "
        f"{{day}}",
        "(would you mind|mind|how about) (scheduling|adding|planning|putting in|entering) a new "
        f"{EVENT}{CALLED} {TITLE} for {{day}}",
        f"{TITLE}, {{day}}, (calendar|diary|agenda|planner)",
    ),
    missing={
        "title": (
            f"(create|add|make|schedule|set up|plan|enter) a new {EVENT} (for|on) {{day}}",
            "(put|add|enter|write) (something|an event|a meeting|an appointment) (in|into) "
            f"(my|the|our) {CALENDAR} (for|on) {{day}}",
            f"(i need|i want|i would like|i'd like) (something new|a new {EVENT}) in my "
            f"{CALENDAR} (for|on) {{day}}",
            "(is it possible|is there a way|would it be possible) to (add|schedule|plan) a new "
            f"{EVENT} (for|on) {{day}}",
            f"new {EVENT} (for|on) {{day}}",
            f"(block|reserve|mark) {{day}} in (my|the|our) {CALENDAR}",
        ),
        "day": (
            f"(create|add|make|schedule|set up|plan|enter) a new {EVENT}{CALLED} {TITLE}",
            f"(put|enter|write) {TITLE} (in|into) (my|the|our) {CALENDAR}",
            f"(i need|i want|i would like|i'd like) a new {EVENT}{CALLED} {TITLE} [in my "
            f"{CALENDAR}]",
            f"(i need|i want|i have) to (schedule|plan|arrange|set up) {TITLE}",
            "(is it possible|is there a way|would it be possible) to (put|have|note|enter) "
            f"{TITLE} in (my|the|our) {CALENDAR}",
            f"new {EVENT}: {TITLE}",
            f"{TITLE} (should be|has to be|needs to be|belongs) in (my|the|our) {CALENDAR}",
        ),
    },
    result={
        "status": choice("created", "saved", "confirmed", "tentative"),
        "event_id": identifier,
    },
    answers=(
        '"{title}" is in your calendar for {day}.',
        'The event "{title}" for {day} is {status}.',
        'Your entry "{title}" is {status} with the number {event_id}.',
    ),
)
