"""The words that stand on passes, in German and English; the page's own words are in its templates. Pure."""

from dataclasses import dataclass
from datetime import time

from shared.birth_dates import BirthDate
from shared.errors import Language, Text
from shared.formats import format_birth_date, format_day

from wallet_pass.domain.designs import PHOTO_DOCUMENT, Design
from wallet_pass.domain.passes import Pass, State, Validity
from wallet_pass.domain.tickets import Ticket

VALID_FROM = Text("Gültig ab", "Valid from")
VALID_UNTIL = Text("Gültig bis", "Valid until")
WAS_VALID_UNTIL = Text("Galt bis", "Was valid until")
VALIDITY = Text("Gültigkeit", "Validity")
BIRTH_DATE = Text("Geburtsdatum", "Date of birth")
TICKET = Text("Ticket", "Ticket")
HOLDER = Text("Inhaberin / Inhaber", "Holder")
NUMBER = Text("Ticketnummer", "Ticket number")
ISSUER = Text("Herausgeber", "Issued by")
ORGANISATION = Text("Organisation (VDV-KA)", "Organisation (VDV-KA)")
STATUS = Text("Status", "Status")
ISSUED = Text("Ausgestellt", "Issued")
REVOKED = Text("Gesperrt – gilt nicht mehr", "Revoked – no longer valid")
REVOKED_SHORT = Text("Gesperrt", "Revoked")
"""The same for the narrow place at the top of a pass."""
EXPIRED = Text("Abgelaufen – gilt nicht mehr", "Expired – no longer valid")
EXPIRED_SHORT = Text("Abgelaufen", "Expired")
NOT_BEFORE = Text("Nicht gültig vor dem", "Not valid before")
"""True also on a phone that hears nothing on the first day."""
SUSPENDED = Text("Ausgesetzt – gilt vorerst nicht", "Suspended – not valid for now")
SUSPENDED_SHORT = Text("Ausgesetzt", "Suspended")
DESCRIPTION = Text("Schülerticket für Bus und Bahn", "Student ticket for bus and train")
PAGE = Text("Ihr Ticket im Internet", "Your ticket on the web")
CHECKING = Text("Kontrolle", "Inspection")
HELP = Text("Hilfe", "Help")
ONLY_WITH = Text("Nur gültig mit", "Only valid with")
CHECKING_WITH = Text(
    "Bitte bei der Kontrolle den Barcode vorzeigen, dazu: {document}. Das Ticket gilt nur für die genannte Person.",
    "Please show the barcode when tickets are checked, together with: {document}. The ticket is valid only for the "
    "person named.",
)
CHECKING_HINT = Text(
    "Bitte bei der Kontrolle den Barcode vorzeigen, dazu einen Ausweis mit Lichtbild, zum Beispiel den Schülerausweis. "
    "Das Ticket gilt nur für die genannte Person.",
    "Please show the barcode when tickets are checked, together with a photo ID, for example the pupil's card. "
    "The ticket is valid only for the person named.",
)
REVOKED_HINT = Text(
    "Dieses Ticket ist gesperrt. Es gilt nicht mehr, auch nicht auf Papier.",
    "This ticket is revoked. It is no longer valid, not even on paper.",
)
SUSPENDED_HINT = Text(
    "Dieses Ticket ist ausgesetzt. Es gilt nicht, auch nicht auf Papier, bis es wieder freigegeben wird. "
    "Dann kommt der Barcode von selbst zurück. Fehlt er noch, öffnen Sie bitte die Seite des Tickets und fügen Sie es "
    "der Wallet neu hinzu.",
    "This ticket is suspended. It is not valid, not even on paper, until it is restored. "
    "Then its barcode comes back by itself. If it is still missing, please open the ticket's page and add it to the "
    "wallet anew.",
)
EXPIRED_HINT = Text(
    "Dieses Ticket ist abgelaufen. Es gilt nicht mehr, auch nicht auf Papier. Für ein neues Ticket stellen Sie bitte "
    "einen neuen Antrag.",
    "This ticket has expired. It is no longer valid, not even on paper. Please apply again for a new ticket.",
)
ENDS_EARLY = Text("Ende der Bewilligung", "End of the grant")
EARLY_END = Text(
    "Auf dem Ticket steht „gültig bis {signed}“. Die Bewilligung endet aber am {ends}: So lange gilt das Ticket, "
    "danach ist es gesperrt.",
    "The ticket says “valid until {signed}”. But the grant ends on {ends}: the ticket is good until then, and revoked "
    "after it.",
)
VALID_UNTIL_CHANGED = Text("Ihr Ticket gilt jetzt bis %@.", "Your ticket is now valid until %@.")
STATUS_CHANGED = Text("Ihr Ticket: %@", "Your ticket: %@")


@dataclass(frozen=True)
class Line:
    """What stands in one place of a front; a date is the same in both languages."""

    label: Text
    value: Text


@dataclass(frozen=True)
class StateWording:
    """How a pass tells its state."""

    status: Text
    instead: Text | None
    """Stands where the end of validity stands, as long as the ticket is not good."""
    hint: Text


