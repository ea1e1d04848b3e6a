"""What a notice says where a grant ends by it, or becomes less: from when, and how the family was heard. Pure."""

from datetime import date

from shared.calendar import day_after

from eligibility.domain.decision import Decision
from eligibility.domain.ending import GrantEnd
from eligibility.domain.kept_routes import KeptRoute
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
BY_CONDITION = (
    "Der Bescheid vom {then} (Aktenzeichen {reference}) gilt ab dem {first} nicht mehr: Die darin genannte Bedingung "
    "für ein vorzeitiges Ende ist eingetreten ({basis})."
)
"""What a condition ends is not revoked besides: it has no effect any more (§ 43 Abs. 2 VwVfG NRW)."""
IN_ITS_PLACE = " An seine Stelle tritt dieser Bescheid."
CONDITION = "§ 36 Abs. 2 Nr. 2 VwVfG NRW"
REVOKED, REVOKED_REFUSAL = "§ 49 Abs. 2 Satz 1 Nr. 3 VwVfG NRW", "§ 49 Abs. 1 VwVfG NRW"
WITHDRAWN = "§ 48 Abs. 1 VwVfG NRW"
"""By which an earlier decision ends. A change of home or school is a resolving condition of the grant (§ 36 Abs. 2 Nr. 2:
a favour ends with an uncertain event to come); other facts that came later are a reason to revoke a lawful grant (§ 49
Abs. 2 Satz 1 Nr. 3, which asks for a danger to the public interest besides: a person sees to that), and a lawful refusal
may be revoked freely, for the time to come (§ 49 Abs. 1); where the authority looked again at the same facts, the
earlier decision was wrong and is withdrawn (§ 48 Abs. 1).

Source: the federal VwVfG, to which the state's agrees word for word here. §§ 36 and 49 were compared with their text as
legal publishers print it; §§ 43 and 48, and that the state's text agrees, are from memory."""
EXCEPTIONS = {
    "1": "weil eine sofortige Entscheidung notwendig erschien",
    "2": "weil durch die Anhörung eine Frist nicht eingehalten werden könnte, auf die es für die Entscheidung ankommt",
    "3": "weil von Ihren eigenen Angaben nicht zu Ihren Ungunsten abgewichen wird",
}
"""§ 28 Abs. 2 Nr. 1 to 3 VwVfG NRW, in short."""
UNTIL, UNTIL_WITH_TICKET = (
    "Bis zum {last} gilt die Bewilligung weiter.",
    "Bis zum {last} gilt die Bewilligung weiter, und das Ticket auch.",
)
SAME_DOOR_DEGREES = 0.0002
"""Some 20 m: a newer register may move a door by a little."""


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
    return CONDITION if _has_moved_or_left(decision, earlier) else REVOKED


def _has_moved_or_left(decision: Decision, earlier: Decision) -> bool:
    """Home, school or course became another, or the pupil leaves. Another length alone is none of these where the map
    or the entrance that it was measured by became another."""
    if any(decision.facts.get(name) != earlier.facts.get(name) for name in ("course", "leaves_on")):
        return True
    one, other = ((each.routes.get("attended") or {}) for each in (decision, earlier))
    if one.get("school_number") != other.get("school_number"):
        return True
    here, there = door(one), door(other)
    if here is None or there is None:
        return one.get("metres") != other.get("metres")
    if is_far(here, there):
        return True
    measured_alike = all(one.get(name) == other.get(name) for name in ("network", "entrance"))
    return measured_alike and one.get("metres") != other.get("metres")


def door(way: KeptRoute) -> tuple[float, float] | None:
    """Where the way begins."""
    geometry = way.get("geometry")
    line = geometry.get("coordinates") if geometry else None
    return (float(line[0][0]), float(line[0][1])) if line else None


def is_far(here: tuple[float, float], there: tuple[float, float]) -> bool:
    """Whether two places (latitude, longitude) are so far apart that they are two doors."""
    return any(abs(a - b) > SAME_DOOR_DEGREES for a, b in zip(here, there, strict=True))


def text_of_replacement(
    kind: str, decision: Decision, earlier: Decision, *, then: str, reference: str, why: str
) -> str:
    """`kind`: administrative_act or letter."""
    ends = decision.terms.ends
    last = ends.last_day if ends is not None else None
    first = _day(day_after(last)) if last is not None else ""
    basis = provision(decision, earlier)
    form = BY_CONDITION if kind == "administrative_act" and basis == CONDITION else REPLACED[kind]
    return form.format(then=then, reference=reference, first=first, why=why, basis=basis)


def text_of_hearing(kind: str, ends: GrantEnd) -> str:
    """How the family was heard, or why not. A private body's letter says it without the paragraph."""
    act = kind == "administrative_act"
    if ends.heard_on is not None:
        basis = " (§ 28 Abs. 1 VwVfG NRW)" if act else ""
        until = _day(ends.heard_until or ends.heard_on)
        answered = f" Sie haben sich am {_day(ends.answered_on)} geäußert." if ends.answered_on else ""
        return f"Sie hatten bis zum {until} Gelegenheit, sich dazu zu äußern{basis}.{answered}"
    reason = EXCEPTIONS.get(ends.exception or "", "")
    basis = f" (§ 28 Abs. 2 Nr. {ends.exception} VwVfG NRW)" if act else ""
    return f"Von einer Anhörung wurde abgesehen, {reason}{basis}. {ends.why}".strip()


def goes_on_until(ends: GrantEnd, day: date) -> str:
    """`day`: of the notice. Nothing where the last day has passed by then."""
    if not _is_to_come(ends, day):
        return ""
    return (UNTIL_WITH_TICKET if ends.with_ticket else UNTIL).format(last=_day(ends.last_day))


def plain(ends: GrantEnd, day: date, *, who: str, whose: str) -> str:
    """`who`: with the verb, "Ana kann" or "Sie können"; `whose`: "die Fahrten von Ana" or "Ihre Fahrten"."""
    last = _day(ends.last_day)
    if not ends.with_ticket:
        return f"Wir bezahlen {whose} zur Schule bis zum {last}. Danach bezahlen wir sie nicht mehr."
    if not _is_to_come(ends, day):
        return f"Die Bewilligung hat am {last} geendet. Ein Ticket vom Schulträger gibt es nicht mehr."
    return f"{who} das Ticket bis zum {last} benutzen. Danach gibt es kein Ticket vom Schulträger mehr."


def english(ends: GrantEnd, day: date, child: str) -> str:
    """The English sentence of the end of a grant, in the past or the present tense as of `day`."""
    last = texts.day(ends.last_day or date.max)[1]
    if not _is_to_come(ends, day):
        return f"The grant of travel costs to school for {child} ended on {last}."
    until = " Until then the ticket holds." if ends.with_ticket else ""
    return f"The grant of travel costs to school for {child} ends on {last}.{until}"


def _is_to_come(ends: GrantEnd, day: date) -> bool:
    return ends.last_day is not None and ends.last_day >= day


def _day(value: date | None) -> str:
    return texts.day(value or date.max)[0]
