"""What a family has now, and what it would have: side by side, so that the end of a grant looks like one."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.calendar import day_after
from shared.errors import Text

from eligibility.domain.decision import Decision
from eligibility.domain.ending import Loss
from eligibility.web.fact_labels import LABELS
from eligibility.web.facts_view import CARRIAGES, OUTCOMES, value_of
from eligibility.web.formatter import Formatter
from eligibility.web.hearing_text import hearing_words
from eligibility.workflow import CaseFile
from eligibility.workflow.decision.decided_by_person import RULE, persons_word
from eligibility.workflow.decision.guard import (
    NEEDS_DAY,
    Stake,
    change_date,
    hearing_of,
    proposed_end,
)
from eligibility.workflow.decision.losses import last_day, losses_of
from eligibility.workflow.desk.differences import Difference, differences

HEADINGS: dict[Loss, Text] = {
    "ends": Text("Ende einer Bewilligung", "End of a grant"),
    "not_carried_on": Text("Ende einer Bewilligung, die fortgelten sollte", "End of a grant that was to carry on"),
    "without_ticket": Text("Ende eines Tickets", "End of a ticket"),
    "shorter": Text("Kürzere Bewilligung", "Shorter grant"),
    "dearer": Text("Höherer Eigenanteil", "Higher own share"),
    "less_borne": Text("Es wird weniger übernommen", "Less is borne"),
}
"""The gravest first."""
PARTS: dict[str, Text] = {
    "home": Text("Wohnung", "Home"),
    "second_home": Text("Zweite Wohnung", "Second home"),
    "school_number": Text("Schule", "School"),
    "grade": Text("Klasse", "Grade"),
    "addressee": Text("Antrag von", "Application by"),
    "addressee_address": Text("Anschrift für Briefe", "Address for letters"),
    "child": Text("Name des Kindes", "Child's name"),
    "birth_date": LABELS["pupil.birth_date"],
    "circumstances.siblings": LABELS["siblings"],
    "circumstances.benefits": LABELS["benefits"],
    "circumstances.lives_in_nrw": LABELS["pupil.lives_in_nrw"],
    "circumstances.special_needs": LABELS["pupil.special_needs"],
    "circumstances.severely_disabled": LABELS["pupil.severely_disabled"],
    "circumstances.lives_in_authority_area": LABELS["pupil.lives_in_authority_area"],
    "claims.health_claimed": Text("Geltend gemacht: Gesundheitliche Gründe", "Claimed: health reasons"),
    "claims.health_days": Text("Gesundheitliche Gründe, Dauer in Tagen", "Health reasons, duration in days"),
    "claims.health_weeks": LABELS["health.weeks"],
    "claims.health_certificate": LABELS["health.certificate"],
    "claims.dangerous_route": LABELS["dangerous_route_claimed"],
    "claims.nearest_refused": LABELS["nearest_refused"],
    "claims.second_home": LABELS["second_home"],
    "course": Text("Bildungsgang", "Course"),
    "transport.public_unsuitable": LABELS["transport.public_unsuitable_claimed"],
    "medium": Text("Ticket auf dem Telefon oder auf Papier", "Ticket on the phone or on paper"),
    "language": Text("Sprache der Nachrichten", "Language of the messages"),
    "portal_notice": Text("Bescheid zum Abruf im Portal", "Notice to be retrieved in the portal"),
    "custody.asked": Text("Sorgerecht: verlangt", "Custody: asked for"),
    "custody.declared": Text("Sorgerecht: erklärt", "Custody: declared"),
    "custody.second_guardian": Text("Zweite sorgeberechtigte Person", "Second guardian"),
    "custody.second_address": Text("Wohnung der zweiten Person", "Home of the second guardian"),
    "sign_in.asked": Text("Anmeldung: verlangtes Niveau", "Sign-in: level asked for"),
    "sign_in.trust": Text("Anmeldung: Niveau", "Sign-in: level"),
    "mailbox": Text("Postfach des Nutzerkontos", "Mailbox of the user account"),
    "mailbox_excluded": Text("Keine Bescheide in das Postfach", "No notices into the mailbox"),
    "further.form_version": Text("Fassung der weiteren Fragen", "Version of the further questions"),
    "further.answers": Text("Antworten auf weitere Fragen", "Answers to further questions"),
}
"""What the facts' own labels do not name. A test holds both against the event."""
CHOSEN: dict[str, dict[str, Text]] = {
    "medium": {"wallet": Text("Telefon", "phone"), "paper": Text("Papier", "paper")},
    "language": {"de": Text("Deutsch", "German"), "en": Text("Englisch", "English")},
}
"""What a choice stands for that is no fact of the rules."""
EXCEPTIONS = {
    "": Text("Keine: Die Familie wurde angehört", "None: the family was heard"),
    "3": Text("Nr. 3: Es sind ihre eigenen Angaben", "Nr. 3: they are its own facts"),
    "1": Text("Nr. 1: Gefahr im Verzug, öffentliches Interesse", "Nr. 1: danger in delay, public interest"),
    "2": Text("Nr. 2: Eine Frist könnte nicht eingehalten werden", "Nr. 2: a period could not be kept"),
}


