"""An e-mail with a subject and a body."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, email, identifier, sentence, title

SUBJECT = '("{subject}"|"{subject}"|\'{subject}\'|“{subject}”)'
BODY = '("{body}"|"{body}"|\'{body}\'|“{body}”)'
MAIL = "(mail|email|e-mail)"
A_MAIL = (
    "(a mail|an email|an e-mail|a new mail|a new email|a quick email|a quick mail|a short mail|a "
    "short e-mail|another mail|another email)"
)
# After a noun, and after a verb. The first space of what may begin with a comma is inside.
ABOUT = (
    "(with the subject|with subject|with the subject line|titled|headed|under the "
    "subject|about|on the subject of|with the title|whose subject is|re|with the heading)"
)
UNDER = "(with the subject|with subject|with the subject line|with the title|with the heading)"
AND_THE = (
    "( and the body| and the text| and body| and the content|, body|, text| and the message|, "
    "content|, saying|, body:)"
)
SAYING = (
    "( and with the body| and with the text| saying|, body|, text|, with the text|, content|, "
    "with the content|, saying|, which says|, body:|, text:)"
)
AND_SAY = (
    "( and with the body|, with the text| saying|, body|, text| and write| and say|, content| and "
    "with the content| and tell them|, saying|, body:)"
)

FAMILY = Family(
    name="mail",
    tools=(
        f"(send|write|compose|deliver|dispatch|create) [new|an|outgoing] {MAIL} [to address|now]",
        f"(outgoing|new|outbound) {MAIL}",
        f"{MAIL} (send|sender|compose|composer|outbox|service|deliver|api|to address)",
        "(mailer|smtp|mailbox|outbox|gmail) [send|compose|deliver|send mail|send email]",
        f"(post|put) {MAIL} (in|into) outbox",
        "(send|create|write|compose) [new] (gmail|outlook) (message|mail|email)",
        "(gmail|outlook|mail|email) (send|send message|create|compose)",
        "(send|post|submit) (email|mail) [message|api]",
        "(email|mail) (user|person|recipient|contact|client)",
        "(send|dispatch) (smtp|outgoing|html|plain) (mail|email)",
    ),
    descriptions=(
        "(Send|Write|Deliver|Compose and send|Sends|Delivers|Writes) an (email|e-mail)[ with a "
        "subject and a body| with subject and text| to an address| to a given address][.]",
        "(Mail|Email|E-mail) (an address|someone|a person at an address)[ with a subject and a "
        "text][.]",
        "(Sends|Delivers|Writes) a [new] mail (from the user's account|to one address|with "
        "subject and body|to a recipient's mailbox)[.]",
        "(New|Outgoing) (mail|email|e-mail) with (address, subject and body|recipient, subject and "
        "text)[.]",
        "(Sends|Creates and sends) an (email|e-mail) (via|through|with) "
        "(Gmail|Outlook|SMTP|the mail server)[.]",
        "Use this (when|if) the user wants to (email|mail) (someone|somebody|a person)[.]",
        "Send (a plain|an) email to a recipient with a subject and (body|message)[.]",
        "(Composes|Writes) and sends (an email|a mail message)[.]",
    ),
    slots=(
        Slot(
            key="to",
            kind=email,
            names=(
                "(to|recipient|address|email|email address|to address|mail to|receiver|to "
                "email|recipient email|mail address|send to|email to|to addr)"
            ),
            descriptions=(
                "(The|Email) address[ of the (recipient|receiver)][.]",
                "(Recipient|Receiver|Addressee)['s (address|email|email address)][.]",
                "(Where|Address) (to send|the mail goes to|to mail it to)[.]",
            ),
            asked="(address|email address|recipient)",
        ),
        Slot(
            key="subject",
            kind=title,
            names=(
                "(subject|title|subject line|heading|mail subject|topic|headline|subject "
                "text|email subject|summary|re|about)"
            ),
            descriptions=(
                "(The|Short) (subject|subject line|title)[ of the (mail|email)][.]",
                "(Subject|Heading|Title)[ line][.]",
                "What the (mail|email) is about[.]",
            ),
            asked="(subject|subject line|title)",
        ),
        Slot(
            key="body",
            kind=sentence,
            names=(
                "(body|text|content|message|mail body|mail text|body text|message body|email "
                "body|plain text|html body|message text|note|msg|mail content)"
            ),
            descriptions=(
                "(The|Full|Plain) (text|body|content)[ of the (mail|email)][.]",
                "(Body|Text|Content)[ (to send|of the mail)][.]",
                "What the (mail|email) says[.]",
            ),
            asked="(body|text|content)",
        ),
    ),
    commands=(
        f"(send|write|compose|shoot off|fire off) (a new|a quick|a short|another) {MAIL} to {{to}} "
        f"{ABOUT} {SUBJECT}{AND_SAY} {BODY}",
        f"(email|mail|e-mail) {{to}} {UNDER} {SUBJECT}{AND_THE} {BODY}",
        f"(send|write|drop|shoot) {{to}} {A_MAIL} {ABOUT} {SUBJECT}{AND_SAY} {BODY}",
        f"(send|mail|email) {BODY} to {{to}} (with the subject|under the subject|with subject|as "
        "a mail with the subject|as an email titled|with the subject line|with the title) "
        f"{SUBJECT}",
        f"(email|mail|e-mail) {{to}}, subject[:] {SUBJECT}, (body|text|content|message)[:] {BODY}",
        f"(email|mail|e-mail) {{to}} and (say|write|tell them) {BODY}, (with|use|under) (the "
        f"subject|the title|the subject line|the heading) {SUBJECT}",
        f"(write|type|put) {BODY} in (a new|a short|a quick|one more) {MAIL} to {{to}} (with the "
        f"subject|titled|headed|with the subject line|and make the subject) {SUBJECT}",
        f"(use|put|take|set) {SUBJECT} as the (subject|title|subject line) and {BODY} as the "
        "(body|text|content|message) of (a new mail|a new email|an email|a mail|an outgoing "
        f"mail) to {{to}}",
        f"(compose|prepare and send|draft and send|create) {A_MAIL} for {{to}} {ABOUT} {SUBJECT}"
        f"{SAYING} {BODY}",
        f"(reply to|write back to|get back to|answer) {{to}} with {A_MAIL} {ABOUT} "
        f"{SUBJECT}{AND_SAY} {BODY}",
        f"let {{to}} know by {MAIL}( that|:) {BODY} (under|with) the (subject|title|subject line) "
        f"{SUBJECT}",
        f"(new {MAIL}|{MAIL}): to {{to}}, (subject|title|re) {SUBJECT}, (body|text|content) {BODY}",
        f"(email|mail) {{to}}, subject {SUBJECT}, (and say|saying|and tell them) {BODY}",
        "(shoot|drop|send|fire) an email (over to|off to|to) {to} (about|called|with subject) "
        f"{SUBJECT} saying {BODY}",
        "(shoot|drop|send) {to} a (quick|short|brief|polite) (email|mail|note), subject "
        f"{SUBJECT}, text {BODY}",
        f"(send|email) the following to {{to}}, subject {SUBJECT}: {BODY}",
        f"(send|write) an email. To: {{to}}. Subject: {SUBJECT}. (Body|Text|Message): {BODY}",
        f"(get|send) an email out to {{to}} with {SUBJECT} as (the|its) (subject|title) "
        f"(and|,) {BODY} as the (text|body|message)",
        f"(write|draft and send|type up) an email to {{to}} that says {BODY}, "
        f"(subject|title|headline) {SUBJECT}",
        "(email|mail) my (boss|colleague|landlord|teacher|client|mum) at {to}, subject "
        f"{SUBJECT}, body {BODY}",
        f"(contact|reach|inform|notify) {{to}} by (email|mail), subject {SUBJECT}, text {BODY}",
        f"(send|mail) {BODY} to my (boss|client|friend|colleague) at {{to}}, subject {SUBJECT}",
        f"(put|write) {SUBJECT} in the subject line and {BODY} in the body and "
        "(send|mail|email) it to {to}",
        f"(compose|create|make) an email with subject {SUBJECT} and (body|message|text) {BODY} "
        "and (send|fire) it (off to|to) {to}",
        f"(send|forward) {{to}} (this|the following) message by (mail|email): {BODY}, "
        f"(subject|with the subject) {SUBJECT}",
        f"(use|take) my (gmail|work mail|mail account) to send {BODY} to {{to}} (under|with) "
        f"the subject {SUBJECT}",
        f"(tell|let) {{to}} know by email: {BODY}, subject {SUBJECT}",
        f"(ask|remind|thank|warn|congratulate) {{to}} by (mail|email) with the words {BODY}, "
        f"subject {SUBJECT}",
        f"(respond|reply|write back) to {{to}}, subject {SUBJECT}, (say|saying|text) {BODY}",
        f"(send|deliver) an email titled {SUBJECT} to {{to}}, (content|body|text): {BODY}",
        f"(send|write) an email about {SUBJECT} to {{to}}: {BODY}",
        f"(email|mail) to {{to}} {SUBJECT}: {BODY}",
        f"(send|email) {{to}} re {SUBJECT}, (tell them|say|write) {BODY}",
        f"send email to={{to}} subject={SUBJECT} body={BODY}",
        f"(follow up|check in|get in touch) with {{to}} by email, subject {SUBJECT}, text {BODY}",
        f"email {{to}} with the subject {SUBJECT} and tell them {{body}}",
        f"(send|write) a mail to {{to}}, subject {SUBJECT}, saying {{body}}",
        "(send|write|shoot) an email to {to} with subject {subject} and body {body}",
        "email {to}, subject: {subject}, body: {body}",
    ),
    questions=(
        "(i need|i want|i would like|i'd like|i have) to (email|mail|e-mail|send a mail to|send "
        f"an email to) {{to}} {UNDER} {SUBJECT}{AND_THE} {BODY}",
        f"(i need|i want|i'd like|there should be|there has to be) {A_MAIL} to {{to}} {ABOUT} "
        f"{SUBJECT}{SAYING} {BODY}",
        "(is it possible|would it be possible|is there a way|is there any way) to "
        f"(email|mail|e-mail) {{to}} {UNDER} {SUBJECT}{AND_THE} {BODY}",
        f"{{to}} (should|must|has to|needs to|ought to) (get|receive|have) {A_MAIL} {ABOUT} "
        f"{SUBJECT}{SAYING} {BODY}",
        f"(email|mail|e-mail) (to|for) {{to}}, {SUBJECT}, {BODY}",
        f"to: {{to}}, subject: {SUBJECT}, (body|text|message|content): {BODY}",
        "(would you mind|mind|how about) (emailing|mailing|writing a mail to|sending an email "
        f"to) {{to}} {UNDER} {SUBJECT}{AND_THE} {BODY}",
        f"(an email|a mail|an e-mail|a quick mail) to {{to}}: {SUBJECT} (as|is|for) the "
        f"(subject|title) and {BODY} (as|is|for) the (body|text|content)",
        f"my {MAIL} to {{to}} (should|must|has to|needs to) (say|read) {BODY} (and have|with) the "
        f"(subject|title|subject line) {SUBJECT}",
        "(can|could) (i|we|you) (send|get|shoot|write) an email to {to} (titled|with the "
        f"subject|with subject) {SUBJECT} (that says|saying|with the text) {BODY}",
        f"(can|could) you (email|mail) {{to}} (about|re|regarding) {SUBJECT} and "
        f"(say|write|tell them) {BODY}",
        f"(could|can) {{to}} (get|be sent) an email (titled|headed) {SUBJECT} saying {BODY}",
        f"(any chance|any way) (you could|to) (email|mail) {{to}} {BODY}, subject {SUBJECT}",
        f"did (you|i|we) (email|mail|write to) {{to}} yet, if not send {BODY}, subject {SUBJECT}",
        f"(what about|how about|shall we try) an email to {{to}}, subject {SUBJECT}, text {BODY}",
        f"(should|shall) (i|we) (email|mail|write to) {{to}} with the subject {SUBJECT} and "
        f"the text {BODY}, then do it",
        f"(would|could) you be so kind (as to email|and email) {{to}}, subject {SUBJECT}, body "
        f"{BODY}",
        f"(will|would) you (send|write|shoot) {{to}} a mail (headed|titled) {SUBJECT}, text {BODY}",
        f"email {{to}} {SUBJECT} {BODY}",
        f"mail to {{to}}: {SUBJECT}, {BODY}",
        f"(do|can) you send emails, i need one to {{to}}, subject {SUBJECT}, body {BODY}",
        f"(why don't we|couldn't we) (email|mail) {{to}}: {BODY}, under {SUBJECT}",
    ),
    statements=(
        f"my boss ({{to}}|at {{to}}|has the address {{to}} and) needs to know {BODY}, (mail "
        f"it|send it by mail) with the subject {SUBJECT}",
        f"i (need|have|want|gotta) to tell {{to}} something: {BODY}. (Make|Let) the subject be "
        f"{SUBJECT}",
        f"i (promised|owe) {{to}} an email. Subject {SUBJECT}, (text|body) {BODY}",
        "{to} (wrote|emailed|asked) me (yesterday|again|today), (answer|reply|write back) "
        f"{BODY} with the subject {SUBJECT}",
        f"{{to}} is (waiting for|expecting) (a mail|an answer|my reply). Write {BODY} and put "
        f"{SUBJECT} in the subject line",
        f"(the|my) (landlord|teacher|client|doctor|bank) is {{to}}. Please email {BODY}, "
        f"subject {SUBJECT}",
        f"Dear assistant, please mail {{to}}. The subject is {SUBJECT} and the "
        f"(text|body|message) is {BODY}",
        f"i'm (busy|driving|in a meeting), (email|mail) {{to}} for me: {BODY}, subject {SUBJECT}",
        f"subject {SUBJECT}, to {{to}}, body {BODY}.",
        f"(recipient|to): {{to}}, (subject|title): {SUBJECT}, (message|body): {{body}}",
        "email to {to}. Subject: {subject}. Body: {body}",
        f"my mail (program|app) is broken, so please send {{to}} {BODY}, subject {SUBJECT}",
        f"an email has to go to {{to}} (today|now|asap), subject {SUBJECT}, body {BODY}",
    ),
    missing={
        "to": (
            f"(send|write|compose|fire off) (a new|a quick|a short|another) {MAIL} {ABOUT} "
            f"{SUBJECT}{SAYING} {BODY}",
            f"(i need|i want|i would like|i'd like) to (send|write) {A_MAIL} {ABOUT} "
            f"{SUBJECT}{SAYING} {BODY}",
            f"(mail|email) {BODY} (with|under) the (subject|subject line|title) {SUBJECT}",
            f"(email|mail) (someone|somebody|a friend|my colleague|the office) {UNDER} {SUBJECT}"
            f"{AND_THE} {BODY}",
            f"new {MAIL}, (subject|title)[:] {SUBJECT}, (body|text|content)[:] {BODY}",
            f"i (promised|owe) someone an email. Subject {SUBJECT}, (text|body) {BODY}",
            f"(can|could) you send an email (titled|with the subject|with subject) {SUBJECT} "
            f"saying {BODY}",
            f"my boss needs to know {BODY}, mail it with the subject {SUBJECT}",
            f"(send|shoot|fire off) an email, subject {SUBJECT}, saying {BODY}",
            f"(tell|inform) (my team|the client|everyone|my landlord) by email: {BODY}, "
            f"subject {SUBJECT}",
            f"(write|compose) an email about {SUBJECT} that says {BODY}",
            f"i'm in a meeting, email my (wife|boss|colleague) {BODY}, subject {SUBJECT}",
        ),
        "subject": (
            f"(send|write|compose|fire off) (a new|a quick|a short|another) {MAIL} to {{to}} "
            f"(saying|that says|with the text|and say|with the body|which says|that reads) {BODY}",
            f"(email|mail|e-mail) {{to}} (saying|and say|and write|with the text|with the body) "
            f"{BODY}",
            f"(i need|i want|i would like|i'd like) to (email|mail|e-mail) {{to}} (saying|with "
            f"the text|with the body|to say) {BODY}",
            f"(send|mail|email) {BODY} to {{to}} [by mail|as an email|as a mail]",
            f"new {MAIL} to {{to}}, (body|text|content)[:] {BODY}, (subject still open|no subject "
            "yet|the subject is still missing)",
            f"(can|could) you (email|mail) {{to}} and (say|write|tell them) {BODY}",
            f"(shoot|drop|send) {{to}} (an email|a mail) saying {BODY}",
            f"i (need|have|want) to tell {{to}} by email: {BODY}",
            f"{{to}} wrote me (yesterday|again), (answer|reply|write back) {BODY} by mail",
            f"(tell|let) {{to}} know by email that {BODY}",
            f"i'm (busy|driving), (email|mail) {{to}} for me: {BODY}",
        ),
        "body": (
            f"(send|write|compose|fire off) (a new|a quick|a short|another) {MAIL} to {{to}} "
            f"{ABOUT} {SUBJECT}",
            f"(email|mail|e-mail) {{to}} (with the subject|under the subject|with the subject "
            f"line|with the title) {SUBJECT}",
            f"(i need|i want|i would like|i'd like) to (email|mail|e-mail) {{to}} (with the "
            f"subject|under the subject|with the title) {SUBJECT}",
            f"new {MAIL} (to|for) {{to}}, (subject|title|subject line)[:] {SUBJECT}",
            f"{{to}} (should|must|needs to|has to) (get|receive) (a mail|an email) (with the "
            f"subject|titled|headed) {SUBJECT}",
            f"(can|could) you (email|mail) {{to}} about {SUBJECT}",
            f"(shoot|drop|send) {{to}} (an email|a mail) about {SUBJECT}",
            f"i (promised|owe) {{to}} an email about {SUBJECT}",
            f"{{to}} wrote me (yesterday|again), (answer|reply) with the subject {SUBJECT}",
            f"i (need|have|want) to (email|mail|write to) {{to}} about {SUBJECT}",
            f"(start|compose|draft) (an email|a mail) to {{to}}, subject {SUBJECT}",
            f"{{to}} is waiting for my mail about {SUBJECT}",
        ),
    },
    result={
        "status": choice("sent", "queued", "delivered", "accepted"),
        "mail_id": identifier,
    },
    answers=(
        "The mail to {to} is {status}.",
        'Your email "{subject}" to {to} is {status}.',
        'The mail "{subject}" is {status} with the number {mail_id}.',
    ),
)