_OF_STATES = {
    State.VALID: StateWording(ISSUED, None, CHECKING_HINT),
    State.NOT_YET_VALID: StateWording(ISSUED, None, CHECKING_HINT),
    State.EXPIRED: StateWording(EXPIRED, EXPIRED_SHORT, EXPIRED_HINT),
    State.SUSPENDED: StateWording(SUSPENDED, SUSPENDED_SHORT, SUSPENDED_HINT),
    State.REVOKED: StateWording(REVOKED, REVOKED_SHORT, REVOKED_HINT),
}
_OF_VALIDITIES = {
    Validity.GOOD: State.VALID,
    Validity.SUSPENDED: State.SUSPENDED,
    Validity.VOID: State.REVOKED,
}


def state_wording(state: State) -> StateWording:
    """The words for a state. Before its first day a ticket is issued as it is later, so that no phone calls at midnight
    to say that it is good now."""
    return _OF_STATES[state]


def hint(design: Design, state: State) -> Text:
    """What to do with the pass."""
    said = state_wording(state).hint
    return with_document(design, CHECKING_HINT, CHECKING_WITH) if said is CHECKING_HINT else said


def with_document(design: Design, usual: Text, named: Text) -> Text:
    """What is to be shown beside the ticket, in the same words wherever it is read: pass, page, paper.

    Args:
        usual: where any document with a photo is good.
        named: with `{document}`, where the authority wants one of its own.
    """
    if design.document == PHOTO_DOCUMENT:
        return usual
    document = design.document
    return Text(named.de.format(document=document.de), named.en.format(document=document.en))


def header(wallet_pass: Pass, state: State) -> Line:
    """For the narrow place at the top, which alone is seen while passes lie in a stack."""
    instead = state_wording(state).instead
    if instead is not None:
        return Line(STATUS, instead)
    if state is State.NOT_YET_VALID:
        return Line(VALID_FROM, _in_both(inspectors_date(wallet_pass.ticket.first_day)))
    return Line(VALID_UNTIL, _in_both(last_day(wallet_pass)))


def headline(wallet_pass: Pass, state: State) -> Line | None:
    """What stands largest, on a watch too, in the place of the name; None while the ticket is good."""
    shown = state_wording(state)
    if shown.instead is not None:
        return Line(STATUS, shown.status)
    if state is State.NOT_YET_VALID:
        return Line(NOT_BEFORE, _in_both(inspectors_date(wallet_pass.ticket.first_day)))
    return None


GOOD_AGAIN = Text("Ihr Ticket gilt, und zwar bis {day}.", "Your ticket is valid, until {day}.")


def news_of(wallet_pass: Pass) -> Text:
    """What has changed, for a notification."""
    if not wallet_pass.bears_barcode:
        return state_wording(_OF_VALIDITIES[wallet_pass.validity]).hint
    day = last_day(wallet_pass)
    return Text(GOOD_AGAIN.de.format(day=day), GOOD_AGAIN.en.format(day=day))


PRODUCTS = {
    9995: Text("Deutschlandticket Schule", "Deutschlandticket Schule"),
    9999: Text("Deutschlandticket", "Deutschlandticket"),
}
OTHER_PRODUCT = Text("Schülerticket", "Student ticket")


def product_name(product: int) -> Text:
    """The VDV-KA product's name; 9995 and 9999 are the same all over Germany, others belong to one association."""
    return PRODUCTS.get(product, OTHER_PRODUCT)


def state_sentence(wallet_pass: Pass, state: State) -> Text | None:
    """The same in one line; None while the ticket is good."""
    line = headline(wallet_pass, state)
    if line is None or line.label == STATUS:
        return None if line is None else line.value
    return Text(f"{line.label.de} {line.value.de}", f"{line.label.en} {line.value.en}")


def all_help(design: Design) -> Text:
    """An authority's help as one text."""
    return Text(
        "\n".join(f"{one.label.de}: {one.answer.de}" for one in design.help),
        "\n".join(f"{one.label.en}: {one.answer.en}" for one in design.help),
    )


def _in_both(value: str) -> Text:
    return Text(value, value)


def inspectors_date(born: BirthDate) -> str:
    """As an inspector compares it with an identity card, whatever language the phone speaks."""
    return format_birth_date(born, "de")


def with_hour(day: str, hour: time | None) -> str:
    """31.07.2027; where it does not end with the day, 01.01.2027, 03:00."""
    return day if hour is None else f"{day}, {hour:%H:%M}"


def inspectors_end(ticket: Ticket) -> str:
    """The end that is signed: an inspector's device shows it."""
    return with_hour(inspectors_date(ticket.last_day), ticket.ends_at)


def last_day(wallet_pass: Pass) -> str:
    """Until when it is good, in truth."""
    if wallet_pass.early_end is None:
        return inspectors_end(wallet_pass.ticket)
    return inspectors_date(wallet_pass.early_end)


def validity(wallet_pass: Pass) -> str:
    """From the first day to the last."""
    return f"{inspectors_date(wallet_pass.ticket.first_day)} – {last_day(wallet_pass)}"


def early_end(wallet_pass: Pass, language: Language) -> str:
    """Why an inspector's device says a later day; empty where it does not."""
    if wallet_pass.early_end is None:
        return ""
    signed, ends = (format_day(day, language) for day in (wallet_pass.ticket.last_day, wallet_pass.early_end))
    return EARLY_END.in_language(language).format(signed=signed, ends=ends)