def loss_heading(losses: Iterable[Loss], say: Formatter) -> str:
    """The heading of what a family would lose: of several losses the gravest."""
    return say.text(next(text for loss, text in HEADINGS.items() if loss in tuple(losses)))


def proposed_heading(grant: Decision | None, new: Decision, say: Formatter) -> str:
    """Of a proposal by which the family would lose something that it has; else empty."""
    if grant is None:
        return ""
    losses = losses_of(grant, new, last_day(grant))
    return loss_heading(losses, say) if losses else ""


def end_card(file: CaseFile, say: Formatter) -> dict[str, Any] | None:
    """The card of a prepared decision by which a grant ends or becomes less."""
    stake = file.stake
    if stake is None or file.decision is None:
        return None
    changed = change_date(file.case)
    heard = hearing_of(file.questions, file.case, stake.grant, file.today)
    proposed = proposed_end(changed, stake.last, file.today)
    asked = hearing_words(stake, file.decision, proposed, told=bool(file.case.change_number))
    return {
        "heading": loss_heading(stake.losses, say),
        "from": _from(stake, file.decision, changed, say),
        "ground": say.text(GROUND["told" if file.case.change_number else "anew"]),
        "rows": side_by_side(stake.grant, file.decision, say),
        "needs_day": bool(NEEDS_DAY & set(stake.losses)),
        "proposed": proposed.isoformat(),
        "heard": say.day(heard.until) if heard else "",
        "answered": say.day(heard.answered_on) if heard and heard.answered_on else "",
        "hearing": asked[0],
        "hearing_en": asked[1],
    }


GROUND = {
    "told": Text("Die Familie hat eine Änderung gemeldet.", "The family told of a change."),
    "anew": Text("Der Schulträger hat neu geprüft.", "The authority has looked again."),
}


def side_by_side(before: Decision | None, new: Decision, say: Formatter) -> list[tuple[str, str, str]]:
    """Label, what is in force, and what would be."""
    was = _said(before, say) if before is not None else dict.fromkeys(_said(new, say), "–")
    return [(label, was[label], value) for label, value in _said(new, say).items()]


def _said(one: Decision, say: Formatter) -> dict[str, str]:
    granted = one.outcome == "granted"
    period = f"{say.day(one.valid_from)} – {say.day(last_day(one))}" if one.valid_from else "–"
    carriage = say.text(CARRIAGES[one.terms.transport or "public"]) if granted else "–"
    attended = one.routes.get("attended") or {}
    return {
        say.t("Entscheidung", "Decision"): say.text(OUTCOMES[one.outcome]),
        say.t("Zeitraum", "Period"): period,
        say.t("Eigenanteil im Monat", "Own share a month"): say.euros(one.own_share_cents) if granted else "–",
        say.t("Beförderung", "Transport"): ", ".join(filter(None, (carriage, one.terms.product_name))),
        say.t("Weg zur besuchten Schule", "Way to the school attended"): say.metres(attended.get("metres")),
        say.t("Maßgeblicher Weg", "Way that counts"): say.metres(one.distance_m, one.limit_m),
        say.t("Entfernungsgrenze", "Limit"): say.limit(one.limit_m),
        say.t("Entschieden", "Decided"): _by(one, say),
    }


def _by(one: Decision, say: Formatter) -> str:
    """Whether a person did, and on what ground: that is not taken back like an answer of the rules."""
    word = persons_word(one)
    if word is None:
        return say.t("nach den Regeln", "by the rules")
    who = say.t(f"{word.by.de} am {say.day(word.on)}", f"{word.by.en} on {say.day(word.on)}")
    return f"{who}: {word.reason} ({word.legal_basis})" if word.reason else who


