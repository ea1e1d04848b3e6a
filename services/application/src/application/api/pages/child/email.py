"""How the e-mail address of a family stands: a part of its child's page, for the owner alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Text

from application.domain.application import View
from application.domain.contact import Contact, ContactState
from application.form import ApplicationForm


@dataclass(frozen=True)
class EmailView:
    """How a family's address stands, in words."""

    address: str
    text: Text
    wishes: Mapping[str, Text]
    """What can be asked for, by its name in the form."""
    is_warning: bool = False


LINK = Text("Neuen Bestätigungslink schicken", "Send another confirmation link")
NOTHING_MAILED = Text(
    "Hier werden keine E-Mails verschickt.",
    "No e-mails are sent here.",
)
NO_ADDRESS = Text(
    "Sie haben keine E-Mail-Adresse angegeben. Alles Neue steht auf dieser Seite. Mit einer Adresse bekommen Sie einen "
    "Hinweis, sobald hier etwas Neues liegt.",
    "You have given no e-mail address. All that is new is shown on this page. With an address you get a hint as soon "
    "as there is something new.",
)
STATES: Mapping[ContactState | None, Text] = {
    None: Text(
        "Diese Adresse ist noch nicht bestätigt. Bis dahin gehen keine Hinweise dorthin.",
        "This address is not confirmed yet. Until then no hints go there.",
    ),
    ContactState.UNCONFIRMED: Text(
        "Diese Adresse ist noch nicht bestätigt. Bitte öffnen Sie den Link in der E-Mail, die wir dorthin geschickt "
        "haben, und sehen Sie auch im Spam-Ordner nach. Bis dahin gehen keine Hinweise dorthin.",
        "This address is not confirmed yet. Please open the link in the e-mail that we have sent there, and look into "
        "the spam folder too. Until then no hints go there.",
    ),
    ContactState.CONFIRMED: Text(
        "Sobald hier etwas Neues liegt, bekommen Sie einen Hinweis.",
        "As soon as there is something new here, you get a hint.",
    ),
    ContactState.FAILED: Text(
        "Ihre E-Mail-Adresse nimmt keine Nachrichten an. Bitte prüfen Sie, ob sie richtig geschrieben und das Postfach "
        "nicht voll ist. Neue Bescheide bekommen Sie bis dahin mit der Post.",
        "Your e-mail address takes no messages. Please check whether it is spelt right and the mailbox is not full. "
        "Until then new notices come by post.",
    ),
}
STOPPED = Text(
    "Sie bekommen nur noch einen Hinweis, wenn ein Bescheid bereitliegt. Fragen und Tickets stehen auf dieser Seite.",
    "You get a hint only when a notice is ready. Questions and tickets are shown on this page.",
)


def email_view(view: View, contact: Contact | None, *, is_mailed: bool) -> EmailView:
    """For the page of one child, whose owner alone sees it.

    Args:
        is_mailed: mails are sent here.
    """
    address = ApplicationForm.model_validate_json(view.application.form).guardian.email or ""
    if not is_mailed:
        return EmailView(address, NOTHING_MAILED, {})
    if not address:
        return EmailView("", NO_ADDRESS, {})
    state = contact.state if contact else None
    if contact is None or state is not ContactState.CONFIRMED:
        return EmailView(address, STATES[state], {"link": LINK}, is_warning=True)
    if contact.wants_hints:
        stop = Text("Hinweise abstellen", "Stop hints")
        return EmailView(address, STATES[state], {"stop": stop})
    return EmailView(address, STOPPED, {"start": Text("Hinweise wieder schicken", "Send hints again")})
