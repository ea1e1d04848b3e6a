"""The kind of transport: public transport first, while it is reasonable (NRW: §§ 12 to 16 SchfkVO)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from eligibility.rules import to_family, to_prove
from eligibility.rules.facts import Facts, Transport
from eligibility.rules.findings import Finding, met, note, question
from eligibility.rules.law.before import wordings
from eligibility.rules.law.texts import Said
from eligibility.rules.law.texts import transport as say
from eligibility.rules.rule_set.rule_set import Law, Level

Kind = Literal["public", "special", "car", "motorcycle", "bicycle", "taxi"]
WALK, DAY, EARLY = "transport.walk_to_stops_m", "transport.minutes_a_day", "transport.leaves_home_before"
WALK_PRIMARY, HOUR, WAITING = (
    "transport.walk_to_stops_primary_m", "transport.primary_minutes_one_way", "transport.primary_waiting_minutes",
)  # fmt: skip
BY_PERSON = "transport.decided_by_person"
RATES = {
    "car": "transport.car_cents_km",
    "motorcycle": "transport.motorcycle_cents_km",
    "bicycle": "transport.bicycle_cents_km",
}


@dataclass(frozen=True, slots=True)
class Carriage:
    """How the way is made at the authority's cost. `allowance_cents` a month, in place of a fare."""

    findings: tuple[Finding, ...] = ()
    kind: Kind | None = None
    allowance_cents: int | None = None
    kilometre_cents: int | None = None
    """What a kilometre is paid, passengers included."""

    @property
    def with_ticket(self) -> bool:
        """Whether the family gets a ticket, which can be used beyond the way to school."""
        return self.kind in (None, "public")


def carriage(facts: Facts, law: Law, level: Level | None) -> Carriage:
    """Public transport, else the authority's own bus, else the family's vehicle by the kilometre; a taxi is an exception.

    Without anything said about transport nothing is tested. Nobody has a claim to a certain kind.
    """
    wish = facts.transport
    if wish is None or not law.has(WALK):
        return Carriage()
    if law.has(BY_PERSON) and law.flag(BY_PERSON):
        return _by_person(wish, law)
    breaches, known = unreasonable(wish, law, level)
    findings = tuple(met("transport", each.legal_basis, each.text, each.text_en) for each in breaches)
    if wish.kind in (None, "public"):
        return Carriage(findings, "public")
    basis = law.basis("transport.car_cents_km")
    if not breaches:
        return _public_first(wish, law.basis(WALK), known=known)
    if wish.kind == "special" or wish.special_available:
        return _school_bus(wish, findings, basis)
    if wish.special_available is None:
        asking = question("transport", basis, *say.IS_THERE_A_BUS, family=to_family.WE_LOOK_FOR_A_BUS)
        return Carriage((*findings, asking))
    return _own_vehicle(wish, law, findings)


@dataclass(frozen=True, slots=True)
class EscortCost:
    """What an escort costs a month; None where that is not known."""

    findings: tuple[Finding, ...] = ()
    cents: int | None = 0


def escort(facts: Facts, law: Law) -> EscortCost:
    """NRW § 11 SchfkVO: the fare of an escort that is needed, never a wage (OVG NRW 19 E 808/05). UnprovenFacts it waits: the
    grant of the way itself does not."""
    name = "transport.escort_fare"
    if facts.escort is None or facts.escort.proven is False or not law.has(name) or not law.flag(name):
        return EscortCost()
    basis, cents = law.basis(name), facts.escort.monthly_fare_cents
    if not facts.escort.proven:
        of = say if law.does.ask_for_proof_of_escort else wordings
        return EscortCost((note("escort", basis, *of.NO_ESCORT_YET),))
    return EscortCost((note("escort", basis, *say.escort(cents)),), cents)


