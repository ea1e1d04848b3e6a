"""The kind of transport: public transport first, while it is reasonable (NRW: §§ 12 to 16 SchfkVO)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from eligibility.rules import texts, to_family, to_prove
from eligibility.rules.facts import Facts, Transport
from eligibility.rules.findings import Finding, met, note, question
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
NO_ESCORT_YET = (
    "Für eine Begleitperson wird nichts übernommen, solange nicht nachgewiesen ist, dass sie nötig ist.",
    "Nothing is borne for an escort until it is shown that one is needed.",
)
SEND_CERTIFICATE = (
    "Bitte reichen Sie dazu das Attest ein; dann entscheiden wir darüber.",
    "Please hand in the medical certificate; then we decide on it.",
)
VEHICLES = {
    "car": ("einen Pkw", "a car"),
    "motorcycle": ("ein anderes Kraftfahrzeug", "another motor vehicle"),
    "bicycle": ("ein Fahrrad", "a bicycle"),
    "taxi": ("ein Taxi", "a taxi"),
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
        return Carriage((*findings, question(
            "transport", basis, "Fährt auf diesem Schulweg ein Schulbus des Schulträgers?",
            "Does the authority run a school bus on this way?", family=to_family.WE_LOOK_FOR_A_BUS,
        )))  # fmt: skip
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
        german, english = NO_ESCORT_YET
        if law.engine > 4:
            german, english = f"{german} {SEND_CERTIFICATE[0]}", f"{english} {SEND_CERTIFICATE[1]}"
        return EscortCost((note("escort", basis, german, english),))
    (german, english) = texts.euros(cents) if cents is not None else ("noch nicht bekannt", "not known yet")
    return EscortCost((note(
        "escort", basis, f"Für die nötige Begleitperson werden die Fahrkosten übernommen ({german}), kein Lohn.",
        f"For the escort that is needed the fare is borne ({english}), no wage.",
    ),), cents)  # fmt: skip


def unreasonable(wish: Transport, law: Law, level: Level | None) -> tuple[list[Finding], bool]:
    """What makes public transport unreasonable or impossible, and whether all is known that decides about it."""
    if wish.public_available is False:
        text = "Auf diesem Weg fahren keine öffentlichen Verkehrsmittel.", "There is no public transport on this way."
        return [note("transport", law.basis(WALK), *text)], True
    if wish.public_unsuitable_proven:
        text = (
            "Öffentliche Verkehrsmittel sind wegen einer Behinderung oder Krankheit nachweislich nicht zumutbar.",
            "Public transport is not reasonable because of a disability or illness, which was proven.",
        )
        return [note("transport", law.basis(DAY), *text)], True
    primary = level == "primary"
    tested = [_walk(wish, law, WALK_PRIMARY if primary else WALK), _minutes(wish.minutes_a_day, law, DAY, _DAY)]
    tested.append(_early(wish, law))
    if primary:
        tested += [
            _minutes(wish.minutes_one_way, law, HOUR, _HOUR),
            _minutes(wish.waiting_minutes, law, WAITING, _WAITING),
        ]
    found = [each for each, _ in tested if each is not None]
    return found, wish.public_available is True and all(known for _, known in tested)


Tested = tuple[Finding | None, bool]
"""What speaks against it, if anything, and whether it is known."""


def _walk(wish: Transport, law: Law, name: str) -> Tested:
    most, walk = law.number(name), wish.walk_to_stops_m
    if most is None or walk is None or walk <= most:
        return None, most is None or walk is not None
    (german, english), (most_german, most_english) = texts.metres(walk, most), texts.limit(most)
    return note(
        "transport", law.basis(name),
        f"Die Fußwege zu und von den Haltestellen sind zusammen {german} lang; zumutbar sind {most_german}.",
        f"The walks to and from the stops are {english} together; {most_english} are reasonable.",
    ), True  # fmt: skip


_DAY = (
    "Hin- und Rückweg dauern zusammen {} Minuten; zumutbar sind {}.",
    "There and back take {} minutes; {} are reasonable.",
)
_HOUR = "Der einfache Weg dauert {} Minuten; in der Primarstufe sollen es höchstens {} sein.", "One way takes {} minutes; at primary level it should be at most {}."  # fmt: skip
_WAITING = "Die Wartezeit beträgt {} Minuten; in der Primarstufe sollen es höchstens {} sein.", "The wait is {} minutes; at primary level it should be at most {}."  # fmt: skip


def _minutes(value: int | None, law: Law, name: str, words: tuple[str, str]) -> Tested:
    most = law.number(name)
    if most is None or value is None or value <= most:
        return None, most is None or value is not None
    return note("transport", law.basis(name), words[0].format(value, most), words[1].format(value, most)), True


def _early(wish: Transport, law: Law) -> Tested:
    before = law.word(EARLY) if law.in_force[EARLY].value is not None else None
    leaves = wish.leaves_home_at
    if before is None or leaves is None or leaves >= before:
        return None, before is None or leaves is not None
    return note(
        "transport", law.basis(EARLY),
        f"Die Wohnung muss überwiegend schon um {leaves} Uhr verlassen werden, also vor {before} Uhr.",
        f"On most days home must be left at {leaves}, which is before {before}.",
    ), True  # fmt: skip


def _by_person(wish: Transport, law: Law) -> Carriage:
    """Where the state's figures were not seen, whatever is said against public transport is for a person."""
    against = wish.public_available is False or bool(wish.public_unsuitable_proven)
    if wish.kind in (None, "public") and not against:
        return Carriage((), "public")
    return Carriage((question(
        "transport", law.basis(BY_PERSON), "Welches Verkehrsmittel ist zumutbar und am wirtschaftlichsten?",
        "Which kind of transport is reasonable, and costs least?", family=to_family.WE_CHOOSE_THE_TRANSPORT,
    ),))  # fmt: skip


