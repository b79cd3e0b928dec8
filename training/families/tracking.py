"""Following a parcel, an order or a flight."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import choice, day, digits, identifier, letters, place, text_kind

THING = "(parcel|package|order|shipment|delivery|flight|consignment|box)"


def _long(dice: Dice) -> str:
    roll = dice.random.random()
    if roll < 0.35:
        return letters(dice, 2, 2).upper() + digits(dice, 2, 4)
    if roll < 0.6:
        return digits(dice, 6, 12)
    if roll < 0.8:
        return letters(dice, 1, 3).upper() + digits(dice, 6, 10) + letters(dice, 0, 2).upper()
    return dice.one(("#", "ORD-", "PKG-", "no-", "T")) + digits(dice, 3, 8)


_long_number = text_kind(_long)


def number_of_thing(dice: Dice) -> Value:
    """Any identifier, or one like those that carriers, shops and airlines give."""
    return identifier(dice) if dice.chance(0.55) else _long_number(dice)


FAMILY = Family(
    name="tracking",
    tools=(
        "(track|trace|locate|follow) [a|my] (parcel|package|order|shipment|delivery|flight)",
        "(parcel|package|order|shipment|delivery|flight) (tracking|tracker|status|whereabouts)",
        "(get|check|look up|fetch|find) (parcel|package|order|shipment|delivery|flight) "
        "(status|position|progress)",
        "(tracking|shipment) (lookup|info|status)",
        "where is (parcel|package|order|shipment|flight)",
    ),
    descriptions=(
        "(Track|Tracks|Trace|Follow|Follows|Locates) a (parcel|package|shipment|flight|"
        "delivery)(| by (its|the) (number|id|code))[.]",
        "(Get|Gives|Tells|Returns|Shows|Look up) (where|how far) a "
        "(parcel|package|shipment|delivery|"
        "flight) (is|has come)[.]",
        "(Status|Position|Progress) of (an order|a parcel|a shipment|a delivery|a flight)[.]",
        "(Parcel|Package|Order|Shipment) tracking[.]",
    ),
    slots=(
        Slot(
            key="id",
            kind=number_of_thing,
            names="(id|number|tracking number|code|tracking id|reference|order id|tracking code)",
            descriptions=(
                "(The|Its) (number|id|code|tracking number|reference)[.]",
                "(Number|Id|Code|Reference)(| of the (parcel|order|shipment|flight|delivery))[.]",
                "(Tracking|Reference) (number|code|id)[.]",
            ),
            asked="(tracking number|number|id|tracking code)",
        ),
        Slot(
            key="carrier",
            kind=choice("post", "courier", "express", "freight", "air", "sea"),
            names="(carrier|service|shipping method|company|via)",
            descriptions=(
                "(The|Which) (carrier|service|shipping method)[.]",
                "(Carrier|Service) (used|that brings it|in charge)[.]",
            ),
            asked="(carrier|service)",
            optional=True,
            tails=(
                "(sent|shipped|coming|travelling) (by|via) {carrier}",
                "with {carrier} (service|delivery)",
                "via {carrier}",
                "the carrier is {carrier}",
            ),
        ),
    ),
    commands=(
        f"(track|trace|follow|locate|check on|look up|find) [the|my|our|this] {THING} "
        "[number|no.|with "
        "(the id|number|code|the code|reference)] {id}",
        "(check|look up|get|find|tell me|show me|give me|fetch|find out) the (status|position|"
        f"whereabouts|progress|tracking) of [my|the|our] {THING} {{id}}",
        f"(find out|tell me|check|see|let me know|show me) where [my|the|our] {THING} {{id}} "
        "(is|is now|"
        "is right now|has got to|has ended up)",
        f"(tell me|find out|see|check) (if|whether) [my|the|our] {THING} {{id}} (is on its way|has "
        "arrived|is late|has left|is delayed|has been delayed)",
        f"(find out|tell me|see|check) when [my|the|our] {THING} {{id}} (arrives|will arrive|gets "
        "here|"
        "is due|will be here)",
        "(track|trace|follow|look up|locate) {id} [for me|now]",
        "(use|take|enter) the (tracking number|tracking code|tracking id) {id} to "
        "(find|trace|locate|"
        f"track) [my|the|our] {THING}",
        "(do|run|make) a tracking (check|lookup|search) (for|on|with) {id}",
        "(give|get) me (an update|news|the latest|a status update) (on|about) [my|the|our] "
        f"{THING} "
        "{id}",
        f"(search|look) for [my|the|our] {THING} (with|by|under) (number|id|code|reference) {{id}}",
    ),
    questions=(
        f"where is [my|the|our] {THING} {{id}} [now|right now|at the moment]",
        f"(when|at what time|on what day) (does|will|should) [my|the|our] {THING} {{id}} "
        "(arrive|get "
        "here|come|be here)",
        f"(what is|what's) (the status of|happening with|going on with) [my|the|our] {THING} "
        "{id}",
        f"is [my|the|our] {THING} {{id}} (late|on time|on its way|delayed|lost|here yet|here now)",
        f"has [my|the|our] {THING} {{id}} (arrived|left|shipped|come|been sent) [yet|already]",
        f"{THING} {{id}} [status|tracking|whereabouts|update]",
        "(status of|tracking|tracking for|whereabouts of|update on|tracking number|news on) {id}",
        "{id} (status|tracking|where is it|arrived yet|on its way yet)",
        "i (need|want|would like) (an update on|news of|the status of|to know about) [my|the|our] "
        f"{THING} {{id}}",
        f"i am (waiting for|expecting|missing|worried about) [my|the|our] {THING} {{id}}",
        f"how (far away is|late is|long until i get) [my|the|our] {THING} {{id}}",
    ),
    missing={
        "id": (
            f"where (is|can i find) (my|the|our|that) {THING} [now|right now]",
            f"(track|trace|follow|locate|look up|check on) (my|the|a|our|that) {THING} [for "
            "me|now]",
            f"when (does|will|should) (my|the|our) {THING} (arrive|get here|come)",
            "(what is|what's|tell me|check) the (status|whereabouts|progress) of (my|the|our) "
            f"{THING}",
            f"i (want|need|would like) to (track|trace|locate|follow) (my|a|the|our) {THING}",
            f"(has|is) (my|the|our) {THING} (arrived|on its way|late|delayed|lost) [yet]",
        ),
    },
    result={
        "status": choice(
            "on its way", "delivered", "delayed", "packed", "at customs", "in transit"
        ),
        "location": place,
        "due": day,
    },
    answers=(
        "{id} is {status}, last seen in {location}.",
        "The status of {id} is {status} and it is due {due}.",
        "{id} is {status}.",
    ),
)
