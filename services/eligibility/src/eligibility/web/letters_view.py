"""What the pages of letters and of the proof of delivery show. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Text

from eligibility.domain.desk import Channel
from eligibility.domain.dispatch import DispatchState, FailureReason, Way
from eligibility.notice.remedy_period import Remedy
from eligibility.web.formatter import Formatter
from eligibility.workflow.delivery.letters import Letter, LetterList
from eligibility.workflow.delivery.proof import DeliveryProof, RecipientProof

DISPATCH_CHANNELS: Mapping[Way, Text] = {
    "portal": Text("Abruf im Portal nach Anmeldung", "retrieval in the portal after signing in"),
    "mailbox": Text("Postfach des Nutzerkontos", "mailbox of the user account"),
    "post": Text("Brief", "letter"),
}
CHANNELS: Mapping[Channel, Text] = {
    "post": Text("mit der Post", "by post"),
    "download": Text("Abruf durch die Familie", "retrieved by the family"),
    "mailbox": Text("in das Postfach eingestellt", "put into the mailbox"),
    "retrieval": Text("aus dem Postfach abgerufen", "retrieved from the mailbox"),
}
DISPATCH_STATES: Mapping[DispatchState, Text] = {
    "provided": Text("liegt zum Abruf bereit; der Hinweis ist noch nicht versandt", "lies ready; the hint is not sent"),
    "announced": Text("Hinweis auf den Bescheid versandt", "hint about the notice sent"),
    "retrieved": Text("abgerufen", "retrieved"),
    "lapsed": Text("nicht rechtzeitig abgerufen", "not retrieved in time"),
    "failed": Text("gescheitert", "failed"),
    "queued": Text("wartet", "waits"),
    "printed": Text("gedruckt", "printed"),
    "posted": Text("zur Post gegeben", "given to the post"),
    "returned": Text("von der Post zurückgekommen", "came back from the post"),
    "overtaken": Text("nicht mehr nötig", "not needed any more"),
}
FAILURES: Mapping[FailureReason, Text] = {
    "no_address": Text("keine E-Mail-Adresse", "no e-mail address"),
    "no_transport": Text("kein Versand von E-Mails eingerichtet", "no sending of e-mails is set up"),
    "refused": Text("nicht angenommen", "not accepted"),
    "bounced": Text("Hinweis kam zurück", "the hint came back"),
    "late": Text("Hinweis kam nicht rechtzeitig hinaus", "the hint did not go out in time"),
}
BY: Mapping[str, Text] = {
    "family": Text("Familie, angemeldet", "family, signed in"),
    "application": Text("Versand der Hinweise", "sending of hints"),
    "delivery": Text("System", "system"),
    "rules": Text("System", "system"),
}
RECIPIENTS = (
    Text("An die Person, die den Antrag gestellt hat", "To who applied"),
    Text("An die zweite sorgeberechtigte Person", "To the other guardian"),
)


def letter_lists(letters: LetterList, say: Formatter) -> dict[str, Any]:
    """The lists of the page of letters."""
    counts = letters.counts
    return {
        "queued": _rows(letters.queued, say),
        "printed": _rows(letters.printed, say),
        "returned": _rows(letters.returned, say),
        "posted": _rows(letters.posted, say),
        "more_queued": max(0, counts.get("queued", 0) - len(letters.queued)),
        "more_printed": max(0, counts.get("printed", 0) - len(letters.printed)),
    }


def _rows(letters: Sequence[Letter], say: Formatter) -> list[dict[str, Any]]:
    return [
        {
            "id": each.dispatch.id,
            "case_id": each.case.id,
            "to": each.addressee[0],
            "address": ", ".join(each.addressee[1:]),
            "reference": f"{each.case.school_year} / {str(each.dispatch.decision_id)[:8].upper()}",
            "title": each.title,
            "written": say.moment(each.written_at),
            "since": say.moment(each.dispatch.since),
            "day": say.day(each.dispatch.day) if each.dispatch.day else "",
            "second": each.dispatch.recipient > 0,
            "other_address": each.is_address_changed,
            "has_ended": each.has_ended,
        }
        for each in letters
    ]


def proof_view(proof: DeliveryProof, say: Formatter) -> dict[str, Any]:
    """The proof of delivery, in Germany's time."""
    return {
        "case_id": proof.decision.case_id,
        "reference": str(proof.decision.id)[:8].upper(),
        "written": say.moment(proof.written_at),
        "now": say.moment(proof.now),
        "recipients": [_recipient(each, proof, say) for each in proof.recipients],
    }


def _recipient(of: RecipientProof, proof: DeliveryProof, say: Formatter) -> dict[str, Any]:
    ways = {each.id: each.way for each in of.dispatches}
    return {
        "title": say.text(RECIPIENTS[min(of.recipient, 1)]),
        "name": of.name,
        "steps": [
            {
                "at": say.moment(each.at),
                "utc": each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "way": say.text(DISPATCH_CHANNELS[ways[each.dispatch_id]]),
                "state": say.text(DISPATCH_STATES[each.state]),
                "reason": say.text(FAILURES[each.reason]) if each.reason else "",
                "day": say.day(each.day) if each.day else "",
                "by": say.text(BY[each.by]) if each.by in BY else each.by,
            }
            for each in proof.steps
            if each.dispatch_id in ways
        ],
        "deliveries": [
            {
                "day": say.day(each.day),
                "channel": say.text(CHANNELS[each.channel]),
                "noted": say.moment(each.noted_at),
                "by": say.text(BY[each.noted_by]) if each.noted_by in BY else each.noted_by,
                "failed": say.moment(each.failed_at) if each.failed_at else "",
            }
            for each in of.deliveries
        ],
        **period_view(of.remedy, say),
    }


def period_view(until: Remedy, say: Formatter) -> dict[str, Any]:
    """When it counts as notified, and the last day for the action; or why the period does not run."""
    return {
        "notified": say.day(until.notified) if until.notified else "",
        "last_day": say.day(until.last_day) if until.last_day else "",
        "over": until.over,
        "basis": until.legal_basis,
        "unsure": until.certainty not in (None, "sure"),
        "hint": say.text(until.hint) if until.hint else "",
    }
