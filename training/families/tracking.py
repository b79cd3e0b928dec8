"""Following a parcel, an order or a flight."""

from __future__ import annotations

from training.dice import Dice
from training.family import Family, Slot, Value
from training.values import choice, day, digits, identifier, letters, place, text_kind

THING = "(parcel|package|order|shipment|delivery|flight|consignment|box)"
# What can be shipped and delivered: no flights.
GOODS = "(parcel|package|order|shipment|delivery)"


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
        "(get|fetch) (tracking info|shipment status|delivery status|eta|package location)",
        "(track|check) (order status|delivery|consignment|parcel status)",
        "(dhl|ups|fedex|postal) (track|tracking|status)",
        "(shipping|logistics|order) (status|tracker|lookup)",
        "(delivery|order) (eta|update|info)",
        "query (shipment|tracking number|order)",
    ),
    descriptions=(
        "(Track|Tracks|Trace|Follow|Follows|Locates) a (parcel|package|shipment|flight|"
        "delivery)(| by (its|the) (number|id|code))[.]",
        "(Get|Gives|Tells|Returns|Shows|Look up) (where|how far) a "
        "(parcel|package|shipment|delivery|"
        "flight) (is|has come)[.]",
        "(Status|Position|Progress) of (an order|a parcel|a shipment|a delivery|a flight)[.]",
        "(Parcel|Package|Order|Shipment) tracking[.]",
        "(Get|Retrieve|Fetch) (tracking information|the delivery status|the latest scan) "
        "(for|of) a (shipment|package|tracking number)[.]",
        "(Returns|Return) the (current location|status|status and location) (of|for) an "
        "(order|item)[ by id][.]",
        "(Use this|Call this) (when|if) the user asks where (an order|a package|a flight) is[.]",
        "(Check|Checks) (whether|if) a (package|order|parcel) has (arrived|shipped|been "
        "delivered)[.]",
    ),
    slots=(
        Slot(
            key="id",
            kind=number_of_thing,
            names=(
                "(id|number|tracking number|code|tracking id|reference|order id|tracking "
                "code|tracking no|shipment id|order number|package id|awb|parcel "
                "number|flight number)"
            ),
            descriptions=(
                "(The|Its) (number|id|code|tracking number|reference)[.]",
                "(Number|Id|Code|Reference)(| of the (parcel|order|shipment|flight|delivery))[.]",
                "(Tracking|Reference) (number|code|id)[.]",
                "(The|A) (tracking|shipment|order) (number|id) (as given by the user|to look "
                "up|printed on the label)[.]",
            ),
            asked="(tracking number|number|id|tracking code)",
        ),
        Slot(
            key="carrier",
            kind=choice("post", "courier", "express", "freight", "air", "sea"),
            names=(
                "(carrier|service|shipping "
                "method|company|via|shipper|courier|provider|delivery service)"
            ),
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
        "see where {id} (is|is now|is at|has got to|ended up)",
        "check [up] on {id} [for me]",
        "tell me (what's|what is) (up with|happening with|going on with) {id}",
        f"find out where my {GOODS} is, the (number|tracking number|id|code) is {{id}}",
        f"(find out|check|see) why {GOODS} {{id}} is (late|stuck|taking so long)",
        "look up [the] tracking [number|id|code] {id}",
        "run tracking on {id}",
        f"pull up [the] tracking [info|details] for [my {GOODS}] {{id}}",
        f"give me (an eta|the eta|an arrival date) for [{GOODS}] {{id}}",
        "let me know (if|whether) {id} (has shipped|has arrived|was delivered|is out for delivery)",
        f"see (if|whether) my {GOODS} {{id}} (has moved|was delivered|made it|cleared "
        "customs|is close)",
        "locate [the] tracking number {id}",
        f"find my {THING}: {{id}}",
        f"(track|trace|look up) this[ {THING}][ for me]: {{id}}",
        "get the (latest|current) (status|location|position|info) (of|on|for) {id}",
        "check where in the world {id} is",
        "(type|put|enter) {id} into the (tracker|tracking page|tracking system)",
        f"chase [up] my {GOODS} {{id}}",
        f"tell me how far along [my {GOODS}] {{id}} is",
        f"tell me how (long|much longer) [my {GOODS}] {{id}} will take",
        "check the (delivery date|delivery status|arrival time) of {id}",
        f"check the status of my {{carrier}} {GOODS} {{id}}",
        f"(track|trace|look up) [my {GOODS}] {{id}} (with|via|by) {{carrier}}",
        f"see how my {GOODS} is doing, (id|number|tracking number) {{id}}",
        f"find out what happened to [my {GOODS}] {{id}}",
        "(fetch|query|get) the shipment record for {id}",
        f"(update|fill) me (in on|on) [my {GOODS}] {{id}}",
        "check (if|whether) flight {id} (is on time|has landed|is delayed|has left)",
        "use {id} as the tracking (number|code|id) and (check the status|tell me where it is)",
        f"figure out where [my {GOODS}] {{id}} (went|is stuck|is)",
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
        f"(where's|wheres) [my {GOODS}] {{id}} [at|right now|rn]",
        "has {id} (shipped|arrived|left|been delivered|moved) [yet]",
        "when (will|does) {id} (get here|arrive|show up)",
        f"my {GOODS} (should have been here|was due|was supposed to come) (last week|days "
        "ago|ages ago), where is {id}",
        "i ordered (shoes|a book|a laptop|a gift)[ two weeks ago| ages ago], where is [order] {id}",
        f"any (news|update|updates|word) on [my {GOODS}] {{id}}",
        "(what's|whats) the (eta|holdup|status|latest) (on|for|with) {id}",
        "is {id} (stuck|lost|delayed|out for delivery|on the way) [rn|again]",
        "how (much longer|long) (will {id} take|for {id}|until {id} is here)",
        "did {id} (arrive|ship|go out|get delivered) [yet]",
        "(still|i'm still) waiting (on|for) {id}, (where is it|any news|what's going on)",
        f"(my|the) tracking number is {{id}}, (where is it|where's my {GOODS}|any update)",
        "{id}, (where is it|any update|when will it come|what's the eta)",
        f"{GOODS} {{id}} (pls|please|plz)",
        "(track|tracking) {id} (pls|please|plz)",
        "is [my] flight {id} (on time|delayed|cancelled)",
        "has [my] flight {id} (landed|taken off|left) [yet]",
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
            "track it [for me|please]",
            f"(find|locate|chase) (my|our) {GOODS}",
            f"see (if|whether) my {GOODS} (has shipped|arrived|is late|is out for delivery)",
            f"tell me where (my|our|the) {GOODS} is",
            f"find out why my {GOODS} is (late|stuck|delayed|not here)",
            f"check when my {GOODS} (arrives|gets here|is due)",
            "tell me (if|whether) my flight is (delayed|on time)",
            f"give me an update on my {GOODS}",
            f"track my {GOODS} (via|with) {{carrier}}",
            f"check the status of my {{carrier}} {GOODS}",
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
    statements=(
        f"i'm [still] waiting (on|for) [{GOODS}] {{id}} and (want|need) to know where it is",
        f"my {GOODS} {{id}} (never came|hasn't arrived|is late|seems lost). (Find out|Tell "
        "me|Check) where it is",
        "the (seller|shop|store) gave me (the number|the code) {id}. (Track it|Look it "
        "up|Check where it is)",
        f"i (need|want|would love) to know where [my {GOODS}] {{id}} is",
        f"my (boss|wife|customer|brother) (wants to know|is asking) where [{GOODS}] {{id}} is",
        "(here is|this is) my tracking (number|code): {id}",
        f"no idea where my {GOODS} {{id}} is",
        f"(i'm getting worried|i'm a bit worried) about [my {GOODS}] {{id}}",
        "i'm (home all day|about to leave). (Check|Tell me) when {id} (comes|arrives|is due)",
        "someone is (picking me up|waiting for me). Check (if|whether) flight {id} is on time",
        f"my {GOODS} {{id}} was sent (by|via) {{carrier}} and (never came|is late|i want to "
        "know where it is)",
        "i'm waiting for {id}, (sent|shipped) (by|via) {carrier}",
    ),
)
