"""A message, text or chat to a person."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, flag, identifier, person, sentence

# The text always stands in quotes, for a tail may follow it.
TEXT = '("{text}"|"{text}"|\'{text}\'|“{text}”)'
# After a noun, and after an order: their first space is inside, for a colon has none.
SAYING = (
    "( saying| that says| which says| with the text| with the words| reading| that reads|:| with "
    "this text:| containing| that goes| that just says)"
)
AND_SAY = (
    "( saying| that says| with the text| with the words| reading| that reads|:| and say| and "
    "write| to say| and tell them| with this text:| telling them)"
)
MESSAGE = (
    "(message|text|text message|chat message|dm|direct message|note|quick message|short message|"
    "whatsapp message|brief text|new message|quick text|quick sms|new sms)"
)
A_MESSAGE = f"(a {MESSAGE}|a {MESSAGE}|a {MESSAGE}|an sms|an instant message|another message)"

FAMILY = Family(
    name="message",
    tools=(
        "send [new|text|chat|instant|direct|phone] (message|sms|chat|dm|text) "
        "[to (person|contact|friend|user|someone)]",
        "(message|text|sms|dm|chat with) (person|contact|friend|recipient|someone)",
        "(sms|messenger|chat|instant message|text message) (send|sender|service|api|post)",
        "(write|post|deliver|compose|dispatch) [chat|text|direct] (message|sms|dm)",
        "(messages|messaging|chat|sms) (send|post|deliver|write)",
        "(send|create|post) (sms|text|text message|whatsapp|im)",
        "(send|post) (whatsapp|slack|telegram|signal) [message]",
        "(whatsapp|slack|telegram|messenger) (send|message|send message)",
        "(twilio|messages|im) (send|create|send sms)",
        "(notify|text|ping) (contact|user|person|member)",
    ),
    descriptions=(
        "(Send|Write|Deliver|Post|Sends|Delivers) (a [new|short|text|chat|direct] message|an "
        "sms|a new sms|an instant message) to (a person|a contact|someone|a friend|a user)[.]",
        "(Text|Message|Sms) (a person|a contact|someone|one of the user's contacts)[.]",
        "(Sends|Delivers|Passes on) what the user (writes|says|wants to say) to (a person|a "
        "contact) (as a text message|as a chat message|by sms|in a chat)[.]",
        "(Text|Chat|Direct|Instant) message to a [named|given] (person|contact|recipient)[.]",
        "(Sends|Posts) (a text|an sms|a whatsapp message|a chat message) to (a contact|a phone "
        "contact|someone)[.]",
        "Use this (when|if) the user wants to (text|message|write to) (someone|somebody)[.]",
        "Send (a short message|a message|an sms) to a (contact|recipient|user)[.]",
        "(Delivers|Sends) a (text|message) through (WhatsApp|the messaging app|SMS|chat)[.]",
    ),
    slots=(
        Slot(
            key="to",
            kind=person,
            names=(
                "(to|recipient|contact|person|receiver|name|contact name|to whom|recipient "
                "name|to contact|send to|user|username|friend|to name)"
            ),
            descriptions=(
                "(The|Name of the) (person|recipient|contact|receiver)[.]",
                "(Who|Person who|The one who) (gets|receives|is sent) (it|the message)[.]",
                "(Recipient|Contact|Person)[ (to write to|of the message)][.]",
            ),
            asked="(recipient|person|contact)",
        ),
        Slot(
            key="text",
            kind=sentence,
            names=(
                "(text|message|body|content|message text|msg|message body|words|what|sms "
                "body|content text|text message|message content|message to send|contents)"
            ),
            descriptions=(
                "(The|Full) (text|content|body|wording)[ of the message][.]",
                "What (to say|to write|the message says|is sent)[.]",
                "(Message|Text|Words) to (send|deliver|write)[.]",
            ),
            asked="(text|message|wording)",
        ),
        Slot(
            key="urgent",
            kind=flag("urgent", "not urgent"),
            names=(
                "(urgent|is urgent|urgency|important|high priority|rush|high importance|is "
                "important|priority high|asap|is high priority)"
            ),
            descriptions=(
                "(Whether|If) (it|the message) is urgent[.]",
                "(True|Set) if [it is] urgent[.]",
                "Urgent or not[.]",
            ),
            asked="urgency",
            optional=True,
            tails=(
                "[and] (mark|flag|tag) (it|this) [as] {urgent}",
                "(since|as) it is {urgent}",
                "(marked|flagged|tagged) [as] {urgent}",
                "and (make|keep) it {urgent}",
            ),
        ),
    ),
    commands=(
        f"(send|write|shoot|drop) {{to}} {A_MESSAGE}{AND_SAY} {TEXT}",
        f"(send|write|post|get|shoot off|fire off) {A_MESSAGE} to [my friend|our colleague] {{to}}"
        f"{AND_SAY} {TEXT}",
        "(text|message|dm|sms|ping|tell|write to|write|whatsapp) [my friend|my colleague|my "
        f"neighbour] {{to}}[ that| and say| saying| to say| the following:| this:|:|:] {TEXT}",
        f"(send|text|message|write|forward|pass on|say|deliver) {TEXT} to [my friend|my cousin] "
        f"{{to}} [as a message|as a text|by sms|in the chat|in a chat|by text|as a dm]",
        f"let {{to}} know[ by text| by sms| in a message| in the chat][ that|:] {TEXT}",
        f"(say|write) {TEXT} (to {{to}} in the chat|in my chat with {{to}}|in a message to "
        f"{{to}}|in a text to {{to}}|to {{to}} by sms)",
        f"(answer|reply to|get back to|respond to) {{to}} [by text|by sms|in the chat] "
        f"(with|saying|and say|and write|with the words|by saying) {TEXT}",
        "(open|go to|use) (the|my|our) chat with {to} and (write|say|type|post|send|enter) "
        f"[the words|the text|the line|the message] {TEXT}",
        f"(get|send|pass) (word|a note|a line|a quick word) to {{to}}( saying| that|:) {TEXT}",
        f"[send|new] (message|text|sms|dm|chat) to {{to}}: {TEXT}",
        f"(compose|draft and send|type|prepare and send) {A_MESSAGE} for {{to}}{SAYING} {TEXT}",
        f"(tell|inform|remind|notify) {{to}} (by text|by sms|in a message|in the chat|over chat)"
        f"( that|:) {TEXT}",
        "(shoot|drop|send|write) {to} a (quick|short|little|nice) "
        f"(text|message|note){AND_SAY} {TEXT}",
        "(send|shoot|fire) a (quick|short|brief) (text|message|sms) (over to|off to|to) "
        f"{{to}}{SAYING} {TEXT}",
        f"(hit up|text|ping|dm|message) {{to}}{AND_SAY} {TEXT}",
        "(text|message|whatsapp) my (mum|dad|wife|husband|boss|sister|brother|roommate) "
        f"{{to}}{AND_SAY} {TEXT}",
        "(ask|remind|warn|thank|tell) {to} (by text|via text|in a text|on whatsapp|over "
        f"whatsapp|via sms): {TEXT}",
        f"(send|forward|pass) this (on to|along to|to) {{to}}: {TEXT}",
        f"(send|text) {{to}} exactly this: {TEXT}",
        f"(message|text|write) {{to}} on (whatsapp|telegram|signal|slack){AND_SAY} {TEXT}",
        f"(reply|write back|respond) to {{to}}{AND_SAY} {TEXT}",
        f"(leave|give|get) {{to}} a (message|note|text){SAYING} {TEXT}",
        f"(let {{to}} know|make sure {{to}} knows)[:| this:] {TEXT}",
        f"(type|put|write) {TEXT} (into|in) (the|my|our) chat with {{to}} [and send it|and hit "
        "send]",
        f"(get|put) a (text|message|line) (through|out) to {{to}}{SAYING} {TEXT}",
        f"(send|deliver|pass) the (message|words|text) {TEXT} (on to|along to|to) {{to}}",
        f"(send|shoot|write) {TEXT} to {{to}} (on whatsapp|via sms|via chat|as a text)",
        f"(start|open) a chat with {{to}}, (first message|text|message|say|write): {TEXT}",
        f"(contact|inform|notify|alert) {{to}} (via|by) (sms|text|chat|message){AND_SAY} {TEXT}",
        f"(tell|text|message) {{to}} (quickly|right now|real quick)[:| that|,] {TEXT}",
        "(send|write) a (birthday|thank you|sorry|good luck|good morning) (text|message) to "
        f"{{to}}{SAYING} {TEXT}",
        f"(use|take) my phone (and text|to text|to message) {{to}} {TEXT}",
        f"(tell|text|answer) {{to}} for me[:| that] {TEXT}",
        f"(say|text) hi to {{to}} and (add|write|include) {TEXT}",
        f"send to {{to}} the text {TEXT}",
        f"send message to={{to}} text={TEXT}",
        "(give|send) {to} the following (heads up|update|reminder|info)[ by text| by sms]: "
        f"{TEXT}",
        f"(send|text|write) {{to}} back{AND_SAY} {TEXT}",
    ),
    questions=(
        f"(i need|i want|i would like|i'd like|i have) to (text|message|dm|write to|tell) {{to}}"
        f"( that| this:|:| the following:) {TEXT}",
        f"(i need|i want|i'd like|there should be|there has to be) {A_MESSAGE} to {{to}}{SAYING} "
        f"{TEXT}",
        "(is it possible|would it be possible|is there a way|is there any way) to "
        f"(text|message|dm|sms|tell) {{to}}[ that|:] {TEXT}",
        f"{{to}} does not know yet, so (text|message|tell|write) them {TEXT}",
        f"(text|message|sms|dm|chat|msg) {{to}} {TEXT}",
        f"{{to}} (should|must|has to|needs to|ought to) (get|receive|read|have|see) {A_MESSAGE}"
        f"{SAYING} {TEXT}",
        f"{{to}} (should|needs to|must|has to) (hear|know|read) [from me] (by text|in a "
        f"message|by sms|in the chat|over chat)[ that|:] {TEXT}",
        f"(mind|would you mind|how about) (texting|messaging|sending {A_MESSAGE} to|writing "
        f"to|pinging) {{to}}( to say| saying|:) {TEXT}",
        f"{TEXT} (is what i want to (text|say to|write to)|should go to|goes to|has to reach) "
        f"{{to}} (in a message|by sms|in the chat|by text)",
        f"(sms|text|message|dm|new message), to: {{to}}, (text|message|body|content): {TEXT}",
        f"{{to}} (is waiting|waits) for my {MESSAGE}, (it should say|make it say|the text is) "
        f"{TEXT}",
        f"(can|could) (you|i|we) (text|message|dm|ping|tell) {{to}}[ that|:] {TEXT}",
        f"(can|could) you (send|shoot|drop|write) {{to}} a (text|message|quick text){SAYING} "
        f"{TEXT}",
        f"(can|could) you let {{to}} know[ that|:] {TEXT}",
        f"(will|would) you (text|message|tell) {{to}} {TEXT} (for me|please)",
        f"(could|can) {{to}} (get|be sent) a (text|message){SAYING} {TEXT}",
        f"(any chance|any way) (you can|you could|to) (text|message|tell) {{to}} {TEXT}",
        f"did (you|i|we) (text|message|tell|write to) {{to}} yet, if not send {TEXT}",
        f"(shall|should) (i|we) (text|message|tell) {{to}} {TEXT}, (just do it|then send it)",
        f"(how about|what about) (texting|telling|messaging) {{to}} {TEXT}",
        f"(does|did) {{to}} know already, if not (text|write|tell them) {TEXT}",
        f"msg {{to}}: {TEXT}",
        f"text to {{to}}{SAYING} {TEXT}",
        f"(quick|urgent|short) (text|message|sms) (to|for) {{to}}: {TEXT}",
    ),
    statements=(
        f"i'm (running late|busy|driving|in a meeting), (text|message|tell) {{to}} {TEXT} (for "
        "me|please|thanks)",
        f"(my phone is|my hands are) (broken|full|wet), (can|could) you text {{to}} {TEXT}?",
        f"{{to}} (is waiting|is worried|is asking|wants an answer), (tell them|write|text) {TEXT}",
        f"i (promised|forgot) to (text|message|write) {{to}}. (Send|Write|Just say) {TEXT}",
        f"i (have to|need to|gotta|want to|should) (tell|text|message) {{to}}: {TEXT}",
        f"it's {{to}}'s birthday (today|tomorrow)! (Send|Text|Write) {TEXT}",
        f"{{to}} just (texted|wrote|messaged) me, (reply|answer|write back) {TEXT}",
        "i'm (meeting|seeing|visiting) {to} (later|tonight|soon), (text them|send|let them "
        f"know) {TEXT}",
        "(text|message|tell|ping) {to}, {text}.",
        "(let {to} know|say to {to},|write to {to}:) {text}.",
        "(tell|text|message|inform|notify|remind|write) {to} that {text}.",
        "(send|write) {to} a (message|text|note): {text}.",
        "(send a message to|send a text to|message|text|ping) {to}: {text}.",
        "(let {to} know|say to {to}) that {text}.",
        "(can|could|would) you (text|message|tell|remind) {to} (that|saying) {text}?",
        "(can|could) you (let {to} know that|text {to}:|send {to} this:) {text}?",
        "please (text|message|tell|remind) {to} that {text}",
        "please let {to} know that {text}",
        "i (have to|need to|want to) tell {to} that {text}",
        "to {to}: {text}",
        "{to} (should|needs to|must) know that {text}",
    ),
    missing={
        "to": (
            f"(send|write|post|shoot off|fire off) {A_MESSAGE}{SAYING} {TEXT}",
            f"(send|text|write|deliver|pass on) {TEXT} (as a message|by sms|as a text|in a "
            "chat|by text)",
            f"(i need|i want|i'd like|i would like) to (send|write) {A_MESSAGE}{SAYING} {TEXT}",
            "(text|message|tell|dm|write to) (someone|somebody|a friend|a colleague|one of my "
            f"contacts)[ that|:| saying] {TEXT}",
            f"(is it possible|is there a way) to send {A_MESSAGE}{SAYING} {TEXT}",
            f"new (message|text|sms|dm): {TEXT}",
            f"i'm (running late|driving|in a meeting), (text|tell) (them|her|him|my friend) {TEXT}",
            f"(can|could) you (text|message|tell) (her|him|them|someone): {TEXT}",
            f"(send|shoot|write) a (quick|short) (text|message|sms){SAYING} {TEXT}",
            f"i (promised|forgot) to (text|write) someone. Send {TEXT}",
            f"it's my friend's birthday! Send {TEXT}",
            f"(reply|write back|respond) {TEXT}",
            f"let (them|him|her) know: {TEXT}",
        ),
        "text": (
            f"(send|write|drop|shoot) {{to}} {A_MESSAGE}",
            f"(send|write|post|compose) {A_MESSAGE} (to|for) {{to}}",
            "(text|message|dm|sms|ping|write to|whatsapp) {to} [for me|now|right away]",
            "(i need|i want|i'd like|i would like|i have) to (text|message|dm|send a message "
            "to|write to|send an sms to|send a quick text to) {to}",
            "(tell|let) {to} (something|know something) (by text|by sms|in a message|in the chat)",
            f"(is it possible|is there a way|would it be possible) to send {A_MESSAGE} to {{to}}",
            "(reply to|answer|get back to|respond to) {to} [by text|by sms|in the chat]",
            "new (message|text|sms|dm) (to|for) {to}",
            "i'm running late, (text|message) {to}",
            "(can|could) you (text|message|write to|ping) {to} [for me]",
            "i (promised|forgot) to (text|message|write to) {to}",
            "{to} (is waiting|just wrote me|wants an answer), (reply|answer|text them|write "
            "back) please",
            "(shoot|drop|send) {to} a (quick|short) (text|message|note) [please]",
            "it's {to}'s birthday! Send a (text|message)",
            "let {to} know [by text|by sms]",
            "(does|did) {to} know already, if not send a (text|message)",
        ),
    },
    result={
        "status": choice("sent", "delivered", "queued", "read"),
        "message_id": identifier,
    },
    answers=(
        "The message to {to} is {status}.",
        "Your message to {to} is {status}; its number is {message_id}.",
        'I wrote "{text}" to {to}: {status}.',
    ),
)
