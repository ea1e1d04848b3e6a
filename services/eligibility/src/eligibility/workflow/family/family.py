"""By what the applications of one family are found, and what the authority itself knows of each child. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geography.model import lookup_keys
from shared.birth_dates import may_be_the_same, parse_birth_date
from shared.calendar import SchoolYear, day_after, day_in_berlin
from shared.events import ApplicationSubmitted

from eligibility.domain.child import applicant_of, likeness
from eligibility.domain.family import Member, Span, Ties
from eligibility.domain.kept_facts import KeptFacts, KeptSibling, KeptUnproven
from eligibility.workflow.family.relations import CERTAIN, Link


def ties(event: ApplicationSubmitted) -> Ties:
    """By what an application is tied to others of its family. The home goes into a digest, with the authority."""
    home = event.home
    keys = lookup_keys(home.street, home.house_number, home.postal_code, home.city)
    digest = hashlib.sha256("\x1f".join((event.authority_id, *keys)).encode()).hexdigest()
    return Ties(str(event.household) if event.household else None, digest, bool(event.circumstances.siblings))


@dataclass(frozen=True)
class FundedPeriod:
    """Whether and when a child has a funded ticket of this authority; None: not decided yet."""

    funded: bool | None
    from_: date | None = None
    until: date | None = None


def known_of(member: Member) -> FundedPeriod:
    """By what was let out: the days of all grants together, until the last of them ended."""
    grants = [each for each in member.decisions if each.released_at and each.outcome == "granted"]
    grants = [each for each in grants if not each.terms.self_payer and each.terms.with_ticket]
    grant = member.grant
    first = min((each.terms.ticket_from or each.valid_from for each in grants if each.valid_from), default=None)
    if grant is not None and grant in grants:
        return FundedPeriod(True, first, grant.valid_until)
    ends = [each.ended_on or day_in_berlin(each.withdrawn_at) for each in grants if each.withdrawn_at]
    if first is not None and ends and first < max(ends):
        return FundedPeriod(True, first, max(ends))
    if grants or member.living is not None or member.case.state == "withdrawn":
        return FundedPeriod(False)
    return FundedPeriod(None)


def with_siblings(me: Member, others: Iterable[tuple[Member, Link]], *, likely: bool) -> KeptFacts:
    """The facts with what the authority knows of siblings: in place of what was told of them, or of what was known."""
    begins, ends = SchoolYear.parse(me.case.school_year).span
    known_before = [each.copy() for each in me.facts.get("siblings") or ()]
    unproven: KeptUnproven = (me.facts.get("unproven") or KeptUnproven()).copy()
    told = [each.copy() for each in unproven.get("siblings") or ()]
    free = list(known_before)
    counted = sorted((other for other, how in others if likely or how == CERTAIN), key=lambda each: str(each.case.id))
    for other, known in _each_once(counted):
        entry = _entry_of(other, free)
        if entry is not None:
            free = [each for each in free if each is not entry]
        elif not known.funded:
            continue  # what was told of it counts for nothing as it is
        else:
            entry = _entry_of(other, told) or _born(other)
            told = [each for each in told if each is not entry]
            known_before.append(entry)
        _put(entry, known, begins, ends)
        if other.birth is not None and me.birth is not None and _may_be(other.birth, me.birth):
            _order(entry, other, me)
    if not known_before:
        return me.facts
    return _with(me.facts, known_before, told, unproven.get("benefits") or [])


def _with(facts: KeptFacts, known: list[KeptSibling], told: list[KeptSibling], benefits: list[str]) -> KeptFacts:
    """`told`, `benefits`: what stays beside the facts, unproven."""
    made = facts.copy()
    made["siblings"] = known
    made.pop("unproven", None)
    if told or benefits:
        made["unproven"] = beside = KeptUnproven()
        if told:
            beside["siblings"] = told
        if benefits:
            beside["benefits"] = benefits
    return made


def _born(other: Member) -> KeptSibling:
    return KeptSibling() if other.birth is None else KeptSibling(birth_date=other.birth)


def _each_once(members: Sequence[Member]) -> list[tuple[Member, FundedPeriod]]:
    """What is known of each child, once for all its cases: two grants of one child at a time are one sibling."""
    children: list[list[Member]] = []
    for each in members:
        same = next((cases for cases in children if _is_one_child(cases[0], each)), None)
        if same is None:
            children.append([each])
        else:
            same.append(each)
    found: list[tuple[Member, FundedPeriod]] = []
    for cases in children:
        said = [(each, known_of(each)) for each in cases]
        funded = sorted(((each, known) for each, known in said if known.funded), key=lambda one: _span_of(one[1]))
        together: list[tuple[Member, FundedPeriod]] = []
        for each, known in funded:
            if together and _touches(together[-1][1], known):
                together[-1] = together[-1][0], _joined(together[-1][1], known)
            else:
                together.append((each, known))
        found += together or [one for one in said if one[1].funded is not None][:1]
    return found


def _is_one_child(one: Member, other: Member) -> bool:
    first, second = applicant_of(one.case, one.ties), applicant_of(other.case, other.ties)
    return first is not None and second is not None and likeness(first, second) == "certain"


def _span_of(known: FundedPeriod) -> Span:
    return known.from_ or date.min, known.until or date.max


def _touches(earlier: FundedPeriod, later: FundedPeriod) -> bool:
    """Whether the later one begins before the earlier one is over, or on the day after."""
    end = _span_of(earlier)[1]
    return end == date.max or _span_of(later)[0] <= day_after(end)


def _joined(earlier: FundedPeriod, later: FundedPeriod) -> FundedPeriod:
    last = max(_span_of(earlier)[1], _span_of(later)[1])
    return FundedPeriod(True, earlier.from_, None if last == date.max else last)


def _order(entry: KeptSibling, other: Member, me: Member) -> None:
    """Of two born on one day, whether the other counts before this one: as either application says. Where neither
    does, or they contradict each other, both pay the higher share until the family has told."""
    mine = None if entry.pop("order_open", None) else entry.get("counts_first")
    about_me = _entry_of(me, other.named) or KeptSibling()
    theirs = None if about_me.get("order_open") else about_me.get("counts_first")
    entry["counts_first"] = theirs is False if mine is None else mine
    if mine is theirs:  # neither says, or each says the same of the other
        entry |= {"counts_first": False, "order_open": True}


def _entry_of(other: Member, free: Sequence[KeptSibling]) -> KeptSibling | None:
    """What was told of this sibling: by its birth date, else by one that is known in part and may be it."""
    exact = (each for each in free if each["birth_date"] == other.birth)
    maybe = (each for each in free if other.birth is not None and _may_be(each["birth_date"], other.birth))
    return next(exact, None) or next(maybe, None)


def _may_be(one: str, other: str) -> bool:
    return may_be_the_same(parse_birth_date(one), parse_birth_date(other))


def _put(entry: KeptSibling, known: FundedPeriod, begins: date, ends: date) -> None:
    last = min((date.fromisoformat(each) for each in [entry.pop("funded_until", None)] if each), default=ends)
    entry.pop("funded_from", None)
    entry["funded"] = bool(known.funded)
    if not known.funded:
        return
    if known.from_ is not None and known.from_ > begins:
        entry["funded_from"] = known.from_.isoformat()
    last = min(last, known.until or ends)
    if last < ends:
        entry["funded_until"] = last.isoformat()
