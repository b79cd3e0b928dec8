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
        "(create|add|insert|new|schedule) (google|outlook|work|my) calendar (event|entry)",
        "(calendar|events) (insert|create|book|schedule)",
        "(book|set) [a] (meeting|appointment|slot|event)",
        "add (to|event to) [my] (schedule|planner|calendar)",
        "(create|make) (appointment|invite|calendar invite|meeting invite)",
        "(google|outlook) calendar [create event|add event]",
    ),
    descriptions=(
        "(Create|Add|Schedule|Enter|Creates|Adds|Schedules) (a|a new) (calendar "
        "event|meeting|diary entry|calendar entry)[ (on a (day|date)|in the user's calendar)][.]",
        "(Put|Write|Puts|Writes) (a meeting|an appointment|an event) (in|into) the [user's] "
        "(calendar|diary|agenda)[.]",
        "(Plan|Plans|Sets up|Arranges) (a meeting|an appointment|an event) (for|on) a [given] "
        "(day|date)[.]",
        "New (event|meeting|appointment|entry) in (the|a|the user's) (calendar|diary)[.]",
        "(Creates|Adds|Inserts) (a new|an) event (to|in|on) the user's calendar[.]",
        "Use (this|it) to (schedule|plan|book) (a meeting|an appointment|an event)[.]",
        "(Schedules|Books) an event with a title (on|for) a (given|certain) (date|day)[.]",
        "(Adds|Saves) an appointment (with|by) title and date[, optionally with guests][.]",
    ),
    slots=(
        Slot(
            key="title",
            kind=title,
            names=(
                "(title|name|event|summary|event title|event name|meeting "
                "title|what|subject|event summary|appointment "
                "title|description|label|topic|entry|meeting name)"
            ),
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
            names=(
                "(day|date|when|event date|event day|on day|start date|due date|meeting "
                "date|scheduled date|on date|start day)"
            ),
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
            names=(
                "(time|start|start time|hour|begins at|from|clock time|event time|at "
                "time|meeting time|starts at)"
            ),
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
            names=(
                "(attendees|guests|people|participants|invitees|with|invited "
                "people|who|invite|guest list|members|attendee list)"
            ),
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
            names=(
                "(minutes|duration minutes|length|duration|length minutes|minutes "
                "long|duration in minutes|duration min|length min)"
            ),
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
        "(add|put|stick|throw|pop|drop) {title} on my calendar for {day}",
        f"(stick|throw|pop|slot|drop) {TITLE} (in|into) (my|the|our) {CALENDAR} for {{day}}",
        f"(book|schedule|plan) {{day}} at {{time}} for {TITLE}",
        f"(schedule|book|plan|set up) {TITLE} for {{day}} at {{time}}",
        "(schedule|set up|arrange) a (call|meeting|catch-up|sync|chat) with {attendees} for "
        f"{{day}}{CALLED} {TITLE}",
        f"(invite|get) {{attendees}} (to|together for) {TITLE} (for|on) {{day}}",
        f"(make|create) an (appointment|entry|event) for {{day}} and (call|name|title) it {TITLE}",
        f"(note|remember|write down) that {TITLE} is {{day}}",
        f"(block|block out|clear|free up) {{day}} for {TITLE}",
        f"(block|reserve) {{minutes}} (minutes|mins) {{day}} for {TITLE}",
        f"(keep|leave) {{day}} (free|open) for {TITLE}",
        f"(put|add) a {{minutes}} minute (meeting|call|slot|session){CALLED} {TITLE} in my "
        f"{CALENDAR} for {{day}}",
        f"(make|keep) room for {TITLE} in my {CALENDAR} {{day}}",
        f"(get|put) {TITLE} (scheduled|booked|on the books|in the diary) for {{day}}",
        f"(create|make) (an invite|a calendar invite|an invitation) for {TITLE}, {{day}}",
        f"(add|save) the date: {TITLE}, {{day}}",
        f"(mark|note) (my|the|our) {CALENDAR}: {TITLE} {{day}}",
        f"(schedule|plan|add) something for {{day}} at {{time}} called {TITLE}",
        f"(plan in|diarise|calendar|pencil) {TITLE} for {{day}}",
        f"(organise|organize|set up) {TITLE} with {{attendees}} {{day}}",
        f"(make sure|see to it) that {TITLE} is in (my|our) {CALENDAR} for {{day}}",
        f"(fill in|log|enter) {TITLE} under {{day}} [in my {CALENDAR}]",
        f"(give|find) me a slot {{day}} for {TITLE}",
        f"(don't let me forget about|keep me free for) {TITLE} {{day}}, put it in (my|the) "
        f"{CALENDAR}",
        f"(update|extend) my {CALENDAR} with {TITLE} {{day}}",
        f"(create|add) event {TITLE}, date {{day}}, time {{time}}",
        f"(create|add) event {TITLE}, date {{day}}",
        "(add|put|stick) {title} (on|in) my calendar for {day}",
        "(schedule|add|put down) {title} for {day} in my (calendar|diary)",
        "(put|note) {title} down for {day}",
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
        f"(can|could) (i|we|you) (get|have|put|add) {TITLE} (in|on) (my|the|our) {CALENDAR} "
        "for {day}",
        f"(can|could) (we|you) (schedule|do|plan|book) {TITLE} for {{day}} [at {{time}}]",
        f"(does|would|will) {{day}} (work|be ok|fit|suit) for {TITLE}, and if so (put|add) it "
        f"to (my|our) {CALENDAR}",
        f"(is|am i|are we) free {{day}}, and could {TITLE} go in (my|our) {CALENDAR} then",
        f"(any chance|any way) (to|you could) (add|schedule|book) {TITLE} for {{day}}",
        f"(what about|how about|shall we say|should we do) {{day}} for {TITLE}, (in|into) the "
        f"{CALENDAR} with it",
        f"(mind|would you mind) (putting|sticking|adding|noting) {TITLE} (in|on) my {CALENDAR} "
        "for {day}",
        f"(shall|should) we (put|schedule|plan|book) {TITLE} for {{day}}",
        f"(could|can) {{day}} at {{time}} be (booked|blocked|reserved) for {TITLE}",
        f"{TITLE} {{day}} at {{time}}, (can|could) you (add|schedule|note) it",
        f"did (you|we|i) (add|schedule|put in) {TITLE} for {{day}} yet, if not do it",
        f"(will|would) you (remember|note|add) {TITLE} for {{day}}",
    ),
    statements=(
        f"i('ve got| have) {TITLE} {{day}}, (add it|put it in|please add it|stick it in) to my "
        f"{CALENDAR}",
        f"i('ve got| have) {TITLE} {{day}} at {{time}}. Put it in my {CALENDAR}, thanks",
        f"(we're|i'm) doing {TITLE} {{day}}, (add that please|pls add it|add it to the calendar)",
        f"(my boss|my manager|the team|my wife) wants {TITLE} {{day}}, (schedule it|put it "
        "in|please book it)",
        f"(just agreed|just got off the phone), we're meeting {{day}} for {TITLE}. (Calendar "
        "please|Add it|Book it)",
        f"(i'm seeing|meeting) {{attendees}} {{day}}, (add|enter) it as {TITLE}",
        f"don't let me (forget|miss) {TITLE} {{day}}",
        f"{{day}} is {TITLE}, (save that|note it|write it down) in my {CALENDAR}",
        f"{{day}} {{time}} {TITLE}",
        f"(dentist|school|the office) just confirmed {{day}}. Title it {TITLE}",
        f"{TITLE} (got moved to|is now|will be) {{day}}, (put a new entry|add it|make an event)",
        f"i'll be busy {{day}} because of {TITLE}, block it (out|off) in my {CALENDAR}",
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
            f"(i'm|we're) busy {{day}}, (put|add) (something|an entry) in my {CALENDAR}",
            f"i have (a meeting|an appointment|something) {{day}}, add it to my {CALENDAR}",
            "(can|could) you (put|add|schedule) (something|a meeting|an event|a call) for {day}",
            f"(stick|throw|pop|put) (a meeting|something|an event) on my {CALENDAR} for {{day}}",
            "(schedule|set up|book) a (meeting|call|appointment) {day} at {time}",
            "(block|keep) {day} at {time} [free] for me",
            "(my boss|the team) wants (a meeting|to meet) {day}",
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
            f"(can|could) you (schedule|put in|add) {TITLE}",
            f"(i have|i've got) {TITLE} (soon|coming up), (add it to|put it in) my {CALENDAR}",
            f"(stick|throw|pop|drop) {TITLE} (in|into) my {CALENDAR}",
            f"(my boss|my manager|the team) wants {TITLE}, (schedule it|put it in)",
            f"(schedule|set up|arrange) {TITLE} with {{attendees}}",
            f"don't let me forget {TITLE}, put it in my {CALENDAR}",
            f"(book|block) (a slot|some time) for {TITLE}",
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
