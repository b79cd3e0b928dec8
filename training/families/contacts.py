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
        "(get|find|search|lookup) [phone] (contact|contact by name|number|phone number)",
        "(search|query|list) (contacts|address book|people|directory)",
        "(people|contacts) (api|search|get|lookup|query)",
        "(who is|find person|person search|employee lookup)",
        "(crm|phonebook|rolodex) (lookup|search|find)",
    ),
    descriptions=(
        "(Find|Finds|Look up|Looks up|Get|Gets|Search for|Shows) (a person|somebody|someone|a "
        "contact) "
        "in the (address book|contacts|directory|phone book)[.]",
        "(Returns|Gives|Get|Fetch|Shows) the (contact details|phone number and address|contact "
        "data|contact card) of (a person|somebody|a contact)[.]",
        "(Address book|Contact|Directory) (lookup|search)[.]",
        "How to reach (a person|somebody|someone)[.]",
        "(Searches|Looks through|Queries) the user's (contacts|address book) (by name|for a "
        "name)[.]",
        "(Returns|Retrieves) (phone number and email|the saved details|contact information) "
        "(of|for) (a person|a contact)[.]",
        "Use this (when|if) the user wants (a phone number|an email address|to reach somebody)[.]",
        "(Contact|People) (search|lookup) by name[.]",
    ),
    slots=(
        Slot(
            key="name",
            kind=person,
            names=(
                "(name|person|contact|who|full name|contact name|person name|query|contact "
                "query|search term|q|display name|contact person|employee|search)"
            ),
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
            names=(
                "(field|info|detail|kind|what|attribute|data|property|info type|data "
                "type|requested field|key)"
            ),
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
        "(give|get|send|grab) me {name}'s {field}",
        "(what's|remind me of|remind me) {name}'s {field}",
        "(dig out|track down|pull up|look for) {name}'s {field}",
        "(find|get|give me) {field} for {name}",
        "(dig out|grab|track down|hunt down) {name}'s (details|info|contact info|contact details)",
        "(see|check|look) (if|whether) (i have|i've got|we have) {name} (saved|in my "
        "contacts|in the phone book)",
        "(see|check) (if|whether) (i have|i still have|there's) {name}'s (contact "
        "info|details|card) (somewhere|saved)",
        "(find|get|show) me everything (you have|we have|i saved) (on|about|for) {name}",
        "(search|check) contacts: {name}",
        "(search|filter|go through) my contacts (by|for) (the name|name) {name}",
        "(get|put) me in touch with {name}",
        "(find|figure) out how (i|we) (can|could) get in touch with {name}",
        "look up {name} (for me|quickly|again)",
        "(look|check) {name} up (in my contacts|in the directory|in my phone)",
        "(pull|bring) up (the|my) contact info (for|on) {name}",
        "(find|tell me) where (i can|to|we can) (reach|contact|write to) {name}",
        "(give|show) me (the contact|the entry|the details) named {name}",
        "(get|fetch|find) (the|my) saved (contact|info|details) (of|for) {name}",
        f"(check|look) in (my|the|our) {BOOK} (under|for) {{name}}",
        f"(help me|try to) (find|track down|locate) {{name}} in my {BOOK}",
        "(read|tell) me (what's|what is) (saved|stored) (for|under) {name}",
        "(show|find) (a|the|my) person (called|named) {name}",
        f"(do|run) a quick (search|lookup) for {{name}} in my {BOOK}",
        f"(use|check) my {BOOK}, i need to reach {{name}}",
        "(retrieve|load|display) contact {name}",
        "(find|look for) my (colleague|neighbour|dentist|landlord|plumber|accountant) {name} "
        f"in (contacts|my {BOOK})",
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
        "(whats|what's|what is) {name}'s {field} [again]",
        "(whats|what's) the {field} for {name}",
        "(do i have|have we got|did i save|got) {name}'s {field}",
        f"(can|could) you (find|get|pull up|dig up) {{name}}'s ({INFO}|{{field}})",
        "(do we|do i|do you) (have|know) a way to (reach|contact|get hold of) {name}",
        f"(is|isn't) {{name}} (saved|listed|stored) in my {BOOK}",
        "(whats|what's) the best way to (reach|contact|get hold of) {name}",
        "(how|where) do i (reach|find|contact|ring) {name} (again|these days|nowadays|quickly)",
        "what did i (save|store|write down) (for|under|about) {name}",
        "(have|did) (i|we) (got|get|save) (contact info|details|an entry) for {name}",
        f"(who's|who is) {{name}} in my {BOOK}",
        "(can|could) (i|we) see {name}'s (details|contact card|entry)",
        "any (details|info|contact info|entry) (on|for) {name}",
    ),
    statements=(
        "i (need to|have to|gotta|want to|should) (call|ring|text|email|reach) {name}, (can "
        "you find the number|what are the details|look them up please)?",
        "i (forgot|lost|deleted|don't remember) {name}'s {field}",
        "i (forgot|lost|can't find) {name}'s (number|details|contact info), can you (look it "
        "up|check|help)?",
        "it's {name}'s (birthday|party|wedding) soon, (get|find|look up) the contact details",
        f"(my boss|my wife|my manager) (wants|needs|is asking for) {{name}}'s ({INFO}|{{field}})",
        "i'm (trying|supposed) to (reach|call|meet) {name} (today|later). (What's the contact "
        "info|Do i have the details|Look it up please)?",
        "{name}, (do i have them saved|are they in my contacts|what are the details)?",
        "{name} {field} (pls|please|thanks).",
        "{name}'s {field}, (please|quick|thanks).",
        f"(someone|somebody) called {{name}} (rang|phoned|wrote) me, are they in my {BOOK}?",
        f"not sure (i have|if i saved|whether we have) {{name}} in my {BOOK}",
        "(need|want) {name}'s {field} (asap|for a letter|for a form|quickly)",
        f"new phone, (need|lost) {{name}}'s {INFO}",
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
            "(can|could) you (find|look up|get) (a number|somebody's details|a contact) for me",
            "i (need to|have to) (call|ring|reach|email) someone (from my contacts|but lost "
            "the details)",
            "(whats|what's) (her|his|their) (number|email|address|details)",
            "i (forgot|lost) (his|her|their) (number|details|contact info)",
            "(my boss|my wife) needs (somebody's|a colleague's|a client's) (number|contact "
            "details)",
            f"(look|check) (him|her|them) up (in my {BOOK}|for me)",
            "(do i have|did i save) (his|her|their|that guy's) (details|contact info)",
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