def stays(file: CaseFile) -> dict[str, str]:
    """What the form is filled with where a person is asked whether an earlier person's grant stands: that it does."""
    one, word = file.grant, persons_word(file.grant)
    if one is None or word is None or one.own_share_cents is None or not _is_asked(file):
        names = ("outcome", "reason", "legal_basis", "valid_until", "own_share_cents", "transport")
        return dict.fromkeys(names, "")
    whole, cents = divmod(one.own_share_cents, 100)
    last = last_day(one).isoformat() if one.terms.limited else ""
    return {
        "outcome": "granted", "reason": word.reason, "legal_basis": word.legal_basis, "valid_until": last,
        "own_share_cents": f"{whole},{cents:02d}", "transport": one.terms.transport or "public",
    }  # fmt: skip


def in_force(file: CaseFile, say: Formatter) -> str:
    """In review: what the family has meanwhile, and who decided it. Empty where a question says it already."""
    if file.grant is None or file.case.state != "review" or _is_asked(file):
        return ""
    said = _said(file.grant, say)
    return "; ".join(f"{label}: {value}" for label, value in said.items() if value not in ("", "–"))


def runs_until(file: CaseFile, say: Formatter) -> str:
    """The last day of a grant that ends on a day to come, while the case says already what comes after it."""
    ends = file.grant.ended_on if file.grant is not None else None
    return say.day(ends) if ends is not None else ""


def _is_asked(file: CaseFile) -> bool:
    return any(each["rule"] == RULE and each["result"] == "question" for each in file.case.reasons)


def change(file: CaseFile, say: Formatter) -> dict[str, Any] | None:
    """What the family told since, and what the decision in force rests on. Its words stand among its messages; here
    only where they were told before messages were kept."""
    if not file.changes:
        return None
    found = differences(file.changes[0].before, file.told)
    written = {each.text for each in file.messages}
    return {
        "told": [
            {
                "from": say.day(each.changed_from) if each.changed_from else "",
                "at": say.moment(each.told_at),
                "answer": "" if each.answer in written else each.answer,
                "leaves_for": _school(each.leaves_for, file.schools) if each.leaves_for else "",
            }
            for each in file.changes
        ],
        "rows": [_row(each, file.schools, say) for each in found],
    }


def label_of(name: str) -> Text | None:
    """What a part of the event is called on the page; None where nothing names it."""
    return PARTS.get(name) or LABELS.get(name) or LABELS.get(name.partition(".")[2])


def _row(found: Difference, schools: Mapping[str, str], say: Formatter) -> tuple[str, str, str]:
    name, before, now = found
    label = label_of(name)
    said = say.text(label) if label else name.rpartition(".")[2].replace("_", " ")
    return said, _value(name, before, schools, say), _value(name, now, schools, say)


def _value(name: str, value: Any, schools: Mapping[str, str], say: Formatter) -> str:
    if value is None or value in ([], ""):
        return "–"
    if name == "school_number":
        return _school(str(value), schools)
    if isinstance(value, Mapping):
        return _lines(value, say)
    if name in CHOSEN and value in CHOSEN[name]:
        return say.text(CHOSEN[name][value])
    return value_of(name.rpartition(".")[2], value, say)


def _lines(value: Mapping[str, Any], say: Formatter) -> str:
    """An address on one line, a name, or whatever else is told as one."""
    if "house_number" in value:
        return f"{value['street']} {value['house_number']}, {value['postal_code']} {value['city']}"
    told = [each for each in value.values() if each is not None]
    said = [_lines(each, say) if isinstance(each, Mapping) else value_of("", each, say) for each in told]
    return (" " if "last_name" in value else ", ").join(each for each in said if each)


def _school(number: str, schools: Mapping[str, str]) -> str:
    return f"{schools.get(number, '')} ({number})".strip()


def _from(stake: Stake, decision: Decision, changed: date | None, say: Formatter) -> str:
    """From when the family would have less, as far as it is certain before a person chooses."""
    if "not_carried_on" in stake.losses:
        return say.day(day_after(stake.last))
    if "shorter" in stake.losses and decision.valid_until:
        return say.day(day_after(decision.valid_until))
    if {"dearer", "less_borne"} & set(stake.losses):
        return say.day(decision.valid_from)
    return say.day(changed) if changed else ""


__all__ = [
    "EXCEPTIONS",
    "change",
    "end_card",
    "in_force",
    "label_of",
    "loss_heading",
    "proposed_heading",
    "runs_until",
    "side_by_side",
    "stays",
]  # fmt: skip
