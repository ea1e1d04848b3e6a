"""Which applications belong to children of one family, and what the authority itself knows of each. Pure.

Certain: from one account (household), and each names the other's birth date. Likely: one household or one home, and one
of them names the other. What is likely is put to a person. Two authorities never learn of each other's children here.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from geography.model import lookup_keys
from shared.birth_dates import may_be_the_same, parse_birth_date
from shared.calendar import SchoolYear, day_in_berlin
from shared.events import ApplicationSubmitted

from eligibility.domain.child import applicant_of, likeness
from eligibility.domain.family import Member, Ties
from eligibility.domain.ids import CaseId

Link = Literal["certain", "likely"]
CERTAIN: Link = "certain"
LIKELY: Link = "likely"


def ties(event: ApplicationSubmitted) -> Ties:
    home = event.home
    keys = lookup_keys(home.street, home.house_number, home.postal_code, home.city)
    digest = hashlib.sha256("\x1f".join((event.authority_id, *keys)).encode()).hexdigest()
    return Ties(str(event.household) if event.household else None, digest, bool(event.circumstances.siblings))


@dataclass(frozen=True)
class Known:
    """Whether and when a child has a funded ticket of this authority; None: not decided yet."""

    funded: bool | None
    from_: date | None = None
    until: date | None = None


class Relations:
    """Who among these is whose sibling, each question answered once: in a home of many, each asks of all others."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._of_home: dict[str, list[Member]] = {}
        self._of_household: dict[str, list[Member]] = {}
        for each in members:
            self._of_home.setdefault(each.ties.home, []).append(each)
            if each.ties.household is not None:
                self._of_household.setdefault(each.ties.household, []).append(each)
        self._applicants = {each.case.id: applicant_of(each.case, each.ties) for each in members}
        self._certain_of: dict[CaseId, list[Member]] = {}
        self._order = {each.case.id: place for place, each in enumerate(members)}

    def links(self, me: Member) -> list[tuple[Member, Link]]:
        """The siblings' cases. Who is named and known for certain is no reason to take another for it."""
        certain = self._certain(me)
        others = [*self._of_home.get(me.ties.home, ()), *self._of_household.get(me.ties.household or "", ())]
        once = sorted({each.case.id: each for each in others}.values(), key=lambda each: self._order[each.case.id])
        maybe = [each for each in once if self._link(me, each) == LIKELY]
        maybe = [each for each in maybe if _open(me, each, certain) or _open(each, me, self._certain(each))]
        return [*((each, CERTAIN) for each in certain), *((each, LIKELY) for each in maybe)]

    def _certain(self, me: Member) -> list[Member]:
        if me.case.id not in self._certain_of:
            of_account = self._of_household.get(me.ties.household or "", ())
            self._certain_of[me.case.id] = [each for each in of_account if self._link(me, each) == CERTAIN]
        return self._certain_of[me.case.id]

    def _link(self, me: Member, other: Member) -> Link | None:
        """Whether `other` is a sibling's case; both are of one account or home."""
        if me.case.id == other.case.id or other.birth is None:
            return None
        named = me.names(other), other.names(me)
        if not any(named) and not me.may_name(other) and not other.may_name(me):
            return None
        if other.case.id in me.not_siblings or me.case.id in other.not_siblings or self._is_same_child(me, other):
            return None
        one_account = me.ties.household is not None and me.ties.household == other.ties.household
        return CERTAIN if one_account and all(named) else LIKELY

    def _is_same_child(self, me: Member, other: Member) -> bool:
        """A child is no sibling of itself: its second application may be written otherwise (see domain.child)."""
        one, two = self._applicants[me.case.id], self._applicants[other.case.id]
        return one is not None and two is not None and likeness(one, two) is not None


def links(me: Member, members: Sequence[Member]) -> list[tuple[Member, Link]]:
    """The siblings' cases of one child among `members`."""
    return Relations(members).links(me)


def _open(one: Member, other: Member, certain: Sequence[Member]) -> bool:
    """Whether `one` names a child of the other's birth date that none of its certain siblings is."""
    if other.born is None:
        return False
    first, last = other.born
    spans = [each.born for each in certain if each.born is not None]
    claimed = sum(begins <= last and first <= ends for begins, ends in spans)
    return one.count_named(other) > claimed


def known_of(member: Member) -> Known:
    """By what was let out: the days of all grants together, until the last of them ended."""
    grants = [each for each in member.decisions if each.released_at and each.outcome == "granted"]
    grants = [each for each in grants if not each.terms.self_payer and each.terms.with_ticket]
    grant = member.grant
    first = min((each.terms.ticket_from or each.valid_from for each in grants if each.valid_from), default=None)
    if grant is not None and grant in grants:
        return Known(True, first, grant.valid_until)
    ends = [each.ended_on or day_in_berlin(each.withdrawn_at) for each in grants if each.withdrawn_at]
    if first is not None and ends and first < max(ends):
        return Known(True, first, max(ends))
    if grants or member.living is not None or member.case.state == "withdrawn":
        return Known(False)
    return Known(None)


def with_siblings(me: Member, others: Iterable[tuple[Member, Link]], *, likely: bool) -> dict[str, Any]:
    """The facts with what the authority knows of siblings: in place of what was told of them, or of what was known."""
    begins, ends = SchoolYear.parse(me.case.school_year).span
    known_before = [dict(each) for each in me.facts.get("siblings") or ()]
    unproven: dict[str, Any] = dict(me.facts.get("unproven") or {})
    told = [dict(each) for each in unproven.get("siblings") or ()]
    free = list(known_before)
    for other, how in sorted(others, key=lambda each: str(each[0].case.id)):
        known = known_of(other)
        if known.funded is None or (how == "likely" and not likely):
            continue
        entry = _entry_of(other, free)
        if entry is not None:
            free = [each for each in free if each is not entry]
        elif not known.funded:
            continue  # what was told of it counts for nothing as it is
        else:
            entry = _entry_of(other, told) or {"birth_date": other.birth}
            told = [each for each in told if each is not entry]
            known_before.append(entry)
        _put(entry, known, begins, ends)
        if other.birth is not None and me.birth is not None and _may_be(other.birth, me.birth):
            _order(entry, other, me)
    if not known_before:
        return me.facts
    beside = {name: each for name, each in {**unproven, "siblings": told}.items() if each}
    facts = {name: each for name, each in me.facts.items() if name != "unproven"}
    return {**facts, "siblings": known_before, **({"unproven": beside} if beside else {})}


def _order(entry: dict[str, Any], other: Member, me: Member) -> None:
    """Of two born on one day, whether the other counts before this one: as either application says. Where neither
    does, or they contradict each other, both pay the higher share until the family has told."""
    mine = None if entry.pop("order_open", None) else entry.get("counts_first")
    about_me = _entry_of(me, other.named) or {}
    theirs = None if about_me.get("order_open") else about_me.get("counts_first")
    entry["counts_first"] = theirs is False if mine is None else mine
    if mine is theirs:  # neither says, or each says the same of the other
        entry |= {"counts_first": False, "order_open": True}


def _entry_of(other: Member, free: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What was told of this sibling: by its birth date, else by one that is known in part and may be it."""
    exact = (each for each in free if each["birth_date"] == other.birth)
    maybe = (each for each in free if other.birth is not None and _may_be(each["birth_date"], other.birth))
    return next(exact, None) or next(maybe, None)


def _may_be(one: str, other: str) -> bool:
    return may_be_the_same(parse_birth_date(one), parse_birth_date(other))


def _put(entry: dict[str, Any], known: Known, begins: date, ends: date) -> None:
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