def _public_first(wish: Transport, basis: str, *, known: bool) -> Carriage:
    if wish.kind == "special":
        text = "Der Schulträger wählt die Beförderung; öffentliche Verkehrsmittel gehen in der Regel vor.", "The authority chooses the transport; public transport normally goes first."  # fmt: skip
        return Carriage((note("transport", basis, *text),), "special" if wish.special_available else "public")
    if known:
        text = "Öffentliche Verkehrsmittel sind zumutbar; ein anderes Verkehrsmittel wird daher nicht bezahlt.", "Public transport is reasonable; another kind is therefore not paid for."  # fmt: skip
        return Carriage((note("transport", basis, *text),), "public")
    return Carriage((question(
        "transport", basis,
        "Gibt es öffentliche Verkehrsmittel, und sind sie zumutbar (Fußweg zur Haltestelle, Dauer, Abfahrt, Wartezeit)?",
        "Is there public transport, and is it reasonable (walk to the stop, duration, departure, waiting)?",
        family=to_prove.PUBLIC_TRANSPORT,
    ),))  # fmt: skip


def _school_bus(wish: Transport, findings: tuple[Finding, ...], basis: str) -> Carriage:
    if not wish.special_available:
        return Carriage((*findings, question(
            "transport", basis, "Richtet der Schulträger einen Schülerspezialverkehr ein?", "Will the authority set up a school bus?",
            family=to_family.WE_LOOK_FOR_A_BUS,
        )))  # fmt: skip
    text = "Befördert wird mit dem Schulbus des Schulträgers.", "The authority's own school bus carries the pupil."
    return Carriage((*findings, note("transport", basis, *text)), "special")


def _own_vehicle(wish: Transport, law: Law, findings: tuple[Finding, ...]) -> Carriage:
    kind = wish.kind or "car"
    rate = law.number(RATES[kind]) if kind in RATES else None
    german, english = VEHICLES.get(kind, VEHICLES["taxi"])
    basis = law.basis(RATES.get(kind, "transport.car_cents_km"))
    if rate is None:
        asking = question(
            "transport", basis, f"Sollen ausnahmsweise die tatsächlichen Kosten für {german} übernommen werden?",
            f"Should the actual cost of {english} be borne by way of exception?",
            family=to_family.WE_CHOOSE_THE_TRANSPORT,
        )  # fmt: skip
        return Carriage((*findings, asking))
    more = law.number("transport.passenger_cents_km") if kind == "car" and wish.passengers else 0
    if wish.kilometres_one_way is None or wish.school_days_a_month is None or more is None:
        asking = question(
            "transport", basis, "Wie viele Kilometer und Schultage im Monat werden gefahren, und wer fährt mit?",
            "How many kilometres and school days a month are driven, and who rides along?",
            family=to_prove.KILOMETRES,
        )  # fmt: skip
        return Carriage((*findings, asking))
    a_kilometre = rate + more * (wish.passengers or 0)
    ways = (wish.rides_a_day or 2) * wish.school_days_a_month
    exact = Decimal(str(wish.kilometres_one_way)) * a_kilometre * ways
    cents = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    (rate_german, rate_english), (sum_german, sum_english) = texts.euros(a_kilometre), texts.euros(cents)
    said = note(
        "transport", basis,
        f"Für {german} werden {rate_german} je Kilometer gezahlt, bei {ways} Fahrten im Monat {sum_german}.",
        f"For {english} {rate_english} a kilometre are paid, which is {sum_english} for {ways} rides a month.",
    )  # fmt: skip
    return Carriage((*findings, said), kind, cents, a_kilometre)
