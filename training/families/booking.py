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
    ),
    descriptions=(
        "(Book|Reserve|Books|Reserves) a [restaurant|dinner] table[ (for (some|a number of) "
        "(guests|people)|in a name|under a name)][.]",
        "(Make|Makes|Create|Place) a [table|restaurant|dinner] (reservation|booking)[ (for "
        "(some|a number of) (guests|people)|under a name)][.]",
        "(Table|Restaurant|Dinner) (reservation|booking) (for some guests|for a party|under a "
        "name|in somebody's name)[.]",
        "(Reserves|Books|Holds) (seats|places|a table) (at|in) the restaurant[ for a party][.]",
    ),
    slots=(
        Slot(
            key="guests",
            kind=integer(1, 20),
            names="(guests|people|party size|seats|persons|guest count|group size|covers)",
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
            names="(name|guest name|booking name|under name|customer|contact name|reserved "
            "for|holder)",
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
            names="(time|hour|arrival|arrival time|at time|start time|clock)",
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
            names="(day|date|when|on day|booking date|arrival day|reservation date)",
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
