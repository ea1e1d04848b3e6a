"""What mails to families say: that something is to be read, and where. No name, no child, nothing of the matter."""

from collections.abc import Mapping

from shared.errors import Text
from shared.mail import MailTemplate

from application.workflow.mails.giving import CONFIRM
from application.workflow.mails.hints import DOCUMENT, DRAFT, QUESTION, TICKET

SIGN_IN = Text(
    "Zur Anmeldung (Sie können die Adresse auch selbst in den Browser eintippen):",
    "To the sign-in (you can also type the address into the browser yourself):",
)
STOP = Text(
    "Sie möchten solche Hinweise nicht mehr? Auf der Seite Ihres Kindes, unter „E-Mail“, können Sie sie abstellen.",
    'You do not want such hints any more? On the page of your child, under "E-mail", you can stop them.',
)

MAIL_TEMPLATES: Mapping[str, MailTemplate] = {
    CONFIRM: MailTemplate(
        Text("Bitte bestätigen Sie Ihre E-Mail-Adresse", "Please confirm your e-mail address"),
        (
            Text(
                "Diese E-Mail-Adresse wurde angegeben, um Hinweise zu bekommen, wenn im Portal etwas Neues liegt. "
                "Waren Sie das, dann öffnen Sie bitte diesen Link und drücken dort auf „Bestätigen“. Er gilt sieben "
                "Tage.",
                "This e-mail address was given so that hints go there when there is something new in the portal. If it "
                'was you, please open this link and press "Confirm" there. It is good for seven days.',
            ),
            Text(
                "Waren Sie das nicht, dann müssen Sie nichts tun: Ohne Bestätigung bekommen Sie keine Hinweise.",
                "If it was not you, there is nothing to do: without a confirmation you get no hints.",
            ),
        ),
        Text("Zum Bestätigen:", "To confirm:"),
    ),
    DOCUMENT: MailTemplate(
        Text("Im Portal liegt ein Dokument für Sie bereit", "A document is ready for you in the portal"),
        (
            Text(
                "Im Portal liegt ein Dokument für Sie bereit. Bitte melden Sie sich bald an, und laden Sie es "
                "herunter: Damit können Fristen beginnen.",
                "A document is ready for you in the portal. Please sign in soon and download it: periods may begin "
                "with it.",
            ),
        ),
        SIGN_IN,
    ),
    QUESTION: MailTemplate(
        Text("Im Portal wartet eine Frage auf Ihre Antwort", "A question waits for your answer in the portal"),
        (
            Text(
                "Im Portal wartet eine Frage auf Ihre Antwort. Bis wann Sie antworten können, steht dort.",
                "A question waits for your answer in the portal. It says there until when you can answer.",
            ),
            STOP,
        ),
        SIGN_IN,
    ),
    TICKET: MailTemplate(
        Text("Im Portal liegt etwas Neues für Sie bereit", "Something new is ready for you in the portal"),
        (
            Text(
                "Im Portal liegt etwas Neues für Sie bereit. Bitte melden Sie sich an, um es abzuholen.",
                "Something new is ready for you in the portal. Please sign in to fetch it.",
            ),
            STOP,
        ),
        SIGN_IN,
    ),
    DRAFT: MailTemplate(
        Text("Was Sie begonnen haben, wird bald gelöscht", "What you have begun is deleted soon"),
        (
            Text(
                "Sie haben im Portal etwas begonnen und noch nicht abgeschickt. Es wird bald gelöscht. Möchten Sie es "
                "behalten, dann öffnen Sie es mit dem Link, den Sie sich gespeichert haben, oder nach der Anmeldung, "
                "und schreiben Sie weiter.",
                "You have begun something in the portal and not sent it yet. It is deleted soon. If you want to keep "
                "it, open it by the link that you have saved, or after signing in, and go on.",
            ),
            Text(
                "Brauchen Sie es nicht mehr, dann müssen Sie nichts tun.",
                "If you do not need it any more, there is nothing to do.",
            ),
        ),
        SIGN_IN,
    ),
}
"""By the name in the row of a mail."""
