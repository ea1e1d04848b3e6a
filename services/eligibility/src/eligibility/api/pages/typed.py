"""What was typed into the forms of a case, read by the same rules as the API; every mistake at once, by its field."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from shared.birth_dates import BirthDate, parse_birth_date
from shared.errors import FieldProblem, Invalid, Text
from shared.formats import read_cents, read_day
from shared.http.validation import from_validation

from eligibility.api.desk.cases import DecisionIn, ReleaseIn
from eligibility.api.desk.handling import QuestionIn, TicketChangeIn
from eligibility.api.desk.notices import DeliveryIn
from eligibility.api.family import ProofIn
from eligibility.api.pages.pages import Form
from eligibility.domain.ending import Ending
from eligibility.workflow import DeliveryReport, PersonsDecision, Proof, QuestionDraft, TicketChange

CHOOSE = Text("Bitte wählen Sie: bewilligen oder ablehnen.", "Please choose: grant or refuse.")
CHOOSE_CHANGE = Text("Bitte wählen Sie, was geschehen soll.", "Please choose what is to happen.")
NO_DAY = Text("Bitte geben Sie einen Tag an, zum Beispiel 31.08.2030.", "Please enter a day, for example 31.08.2030.")
NOTHING_SAID = {
    "reason": Text(
        "Bitte begründen Sie die Entscheidung in ganzen Sätzen: Die Familie liest das als ersten Grund im Bescheid.",
        "Please give the reason in whole sentences: the family reads it as the first reason in the notice.",
    ),
    "legal_basis": Text(
        "Bitte nennen Sie die Vorschrift, auf der die Entscheidung beruht, zum Beispiel § 5 SchfkVO.",
        "Please name the provision on which the decision rests, for example § 5 SchfkVO.",
    ),
    "text": Text(
        "Bitte schreiben Sie, was fehlt und warum: Die Familie liest genau diesen Text.",
        "Please write what is missing, and why: the family reads just this text.",
    ),
}
"""Of a field that stayed empty; with how many characters it wants nobody is helped."""
NO_TICKET_REASON = Text(
    "Bitte schreiben Sie in wenigen Worten, warum. Ohne Namen.", "Please write in a few words why. Without names."
)
NO_AMOUNT = Text("Bitte geben Sie einen Betrag an, zum Beispiel 14,00.", "Please enter an amount, for example 14.00.")


def read_decision(form: Form) -> PersonsDecision:
    """A decision as a person typed it.

    Raises:
        Invalid: with every field that is wrong; of a refusal, fields of a grant are left out.
    """
    wrong: list[FieldProblem] = []
    if form.get("outcome") not in ("granted", "refused"):
        wrong.append(FieldProblem("outcome", CHOOSE))
    granted = form.get("outcome") != "refused"
    content = {
        "outcome": form.get("outcome") if not wrong else "refused",
        "reason": form.text("reason"),
        "legal_basis": form.text("legal_basis"),
        "valid_from": day_of(form, "valid_from", wrong) if granted else None,
        "own_share_cents": cents_of(form, "own_share_cents", wrong) if granted else None,
        "transport": form.get("transport") or None if granted else None,
        "valid_until": day_of(form, "valid_until", wrong) if granted else None,
        "same_child": {"yes": True, "no": False}.get(form.get("same_child") or "") if granted else None,
        **_of_ending(form, wrong),
    }
    wrong += _nothing_said(content, "reason", "legal_basis")
    return PersonsDecision(**_checked(DecisionIn, content, wrong))


def read_proof(form: Form) -> Proof:
    """What a person has recognised.

    Raises:
        Invalid: with every field that is wrong.
    """
    wrong: list[FieldProblem] = []
    content = {
        "benefits": tuple(form.all("benefits")),
        "siblings": tuple(each for each in map(_born, form.all("siblings")) if each is not None),
        "valid_from": day_of(form, "valid_from", wrong),
        "valid_until": day_of(form, "valid_until", wrong),
    }
    return ProofIn(**_checked(ProofIn, content, wrong)).proof


def read_ticket_change(form: Form) -> TicketChange:
    """What is asked of a ticket.

    Raises:
        Invalid: with every field that is wrong or missing.
    """
    wrong: list[FieldProblem] = []
    if not form.get("change"):
        wrong.append(FieldProblem("change", CHOOSE_CHANGE))
    content = {
        "number": form.get("number"),
        "change": form.get("change") or "suspend",
        "reason": form.text("reason"),
        "fraud": form.get("fraud") == "yes",
    }
    if not form.text("reason"):
        wrong.append(FieldProblem("reason", NO_TICKET_REASON))
    return TicketChange(**_checked(TicketChangeIn, content, wrong))


def _born(text: str) -> BirthDate | None:
    try:
        return parse_birth_date(text)
    except ValueError:
        return None


def read_ending(form: Form) -> Ending:
    """How a grant ends by a release.

    Raises:
        Invalid: with every field that is wrong.
    """
    wrong: list[FieldProblem] = []
    return ReleaseIn(**_checked(ReleaseIn, _of_ending(form, wrong), wrong)).ending


def _of_ending(form: Form, wrong: list[FieldProblem]) -> dict[str, Any]:
    """What is said of a grant that ends; nothing where the page did not ask for it."""
    return {
        "ends_on": day_of(form, "ends_on", wrong),
        "hearing_exception": form.get("hearing_exception") or None,
        "hearing_why": form.text("hearing_why"),
    }


def read_question(form: Form) -> QuestionDraft:
    """A question to the family.

    Raises:
        Invalid: where text or day is missing, or a placeholder stands in the text.
    """
    wrong: list[FieldProblem] = []
    due = day_of(form, "due", wrong, needed=True)
    content = {"text": form.text("text"), "text_en": form.text("text_en") or None, "due": due or date.max}
    wrong += _nothing_said(content, "text")
    found = _checked(QuestionIn, content | {"hearing": form.get("hearing") == "yes"}, wrong)
    return QuestionDraft(found["text"], found["text_en"] or "", found["due"], found["hearing"])


def read_delivery(form: Form) -> DeliveryReport:
    """How a notice was sent.

    Raises:
        Invalid: with every field that is wrong.
    """
    wrong: list[FieldProblem] = []
    content = {
        "channel": form.get("channel", ""),
        "day": day_of(form, "day", wrong, needed=True) or date.max,
        "consent": form.get("consent") == "yes",
        "instruction_faulty": form.get("instruction_faulty") == "yes",
    }
    return DeliveryReport(**_checked(DeliveryIn, content, wrong))


def _nothing_said(content: dict[str, Any], *names: str) -> list[FieldProblem]:
    return [FieldProblem(name, NOTHING_SAID[name]) for name in names if not content[name]]


def _checked(model: type[BaseModel], content: dict[str, Any], wrong: list[FieldProblem]) -> dict[str, Any]:
    """By the same rules as the API; with what could not even be read, each field once."""
    try:
        found = model.model_validate(content).model_dump()
    except ValidationError as error:
        named = {each.field for each in wrong}
        told = from_validation(error.errors(include_url=False)).problems
        wrong = [*wrong, *(each for each in told if each.field not in named)]
        found = {}
    if wrong:
        raise Invalid(Invalid.title, problems=wrong)
    return found


def day_of(form: Form, name: str, wrong: list[FieldProblem], *, needed: bool = False) -> date | None:
    """A day as it was typed, or None. What is no day, or missing though `needed`, is added to `wrong`."""
    text = form.text(name)
    if not text and not needed:
        return None
    try:
        return read_day(text)
    except ValueError:
        wrong.append(FieldProblem(name, NO_DAY))
        return None


def cents_of(form: Form, name: str, wrong: list[FieldProblem]) -> int | None:
    """An amount in euros as it was typed, as cents, or None. What is no amount is added to `wrong`."""
    try:
        return read_cents(form.text(name))
    except ValueError:
        wrong.append(FieldProblem(name, NO_AMOUNT))
        return None
