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
    ),
    slots=(
        Slot(
            key="to",
            kind=email,
            names="(to|recipient|address|email|email address|to address|mail to|receiver)",
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
            names="(subject|title|subject line|heading|mail subject|topic|headline)",
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
            names="(body|text|content|message|mail body|mail text|body text|message body)",
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