def unreasonable(wish: Transport, law: Law, level: Level | None) -> tuple[list[Finding], bool]:
    """What makes public transport unreasonable or impossible, and whether all is known that decides about it."""
    if wish.public_available is False:
        return [note("transport", law.basis(WALK), *say.NO_PUBLIC_TRANSPORT)], True
    if wish.public_unsuitable_proven:
        return [note("transport", law.basis(DAY), *say.PUBLIC_UNSUITABLE)], True
    primary = level == "primary"
    tested = [_walk(wish, law, WALK_PRIMARY if primary else WALK), _minutes(wish.minutes_a_day, law, DAY, say.long_day)]
    tested.append(_early(wish, law))
    if primary:
        tested += [
            _minutes(wish.minutes_one_way, law, HOUR, say.long_way),
            _minutes(wish.waiting_minutes, law, WAITING, say.long_wait),
        ]
    found = [each for each, _ in tested if each is not None]
    return found, wish.public_available is True and all(known for _, known in tested)


Tested = tuple[Finding | None, bool]
"""What speaks against it, if anything, and whether it is known."""


def _walk(wish: Transport, law: Law, name: str) -> Tested:
    most, walk = law.number(name), wish.walk_to_stops_m
    if most is None or walk is None or walk <= most:
        return None, most is None or walk is not None
    return note("transport", law.basis(name), *say.long_walk(walk, most)), True


def _minutes(value: int | None, law: Law, name: str, too_long: Callable[[int, int], Said]) -> Tested:
    most = law.number(name)
    if most is None or value is None or value <= most:
        return None, most is None or value is not None
    return note("transport", law.basis(name), *too_long(value, most)), True


def _early(wish: Transport, law: Law) -> Tested:
    before = law.word(EARLY) if law.in_force[EARLY].value is not None else None
    leaves = wish.leaves_home_at
    if before is None or leaves is None or leaves >= before:
        return None, before is None or leaves is not None
    return note("transport", law.basis(EARLY), *say.early_start(leaves, before)), True


def _by_person(wish: Transport, law: Law) -> Carriage:
    """Where the state's figures were not seen, whatever is said against public transport is for a person."""
    against = wish.public_available is False or bool(wish.public_unsuitable_proven)
    if wish.kind in (None, "public") and not against:
        return Carriage((), "public")
    family = to_family.WE_CHOOSE_THE_TRANSPORT
    return Carriage((question("transport", law.basis(BY_PERSON), *say.WHICH_TRANSPORT, family=family),))


def _public_first(wish: Transport, basis: str, *, known: bool) -> Carriage:
    if wish.kind == "special":
        kind: Kind = "special" if wish.special_available else "public"
        return Carriage((note("transport", basis, *say.PUBLIC_FIRST),), kind)
    if known:
        return Carriage((note("transport", basis, *say.PUBLIC_IS_REASONABLE),), "public")
    return Carriage((question("transport", basis, *say.IS_PUBLIC_REASONABLE, family=to_prove.PUBLIC_TRANSPORT),))


def _school_bus(wish: Transport, findings: tuple[Finding, ...], basis: str) -> Carriage:
    if not wish.special_available:
        asking = question("transport", basis, *say.SHALL_THERE_BE_A_BUS, family=to_family.WE_LOOK_FOR_A_BUS)
        return Carriage((*findings, asking))
    return Carriage((*findings, note("transport", basis, *say.BY_SCHOOL_BUS)), "special")


def _own_vehicle(wish: Transport, law: Law, findings: tuple[Finding, ...]) -> Carriage:
    kind = wish.kind or "car"
    rate = law.number(RATES[kind]) if kind in RATES else None
    basis = law.basis(RATES.get(kind, "transport.car_cents_km"))
    if rate is None:
        family = to_family.WE_CHOOSE_THE_TRANSPORT
        asking = question("transport", basis, *say.is_actual_cost_borne(kind), family=family)
        return Carriage((*findings, asking))
    more = law.number("transport.passenger_cents_km") if kind == "car" and wish.passengers else 0
    if wish.kilometres_one_way is None or wish.school_days_a_month is None or more is None:
        asking = question("transport", basis, *say.HOW_MANY_KILOMETRES, family=to_prove.KILOMETRES)
        return Carriage((*findings, asking))
    a_kilometre = rate + more * (wish.passengers or 0)
    ways = (wish.rides_a_day or 2) * wish.school_days_a_month
    exact = Decimal(str(wish.kilometres_one_way)) * a_kilometre * ways
    cents = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    said = note("transport", basis, *say.allowance(kind, a_kilometre, ways, cents))
    return Carriage((*findings, said), kind, cents, a_kilometre)
