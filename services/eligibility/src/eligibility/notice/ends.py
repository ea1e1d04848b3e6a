"""What a notice says where a grant ends by it, or becomes less: from when, and how the family was heard. Pure."""

from datetime import date, timedelta

from eligibility.domain.decision import Decision
from eligibility.domain.ending import GrantEnd
from eligibility.rules import texts

ENDED = "Die Übernahme der Schülerfahrkosten für {child}, geboren {born}, endet am {last}."
NOT_CARRIED_ON = (
    "Die Übernahme der Schülerfahrkosten für {child}, geboren {born}, wird im Schuljahr {year} nicht fortgeführt. Sie "
    "endet am {last}."
)
REPLACED = {
    "administrative_act": "Der Bescheid vom {then} (Aktenzeichen {reference}) wird mit Wirkung vom {first} aufgehoben, "
    "{why} ({basis}).",
    "letter": "Unsere Mitteilung vom {then} (Zeichen {reference}) gilt ab dem {first} nicht mehr, {why}.",
}
CONDITION = "§ 36 Abs. 2 Nr. 2 VwVfG NRW"
REVOKED, REVOKED_REFUSAL = "§ 49 Abs. 2 Satz 1 Nr. 3 VwVfG NRW", "§ 49 Abs. 1 VwVfG NRW"
WITHDRAWN = "§ 48 Abs. 1 VwVfG NRW"
"""By which an earlier decision ends; from memory. A change of home or school is a resolving condition of the grant; other
changed facts are a reason to revoke it, and a refusal may be revoked freely; where the authority looked again at the
same facts, the earlier decision is withdrawn."""
EXCEPTIONS = {
    "1": "weil eine sofortige Entscheidung notwendig erschien",
    "2": "weil durch die Anhörung eine Frist nicht eingehalten werden könnte, auf die es für die Entscheidung ankommt",
    "3": "weil von Ihren eigenen Angaben nicht zu Ihren Ungunsten abgewichen wird",
}
"""§ 28 Abs. 2 Nr. 1 to 3 VwVfG NRW, in short."""
UNTIL = "Bis zum {last} gilt die Bewilligung weiter, und das Ticket auch."


def operative(ends: GrantEnd, child: str, born: str, school_year: str) -> str:
    """The decision itself, where a grant ends."""
    form = NOT_CARRIED_ON if "not_carried_on" in ends.losses else ENDED
    return form.format(child=child, born=born, year=school_year, last=_day(ends.last_day))


def provision(decision: Decision, earlier: Decision) -> str:
    """The one by which the earlier decision ends."""
    if decision.because != "facts_changed":
        return WITHDRAWN
    if earlier.outcome != "granted":
        return REVOKED_REFUSAL
    one, other = (_way_of(each) for each in (decision, earlier))
    return CONDITION if one != other else REVOKED


def _way_of(decision: Decision) -> tuple[object, object]:
    """School and length: both stay where neither home nor school became another."""
    way = decision.ways.get("attended") or {}
    return way.get("school_number"), way.get("metres")


def replaced(kind: str, decision: Decision, earlier: Decision, *, then: str, reference: str, why: str) -> str:
    """`kind`: administrative_act or letter."""
    ends = decision.terms.ends
    last = ends.last_day if ends is not None else None
    first = _day(last + timedelta(days=1)) if last is not None else ""
    basis = provision(decision, earlier)
    return REPLACED[kind].format(then=then, reference=reference, first=first, why=why, basis=basis)


def hearing(kind: str, ends: GrantEnd) -> str:
    """How the family was heard, or why not. A private body's letter says it without the paragraph."""
    act = kind == "administrative_act"
    if ends.heard_on is not None:
        basis = " (§ 28 Abs. 1 VwVfG NRW)" if act else ""
        return f"Sie hatten bis zum {_day(ends.heard_on)} Gelegenheit, sich dazu zu äußern{basis}."
    reason = EXCEPTIONS.get(ends.exception or "", "")
    basis = f" (§ 28 Abs. 2 Nr. {ends.exception} VwVfG NRW)" if act else ""
    return f"Von einer Anhörung wurde abgesehen, {reason}{basis}. {ends.why}".strip()


def goes_on_until(ends: GrantEnd, day: date) -> str:
    """`day`: of the notice. Nothing where the last day has passed by then."""
    return UNTIL.format(last=_day(ends.last_day)) if ends.last_day is not None and ends.last_day >= day else ""


def plain(ends: GrantEnd, who: str) -> str:
    """`who`: with the verb, "Ana kann" or "Sie können"."""
    return f"{who} das Ticket bis zum {_day(ends.last_day)} benutzen. Danach gibt es kein kostenloses Ticket mehr."


def english(ends: GrantEnd, child: str) -> str:
    last = texts.day(ends.last_day or date.max)[1]
    return f"The grant of travel costs to school for {child} ends on {last}. Until then the ticket holds."


def _day(value: date | None) -> str:
    return texts.day(value or date.max)[0]
