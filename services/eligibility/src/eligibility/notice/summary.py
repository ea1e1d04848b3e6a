"""What a notice says in short: in plain German for everybody, and in English as a courtesy. Neither is binding. Pure.

Plain language (Einfache Sprache): one thought to a sentence, everyday words, no paragraphs of the law. A pupil of age
who reads it is spoken to; of another pupil it speaks by name, or as of a parent's child.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from shared.calendar import day_in_berlin

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.notice import ends
from eligibility.notice.address import Address, address_of
from eligibility.notice.own_cost import english_offer, english_order, plain_offer, plain_order
from eligibility.notice.terms import english_duties, english_money, plain_money
from eligibility.notice.wording import WORDINGS
from eligibility.rules import texts

FLOW = ("note", "met", "not_met")


class Plain(NamedTuple):
    """A reason, to the pupil and to somebody else; of `child`, how the pupil is called there."""

    to_pupil: str
    to_others: str

    def said(self, address: Address) -> str:
        """The sentence to who reads it, in the second person to a pupil, else with the child's name."""
        text = self.to_pupil if address.to_pupil else self.to_others.format(child=address.child)
        return text[:1].upper() + text[1:]


def _alike(text: str) -> Plain:
    return Plain(text, text)


GRANTED: Mapping[str, Plain] = {
    "distance": Plain("Sie haben einen langen Weg zur Schule.", "{child} hat einen langen Weg zur Schule."),
    "health": Plain(
        "Sie können den Weg aus gesundheitlichen Gründen nicht gehen.",
        "{child} kann den Weg aus gesundheitlichen Gründen nicht gehen.",
    ),
    "dangerous_route": _alike("Der Weg zur Schule ist gefährlich."),
    "afternoon_lessons": _alike("Der Weg zur Schule muss an den meisten Tagen zweimal gegangen werden."),
    "place_of_teaching": _alike("Der Weg zum anderen Unterrichtsort ist lang."),
}
REFUSED: Mapping[str, Plain] = {
    "residence": Plain(
        "Sie wohnen nicht in dem Bundesland, das die Fahrten bezahlt.",
        "{child} wohnt nicht in dem Bundesland, das die Fahrten bezahlt.",
    ),
    "bearer": _alike("Für Ihren Wohnort sind wir nicht zuständig."),
    "school": _alike("Für diese Schulform gibt es das Ticket nicht."),
    "course": _alike("Für diesen Bildungsgang gibt es das Ticket nicht."),
    "limit": _alike("Für diese Klassen oder Jahrgangsstufen gibt es das Ticket nicht."),
    "deadline": _alike("Der Antrag kam zu spät."),
    "income": _alike("Das Einkommen der Familie ist dafür zu hoch."),
    "distance": _alike("Der Weg zur Schule ist nicht lang genug."),
    "health": _alike("Die gesundheitlichen Gründe dauern nicht lange genug."),
    "dangerous_route": _alike("Es gibt einen sicheren Weg, und der ist nicht lang genug."),
    "afternoon_lessons": _alike("Auch zweimal am Tag ist der Weg zur Schule nicht lang genug."),
    "place_of_teaching": _alike("Der andere Unterrichtsort ändert daran nichts."),
    "fare": _alike("Für die Fahrten entstehen keine Kosten, die wir bezahlen können."),
}
"""By the rule that decided. What a person decided says its reason itself."""
ANOTHER_IS_NEAR = _alike("Eine andere Schule derselben Form ist nahe genug.")
FORMAL = frozenset({"applicant", "residence", "bearer", "school", "course", "deadline"})
BY_THE_WAY = frozenset({"distance", "dangerous_route", "afternoon_lessons", "place_of_teaching", "person"})
BY_PERSON = "Den Grund lesen Sie oben unter „Begründung“."
IN_GERMAN = "Written by a person, in German: {text}"
"""A person writes the reason in German alone: an English text says so, and never passes it off as English."""
OWN_RULE = "Der Schulträger hat dafür eine eigene Regel. Sie steht oben unter „Begründung“."
NOTHING_TO_PAY = "The own share is 0.00 euros a month", "No own share is to be paid"
ONLY_AN_AMOUNT = re.compile(
    r"(?:The|From [\w ]+ the) own share is [\d.,]+ euros a month\.|(?:From [\w ]+ no|No) own share is to be paid\."
)
PROOF_MISSING = (
    "Sie zahlen zuerst den vollen Eigenanteil. Schicken Sie uns bitte den Nachweis, der oben genannt ist. "
    "Dann zahlen Sie weniger, frühestens ab dem Monat, für den der Nachweis gilt."
)
LONGER = "Besteht der Grund nach dem {last} noch? Dann schicken Sie uns bitte vorher einen neuen Nachweis."
TICKETS_PAID = "Haben Sie Fahrkarten bis zum {until} selbst bezahlt? Dann schicken Sie uns bitte die Belege."


