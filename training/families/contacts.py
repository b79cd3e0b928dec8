"""Looking a person up in the address book."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, email, person, phone

INFO = "(contact|contact details|details|contact data|contact info|contact card|data|information)"
BOOK = "(address book|contacts|phone book|contact list|directory)"

FAMILY = Family(
    name="contacts",
    tools=(
        "(find|get|look up|search|fetch|show|read) [a|my] (contact|contacts|contact "
        "details|contact "
        "info|contact card)",
        "(contact|contacts|address book|phone book|directory) (lookup|search|find|entry|info)",
        "(look up|find|search) (in|from) (address book|phone book|contacts|directory)",
        "(find|look up) (person|somebody|people) [in address book|in contacts]",
        "(person|people) (details|lookup|directory)",
        "(address book|phone book)",
    ),
    descriptions=(
        "(Find|Finds|Look up|Looks up|Get|Gets|Search for|Shows) (a person|somebody|someone|a "
        "contact) "
        "in the (address book|contacts|directory|phone book)[.]",
        "(Returns|Gives|Get|Fetch|Shows) the (contact details|phone number and address|contact "
        "data|contact card) of (a person|somebody|a contact)[.]",
        "(Address book|Contact|Directory) (lookup|search)[.]",
        "How to reach (a person|somebody|someone)[.]",
    ),
    slots=(
        Slot(
            key="name",
            kind=person,
            names="(name|person|contact|who|full name|contact name|person name)",
            descriptions=(
                "(The|Name of the|Which) (person|contact)[.]",
                "(Name|Person)(| to (find|look up)| in the address book)[.]",
                "(Who|Whose details)(| to look up)[.]",
            ),
            asked="(name|person|contact)",
        ),
        Slot(
            key="field",
            kind=choice("phone", "email", "address", "birthday"),
            names="(field|info|detail|kind|what|attribute|data)",
            descriptions=(
                "(The|Which) (field|detail|piece of information)(| is wanted| to return)[.]",
                "(Field|Detail) (of the contact|to look up|wanted)[.]",
                "What to (look up|return|find)[.]",
            ),
            asked="(field|detail|information)",
            optional=True,
            tails=(
                "[just|only] the {field}",
                "[and] (give|tell|show|read) me the {field}",
                "(i mean|i need|i want|namely|especially) the {field}",
                "[and] (return|fetch) (only|just) the {field}",
                "(for|to get|to find) the {field}",
                "field {field}",
            ),
        ),
    ),
    commands=(
        "(find|look up|get|fetch|show me|give me|tell me|pull up|i need|check) {name}'s {field}",
        "(find|look up|get|fetch|show me|give me|tell me|check) the {field} (of|for) {name}",
        f"(go and|quickly|just) (find|look up|get|fetch|check|pull up) {{name}}'s {INFO}",
        f"(find|look up|get|fetch|pull up|retrieve) the {INFO} (i have|we have|you "
        f"have|stored|kept) (for|of) {{name}}",
        "(find|look up|look for|search for) [my friend|my colleague|my neighbour|our client] "
        f"{{name}} in (the|my|our) {BOOK} [now|for me|right away|again|quickly]",
        f"(use|open|consult|ask|take) (the|my|our) {BOOK} to (find|look up|reach|get) {{name}} "
        "[now|for me|right away|again|quickly]",
        "(dig up|get hold of|track down|help me find) the (details|contact details|entry) "
        "(of|for) {name}",
        "(help me|let me|allow me to) (reach|contact|get in touch with|look up|get hold of) "
        "{name} [today]",
        f"(find|look up|get|fetch|show me|give me|pull up|search for|read me|tell me) {{name}}'s "
        f"{INFO}",
        f"(find|look up|get|fetch|show me|give me|pull up|check) the {INFO} (of|for) {{name}}",
        f"(find|look up|look for|search for|check for) {{name}} in (the|my|our) {BOOK}",
        f"(search|check|go through|look through) (the|my|our) {BOOK} for {{name}}",
        "(look up|find|check|pull up) [my contact|our colleague|the person called|the one named] "
        "{name}",
        "(find out|tell me|see|check) how (to reach|i can reach|to contact|i can get hold of|i "
        "get in "
        "touch with) {name}",
        "(open|show me|pull up|bring up) {name}'s (contact card|card|entry|contact entry) [in my "
        f"{BOOK}]",
        f"(check|see|find out) what is in (the|my|our) {BOOK} (about|under|for) {{name}}",
        "(open|show me|pull up|bring up|find) the (entry|contact card|card|contact) (of|for) "
        "{name}",
        "(do|run|make) a contact (search|lookup) for {name}",
    ),
    questions=(
        "(what is|what's|do you know|do we have) {name}'s {field}",
        "(what is|what's) the {field} of {name}",
        "(how|where) (can|could) (we|i) (reach|contact|get in touch with|get hold of|ring up) "
        "{name}",
        f"where in (the|my|our) {BOOK} (is|do i find|can i see|do we keep|should i look for) "
        f"{{name}}",
        "(any|got any|got the|have we any) (contact details|details|contact data) (of|for) {name}",
        "(do you know|have you any idea|do we know) how to (reach|contact|get hold of|find) {name}",
        "(what are|where are|where do i find) {name}'s (contact details|details|contact data)",
        "(what are|where do i find) the (contact details|details|contact data) (of|for) {name}",
        "how (do|can|could|would|might) i (reach|contact|get hold of|get in touch with|find) "
        "{name} "
        "[these days|now]",
        f"(is|do you see|do we have) {{name}} in (the|my|our) {BOOK}",
        f"(do i|do we|do you) have {{name}}'s {INFO}",
        "{name} (contact|contact details|in my contacts|contact info|contact card)",
        "(contact|contact details|details|entry|contact info) (for|of) {name}",
        f"i (need|want|would like|am looking for|lost) {{name}}'s {INFO}",
        "i (need|want|have|would like) to (reach|contact|look up|find|get hold of) {name} "
        "[today|now]",
        f"what is there in (the|my|our) {BOOK} (on|about|for|under) {{name}}",
        "(who|where) (is|was) {name} in (the|my|our) (address book|phone book|contact list)",
    ),
    missing={
        "name": (
            "(find|look up|get|fetch|show me|pull up) (somebody|someone|a person|a contact|a "
            "friend) "
            f"in (the|my|our) {BOOK}",
            "(find|look up|get|show me|pull up) (a|the|that) (contact|contact card|person's "
            "details|contact entry)",
            "i (need|want|would like) (somebody's|someone's|a person's|a friend's) "
            "(contact details|details|contact card)",
            f"(search|check|look through) (the|my|our) {BOOK} [for somebody|for me|for someone]",
            "how (do|can|could) i (reach|contact|get hold of) (him|her|them|this person|that "
            "person)",
        ),
    },
    result={
        "phone": phone,
        "email": email,
    },
    answers=(
        "{name} has the number {phone} and the email {email}.",
        "You can reach {name} at {phone} or {email}.",
        "The entry of {name}: {phone}, {email}.",
    ),
)
