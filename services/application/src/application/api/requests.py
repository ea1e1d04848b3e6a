"""What requests have in common: whose they are, and the key by which a repeated one is known."""

from uuid import UUID

from shared.errors import NotFound, Problem, Text
from shared.identity import Caller
from starlette.requests import Request

from application.domain.ids import ApplicationId, DocumentId, InvitationId, Owner, PersonId
from application.workflow.documents.documents import NO_DOCUMENT
from application.workflow.people.access import NOT_HERE

KEY_NEEDED = Text(
    "Bitte senden Sie im Kopf Idempotency-Key eine selbst gewählte Kennung mit (8 bis 255 Zeichen, zum Beispiel eine "
    "UUID). Mit derselben Kennung kann die Anfrage gefahrlos wiederholt werden.",
    "Please send a key of your own in the header Idempotency-Key (8 to 255 characters, for example a UUID). With the "
    "same key the request can be repeated safely.",
)

KEY_TWICE = Text(
    "Der Kopf Idempotency-Key steht zweimal da. Bitte senden Sie ihn nur einmal.",
    "The header Idempotency-Key is given twice. Please send it only once.",
)


class KeyMissing(Problem):
    """Without a key, a repeated request would be a second application."""

    status = 400
    kind = "idempotency-key-missing"
    title = Text("Der Idempotency-Key fehlt oder ist nicht brauchbar.", "The Idempotency-Key is missing or unusable.")


NOBODYS = UUID(int=0)


def owner_of(caller: Caller) -> Owner:
    """The account that asks.

    Raises:
        Forbidden: where the token's roles do not have `guardian`.
    """
    caller.require("guardian")
    return Owner(caller.subject)


def checked_key(request: Request, key: str | None) -> str:
    """The one key of a request. Of two, nobody guesses which was meant: it would be a second application."""
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise KeyMissing(KEY_TWICE, field="Idempotency-Key")
    if key is None or not is_key(key):
        raise KeyMissing(KEY_NEEDED, field="Idempotency-Key")
    return key


def is_key(key: str) -> bool:
    """8 to 255 printable signs of ASCII."""
    return 8 <= len(key) <= 255 and key.isascii() and key.isprintable()


def checked_text_key(key: str) -> str:
    """The key that a page drew for its form.

    Raises:
        KeyMissing: for what is none.
    """
    if not is_key(key):
        raise KeyMissing(KEY_NEEDED, field="key")
    return key


def application_id_of(text: str) -> ApplicationId:
    """What is no id is not there either."""
    try:
        return ApplicationId(UUID(text))
    except ValueError:
        raise NotFound(NOT_HERE) from None


def ticket_id_of(text: str) -> UUID:
    """What is no id names a ticket that nobody has: the answer is that of one that is not there."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODYS


def decision_id_of(text: str) -> UUID:
    """What is no id names a decision that nobody has: the answer is that of one that is not there."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODYS


def person_id_of(text: str) -> PersonId:
    """What is no id is nobody's: whether the application is there is told first."""
    try:
        return PersonId(UUID(text))
    except ValueError:
        return PersonId(NOBODYS)


def invitation_id_of(text: str) -> InvitationId:
    """What is no id is no invitation's: whether the application is there is told first."""
    try:
        return InvitationId(UUID(text))
    except ValueError:
        return InvitationId(NOBODYS)


def document_id_of(text: str) -> DocumentId:
    """Raises NotFound, as for a document that is not there, where this is no UUID."""
    try:
        return DocumentId(UUID(text))
    except ValueError:
        raise NotFound(NO_DOCUMENT) from None