def plain(authority: Authority, case: Case, decision: Decision) -> list[str]:
    """German, short."""
    if decision.terms.self_payer:
        return [plain_order(decision)]
    address = address_of(case, _day_of(decision))
    told = _outcome(case, decision, address)
    told += [f"Der Grund: {each}" for each in _reasons(decision, address)[:1]] or _elsewhere(decision)
    moving = "wechseln Sie" if address.to_pupil else f"wechselt {address.child}"
    change = f"Ziehen Sie um oder {moving} die Schule? Dann sagen Sie uns das bitte sofort."
    made = decision.terms.offer
    more = [*_to_send(decision), change] if decision.outcome == "granted" else [plain_offer(made)] if made else []
    return [" ".join(told), *more, plain_remedy(authority)]


def _outcome(case: Case, decision: Decision, address: Address) -> list[str]:
    """What comes of it, from when, and what it costs."""
    child = case.submission["child"]["first_name"] or case.submission["child"]["last_name"]
    whose = "Ihre Fahrten" if address.to_pupil else f"die Fahrten von {child}"
    if decision.outcome != "granted" or decision.valid_from is None or decision.valid_until is None:
        if decision.terms.ends is not None:
            can = "Sie können" if address.to_pupil else f"{child} kann"
            return [ends.plain(decision.terms.ends, _day_of(decision), who=can, whose=whose)]
        who = "Sie bekommen" if address.to_pupil else f"{child} bekommt"
        return [f"{who} kein Ticket vom Schulträger."]
    first, last = texts.day(decision.valid_from)[0], texts.day(decision.valid_until)[0]
    pay = plain_money(decision, "Sie" if address.to_pupil else child)
    days = decision.ticket_days
    if days is not None:
        return [
            "Sie bekommen ein Ticket für den Schulweg."
            if address.to_pupil
            else f"{child} bekommt ein Ticket für den Schulweg.",
            f"Das Ticket gilt vom {texts.day(days[0])[0]} bis zum {last}.",
            pay,
        ]
    return [f"Wir übernehmen {whose} zur Schule.", f"Das gilt vom {first} bis zum {last}.", pay]


def _day_of(decision: Decision) -> date:
    """Of the notice."""
    return day_in_berlin(decision.released_at or decision.prepared_at)


def english(authority: Authority, case: Case, decision: Decision, other: str = "") -> list[str]:
    """`other`: what is another than in the decision before it."""
    if decision.terms.self_payer:
        return [english_order(decision)]
    address = address_of(case, _day_of(decision))
    child, costs = address.english, address.english_costs
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        first, last = texts.day(decision.valid_from)[1], texts.day(decision.valid_until)[1]
        opening = f"{costs[:1].upper()}{costs[1:]} are borne from {first} to {last}. {english_money(decision, child)}"
    else:
        opening = f"The application to bear {costs} is refused."
        if decision.terms.ends is not None:
            opening = ends.english(decision.terms.ends, _day_of(decision), child)
        if decision.terms.offer:
            opening += f" {english_offer(decision.terms.offer)}"
    reasons = " ".join(english_reason(each) for each in _decisive(decision) if not is_said(each, decision))
    duties = english_duties(decision) if decision.outcome == "granted" else ""
    return [each for each in (opening, f"{other} {reasons}".strip(), duties, english_remedy(authority)) if each]


