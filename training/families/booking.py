"""A table booked for some guests in somebody's name."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, clock, day, identifier, integer, person

TABLE = (
    "(table|restaurant table|dinner table|lunch table|quiet table|table by the window|table "
    "outside|nice table)"
)
# How the number of guests and the name are said after "a table".
GUESTS = (
    "(for {guests}|for {guests} people|for {guests} guests|for a party of {guests}|for a group of "
    "{guests}|with {guests} seats|for {guests} persons|that seats {guests}|for {guests} diners)"
)
NAME = (
    "(under the name {name}|under {name}|in the name of {name}|in {name}'s name|with {name} as "
    "the name|on behalf of {name}|using the name {name})"
)

FAMILY = Family(
    name="booking",
    tools=(
        "(book|reserve|get|request|order) [restaurant|dinner|dining] table [for guests|for party]",
        "(make|create|new|place|request) [table|restaurant|dinner|guest] (reservation|booking)",
        "(table|restaurant|dinner) (booking|reservation|reserve|book|booker|reservations)",
        "(reserve|book) (seats|restaurant|restaurant seats|dining table)",
        "(reservation|booking) (make|create|new|request|service|api)",
        "(book|reserve|find|hold) (a table|table at restaurant|restaurant)",
        "(create|submit|add) (dining|table|dinner) (reservation|booking)",
        "(open table|dine in|diner) (reserve|booking|reservation)",
        "restaurant (reservation|booking) (create|service|agent|tool)",
        "(reservations|bookings) (create|add|submit|book)",
    ),
    descriptions=(
        "(Book|Reserve|Books|Reserves) a [restaurant|dinner] table[ (for (some|a number of) "
        "(guests|people)|in a name|under a name)][.]",
        "(Make|Makes|Create|Place) a [table|restaurant|dinner] (reservation|booking)[ (for "
        "(some|a number of) (guests|people)|under a name)][.]",
        "(Table|Restaurant|Dinner) (reservation|booking) (for some guests|for a party|under a "
        "name|in somebody's name)[.]",
        "(Reserves|Books|Holds) (seats|places|a table) (at|in) the restaurant[ for a party][.]",
        "(Creates|Submits|Makes) a (reservation|booking) at the restaurant and returns (a|its) "
        "(reference|confirmation)[.]",
        "Use this (tool|function) (when|if) the user wants to (book|reserve) a table[.]",
        "(Book|Reserve) a table for a (party|group) of a given size[.]",
        "(Restaurant|Table) reservations: (party size|number of guests) and name[.]",
    ),
    slots=(
        Slot(
            key="guests",
            kind=integer(1, 20),
            names=(
                "(guests|people|party size|seats|persons|guest count|group "
                "size|covers|party|number of guests|num guests|num people|headcount|pax|number "
                "of people|party count)"
            ),
            descriptions=(
                "(Number of|How many) (guests|people|persons|seats|diners)[.]",
                "(Party|Group) size[.]",
                "(Guests|People|Persons)[ (who come|at the table)][.]",
            ),
            asked="(number of guests|number of people|party size)",
        ),
        Slot(
            key="name",
            kind=person,
            names=(
                "(name|guest name|booking name|under name|customer|contact name|reserved "
                "for|holder|customer name|reservation name|full name|booked by|guest|last "
                "name|on name of)"
            ),
            descriptions=(
                "(The|Guest's|Customer's) name[ for the (booking|reservation)][.]",
                "Name (under|in) which (it|the table) is (booked|reserved)[.]",
                "(Who|Person who) (books|reserves|it is booked for)[.]",
            ),
            asked="name",
        ),
        Slot(
            key="time",
            kind=clock,
            names=(
                "(time|hour|arrival|arrival time|at time|start time|clock|reservation "
                "time|time slot|booking time)"
            ),
            descriptions=(
                "(The|Arrival|Starting) time[.]",
                "(Time|Hour) of (the booking|the reservation|arrival)[.]",
                "When the guests (come|arrive)[.]",
            ),
            asked="(time|hour)",
            optional=True,
            tails=(
                "at {time}",
                "(around|about|from) {time}",
                "for {time}",
                "(arriving|starting|coming) at {time}",
            ),
        ),
        Slot(
            key="day",
            kind=day,
            names=(
                "(day|date|when|on day|booking date|arrival day|reservation date|reservation "
                "day|visit date)"
            ),
            descriptions=(
                "(The|Which) (day|date)[.]",
                "(Day|Date) of the (booking|reservation|visit)[.]",
                "On which (day|date) the guests come[.]",
            ),
            asked="(day|date)",
            optional=True,
            tails=(
                "(for|on) {day}",
                "and make (it|that) {day}",
                "with {day} as the (day|date)",
            ),
        ),
    ),
    commands=(
        f"(book|reserve|get|get me|get us|find us|arrange|secure|order|hold|set aside) a {TABLE} "
        f"{GUESTS} {NAME}",
        "(book|reserve|get|arrange|secure|order|hold|set aside) (in the name of|on behalf "
        f"of|under the name) {{name}} a {TABLE} {GUESTS}",
        "(make|place|set up|put in|enter|create) a [dinner|lunch|table|new|restaurant] "
        f"(reservation|booking) {GUESTS} {NAME}",
        "(make|place|set up|put in|enter|create) a [dinner|lunch|table|new|restaurant] "
        f"(reservation|booking) {NAME} {GUESTS}",
        "(book|reserve|get|arrange|secure) (dinner|lunch|brunch|supper|breakfast) at the "
        f"restaurant for {{guests}} [people|guests|persons] {NAME}",
        "(book|reserve|secure|get|hold) {guests} (seats|places|chairs) [at the restaurant|for "
        f"dinner|for lunch] {NAME}",
        "(book|put|sign) (us|me) in for (dinner|lunch|brunch) at the restaurant, party of "
        f"{{guests}}, {NAME}",
        f"(call|ring|contact) the restaurant and (book|reserve|get) a {TABLE} {GUESTS} {NAME}",
        "(put|write|note|book|sign) {name} down for a "
        "(table|reservation|booking|dinner table) (for|of) {guests} [people|guests]",
        f"(book|reserve) a {TABLE}, {{guests}} (people|guests|persons|seats), (name|name:|in "
        "the name of|under) {name}",
        f"(reserve|book) for {{guests}} [people|guests|diners] {NAME}",
        f"(get|find|book|reserve) {{name}} a {TABLE} {GUESTS}",
        "(grab|snag|score|nab|sort) (us|me) a table for {guests} under {name}",
        f"(call ahead and|go ahead and|quickly) (book|reserve) a table for {{guests}} {NAME}",
        f"(book|reserve|get) a table for {{guests}} at {{time}} {NAME}",
        "(book|reserve|get) a table for {guests} {day} at {time}, (it's for|name is|under) {name}",
        f"(book|reserve|get) a table {{day}} for {{guests}} {NAME}",
        f"(see if you can get|try to get|try and get) (us|me) a table for {{guests}} {NAME}",
        "(get|squeeze|fit) (us|{guests} of us) in for dinner, {guests} people, (name|under) {name}",
        f"(find|get) a spot for {{guests}} {NAME}",
        f"(reserve|book) something for {{guests}} (people|of us) {NAME}",
        f"(reserve|book|hold) a (big|small|round|corner|cosy) table for {{guests}} {NAME}",
        "make it a table for {guests}, the (booking|reservation) goes under {name}",
        "(put|leave) (the|a) (reservation|booking) under {name}, {guests} (people|guests|of "
        "us) [in total]",
        "(organise|organize|sort out|plan) (a dinner|a meal|lunch|a birthday dinner) for "
        f"{{guests}} {NAME}",
        f"(lock in|confirm|request) a (booking|reservation) {NAME} for {{guests}} [people|guests]",
        f"book {{guests}} in for (dinner|lunch|brunch|drinks) {NAME}",
        "(book|reserve) (the usual table|our usual table|a table like last time) for {guests} "
        f"{NAME}",
        f"(save|keep) (us|me) a table for {{guests}} {NAME}",
        f"(save|hold) {{guests}} (seats|spots|places) (at {{time}}|for {{time}}) {NAME}",
        "(ask for|request) a table for {guests} (near the window|outside|in the back|on the "
        f"patio) {NAME}",
        f"(ring up|phone) the place and (get|book) (us|me) a table for {{guests}} {NAME}",
        "(arrange|set up) a (team lunch|family dinner|date night|business lunch) for {guests} "
        f"{NAME}",
        "(book|get) dinner for {guests}, name's {name}",
        "(use|take) {name} as the name and (book|reserve) a table for {guests}",
        "(book|reserve) for {name}, (party of|table of|group of) {guests}",
        "do a table (booking|reservation): {guests} (guests|people), name {name}",
        "(get|book) {name} and (friends|family|guests) a table for {guests}",
        "(register|log|add) a (booking|reservation) for {name}, {guests} (covers|guests|seats)",
    ),
    questions=(
        f"(i need|i want|i would like|i'd like|we need|we want|we would like|we'd like) a {TABLE} "
        f"{GUESTS} {NAME}",
        "(i need|i want|i would like|i'd like|we need|we want|we'd like) to (book|reserve) a "
        f"{TABLE} {GUESTS} {NAME}",
        "(is it possible|would it be possible|is there a way|is there any way) to "
        f"(book|reserve|get|have) a {TABLE} {GUESTS} {NAME}",
        "(is there|do they have|have they got|might there be) (a free table|a spare table|a table "
        f"left|a table) {GUESTS} to (book|reserve) {NAME}",
        "(table|reservation|booking|dinner table|table booking) for {guests}, (name|under|name "
        "of) {name}",
        f"(table|reservation|booking|dinner) {GUESTS} {NAME}",
        "{name}, (party of|table for|reservation for|a table for|booking for) {guests}",
        "(there are|there will be|we are|we will be|we'll be) {guests} [of us] for "
        "(dinner|lunch|brunch), (book|reserve) a table (under the name|under|in the name of) "
        "{name}",
        "{name} (needs|wants|would like|is looking for) (a table|a reservation|a booking|to book "
        "a table|to reserve a table) for {guests} [people|guests]",
        f"(would you mind|mind|how about) (booking|reserving|getting) a {TABLE} {GUESTS} {NAME}",
        "table, {guests} (people|guests|persons|seats), {name}",
        f"(can|could) (i|we) (get|have|book|reserve) a table for {{guests}} {NAME}",
        "(do you have|have you got|got|any chance of) (anything|a table|something free|space) "
        f"for {{guests}} {NAME}",
        f"(do you have|have you got|is there) (a table|anything) for {{guests}} at {{time}} {NAME}",
        "(is|would) {time} {day} (free|ok|possible) for {guests} people under {name}",
        f"(any chance|any way) (you can|you could|to) (book|reserve|get) {{guests}} seats {NAME}",
        "(could|can) {name} get a table for {guests} [people|guests]",
        f"(where|how) (can|do) (i|we) (book|reserve) a table for {{guests}} {NAME}",
        f"(are|would) there be tables for {{guests}} {NAME}",
        f"what about a (booking|reservation|table) for {{guests}} {NAME}",
        f"(think|reckon) you can (squeeze in|fit in|seat) {{guests}} [people|of us] {NAME}",
        f"(would|might) it be ok to (book|reserve) for {{guests}} {NAME}",
        "table for {guests} [please], name's {name}",
        f"got room for {{guests}} {NAME}",
    ),
    statements=(
        "(we're|there'll be|we'll be) {guests} (tonight|for dinner|for lunch|this time), "
        "(please book|book it) under {name}",
        "it's my (birthday|anniversary) and i'd like to take {guests} people out, "
        "(book|reserve) it under {name}",
        "(my parents|some friends|clients) are in town. Can you (book|get) a table for "
        f"{{guests}} {NAME}?",
        "i'm (organising|organizing|planning) a (dinner|lunch|small party) for {guests}, the "
        "name is {name}",
        "(hi|hello), a table for {guests} please, (name is|it's for|under) {name}",
        "hey, (we'd love|i'd love) to come for dinner. There are {guests} of us, name {name}",
        "(my boss|my manager|my wife|my husband) (wants|asked for|needs) a table for {guests} "
        f"{NAME}",
        "we (want to|would like to|are hoping to) eat out {day}, {guests} (people|of us), name "
        "{name}",
        "{name} here, (i need|i'd like|can i get) a table for {guests}",
        "party of {guests}, {name}.",
        "dinner {day}, {guests} people, {time}, under {name}",
        "this is {name}, (we'd like to reserve|we want to book) for {guests} (people|guests)",
        "my name is {name} and i (need|want|would like) a table for {guests}",
    ),
    missing={
        "guests": (
            f"(book|reserve|get|get us|arrange|secure|order) a {TABLE} {NAME}",
            "(make|place|set up|put in) a [dinner|lunch|table|new|restaurant] "
            f"(reservation|booking) {NAME}",
            f"(i need|i want|i would like|i'd like|we need|we'd like) a {TABLE} {NAME}",
            f"(is it possible|would it be possible|is there a way) to (book|reserve) a {TABLE} "
            f"{NAME}",
            "(table|reservation|booking|dinner table), (name|under|name of) {name}",
            "{name} (needs|wants|would like) (a table|a reservation|to book a table|to reserve a "
            "table)",
            f"(book|reserve) a {TABLE} for (some|a few|several) (people|guests|friends) {NAME}",
            f"(can|could) (i|we) (get|have|book) a table {NAME}",
            f"(i'm|we're) looking to (book|reserve) a table {NAME}",
            "my name is {name} and i (need|want|would like) a table",
            "(it's|this is) {name}, (i'd like to|we want to|can i) (book|reserve) a table",
            f"(grab|save|hold) (us|me) a table {NAME}",
            f"(book|reserve) dinner for (me and my friends|my family|the team|our group) {NAME}",
            f"(do you have|have you got) (a table|anything free) {NAME}",
            "we want to come (with the whole family|with some friends), name is {name}",
        ),
        "name": (
            f"(book|reserve|get|get us|arrange|secure|order) a {TABLE} {GUESTS}",
            "(make|place|set up|put in) a [dinner|lunch|table|new|restaurant] "
            f"(reservation|booking) {GUESTS}",
            f"(i need|i want|i would like|i'd like|we need|we'd like) a {TABLE} {GUESTS}",
            f"(is it possible|would it be possible|is there a way) to (book|reserve) a {TABLE} "
            f"{GUESTS}",
            "(table|reservation|booking|dinner table) for {guests} [people|guests|persons]",
            "(book|reserve|hold) {guests} (seats|places) [at the restaurant|for dinner|for lunch]",
            "(we are|we will be|there are|there will be) {guests} [of us] for (dinner|lunch), "
            "(book|reserve) a table",
            "(can|could) (i|we) (get|have|book) a table for {guests}",
            "(we're|we'll be|there are) {guests} (tonight|for dinner|for lunch), (please "
            "book|book us) a table",
            "(do you have|have you got|is there) (a table|anything|space) for {guests}",
            "(grab|snag|save) us a table for {guests}",
            "i'm (organising|planning) a dinner for {guests}",
            "(i'd like|i need|we need) (a table|something) for {guests} please",
            "(my boss|my wife|my friend) (wants|needs) a table for {guests}",
            "(squeeze|fit) {guests} of us in for (dinner|lunch)",
        ),
    },
    result={
        "status": choice("confirmed", "booked", "reserved", "pending"),
        "reference": identifier,
    },
    answers=(
        "The table for {guests} under the name {name} is {status}.",
        "Your table for {guests} is {status}; the number is {reference}.",
        "The booking of {name} is {status}: {reference}.",
    ),
)