def decisive_first(decision: Decision) -> list[dict[str, str]]:
    """In the order a person asks: what decided first where it was refused, else as the law goes."""
    said = [each for each in decision.reasons if each["result"] in FLOW]
    if decision.outcome == "refused":
        said.sort(key=lambda each: each["result"] != "not_met")
    return said


def _decisive(decision: Decision) -> list[dict[str, str]]:
    """Of a refusal by a condition, only that: how long the way is decided nothing there."""
    said = [each for each in decisive_first(decision) if not _is_formal(each)]
    failed = [each for each in said if each["result"] == "not_met"]
    by_condition = decision.outcome == "refused" and not any(each["rule"] in BY_THE_WAY for each in failed)
    return failed if failed and by_condition else said


def _is_formal(reason: Mapping[str, str]) -> bool:
    """Conditions that nobody doubts, and how it was measured, stand in the notice; here only what decided."""
    return reason["rule"] == "measurement" or (reason["rule"] in FORMAL and reason["result"] == "met")


def is_said(reason: Mapping[str, str], decision: Decision) -> bool:
    """Amount and period of a grant stand in the sentence before."""
    amount = reason["rule"] == "own_share" and ONLY_AN_AMOUNT.fullmatch(reason["text_en"]) is not None
    return decision.outcome == "granted" and (reason["rule"] == "period" or amount)


def english_reason(reason: Mapping[str, str]) -> str:
    """A person gives the reason in German alone."""
    return reason["text_en"].replace(*NOTHING_TO_PAY) or IN_GERMAN.format(text=reason["text"])


def _to_send(decision: Decision) -> list[str]:
    """What brings the family money back, or the ticket for a longer time."""
    proof = any(each["rule"] == "share_proof" for each in decision.reasons)
    terms = decision.terms
    until = terms.without_ticket_until if terms.reimbursed_until else None
    paid = [TICKETS_PAID.format(until=texts.day(until)[0])] if until else []
    last = decision.valid_until if terms.limited else None
    longer = [LONGER.format(last=texts.day(last)[0])] if last else []
    return [*([PROOF_MISSING] if proof else []), *longer, *paid]


def _reasons(decision: Decision, address: Address) -> list[str]:
    """What decided it, where there is a plain word for it."""
    granted = decision.outcome == "granted"
    wanted = "met" if granted else "not_met"
    if not granted and any(each["rule"] == "person" for each in decision.reasons):
        return []
    said = [_plain_of(each["rule"], decision) for each in decision.reasons if each["result"] == wanted]
    return [each.said(address) for each in said if each is not None]


def _plain_of(rule: str, decision: Decision) -> Plain | None:
    if decision.outcome == "granted":
        return GRANTED.get(rule)
    return ANOTHER_IS_NEAR if rule == "distance" and _another_is_near(decision) else REFUSED.get(rule)


def _another_is_near(decision: Decision) -> bool:
    """The way to the school attended is long enough; that to another one is not."""
    attended, limit = decision.routes.get("attended"), decision.limit_m
    return "nearest" in decision.routes and attended is not None and limit is not None and attended["metres"] > limit


def _elsewhere(decision: Decision) -> list[str]:
    """Where no plain word is found, where the reason stands."""
    if any(each["rule"] == "person" for each in decision.reasons):
        return [BY_PERSON]
    own = any(each["rule"].startswith("own.") and each["result"] == "met" for each in decision.reasons)
    return [OWN_RULE] if own else []


def _routes_to_ask(authority: Authority) -> str:
    """By telephone only where the notice names a number."""
    return "Rufen Sie uns an oder schreiben Sie uns." if authority.contact.phone else "Dann schreiben Sie uns bitte."


def plain_remedy(authority: Authority) -> str:
    """What to do against the decision, in plain German; without a court, as in a letter."""
    court = authority.court
    if court is None:
        return WORDINGS["letter"].remedies_plain
    wording = WORDINGS[authority.decides_by]
    return wording.remedies_plain.format(court=court.name, contact=_routes_to_ask(authority))


def english_remedy(authority: Authority) -> str:
    """The same in English."""
    court = authority.court
    if court is None:
        return WORDINGS["letter"].remedies_english
    return WORDINGS[authority.decides_by].remedies_english.format(court=f"{court.name}, {court.address}")
