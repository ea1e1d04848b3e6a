"""What the rules and the doubts together come to. Pure."""

from dataclasses import dataclass
from typing import Literal

from geography.model import FLAG_TEXTS, Measurement

from eligibility.notice.content import map_date
from eligibility.rules import Evaluation, Facts, Finding, texts
from eligibility.rules.findings import note, question
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.dangers import Dangers, dangers
from eligibility.workflow.decision.facts import facts_of
from eligibility.workflow.decision.terms import evaluated
from eligibility.workflow.decision.unproven_claims import on_their_word
from eligibility.workflow.ports import Found, Ways

BASIS = "§ 7 Abs. 1 SchfkVO"
GROUNDS = frozenset({"distance", "health", "dangerous_route", "nearest_refused", "second_home"})
SAID_FLAGS = (
    "school_point_not_entrance",
    "entrance_from_openstreetmap",
    "connector_from_over_50_m",
    "connector_to_over_50_m",
)
"""What a family and a judge should know of how the way was measured."""


@dataclass(frozen=True)
class Verdict:
    outcome: Literal["granted", "refused", "review"]
    reasons: tuple[Finding, ...]
    facts: Facts
    """As evaluated."""
    evaluation: Evaluation
    dangers: Dangers


def verdict(assessment: Assessment) -> Verdict:
    """Judge an application.

    1. Make the facts, with what the authority's danger list says of the way. 2. Evaluate them, at the fare of the rule
    set's product. 3. Ask a person where something is in doubt.
    """
    # 1.
    facts, asked = facts_of(assessment)
    if assessment.law is not None and assessment.event.wanted_from > assessment.law.ends:
        asked.append(_ask("period", "§ 4 SchfkVO", "Ab welchem Tag des Schuljahres wird das Ticket gewünscht?",
                          "From which day of the school year is the ticket wanted?"))  # fmt: skip
    listed = dangers(assessment)
    # 2.
    rules, school_number = assessment.policy.rules, assessment.event.school_number
    facts, evaluation = evaluated(listed.put_forward(facts), rules, school_number, assessment.first_day)
    # 3.
    outcome, reasons = _weigh(assessment, facts, evaluation, asked, listed)
    return Verdict(outcome, reasons, facts, evaluation, listed)


def _weigh(
    assessment: Assessment, facts: Facts, evaluation: Evaluation, asked: list[Finding], listed: Dangers
) -> tuple[Literal["granted", "refused", "review"], tuple[Finding, ...]]:
    """Hand to a person what the rules asked, what could not be measured, what was claimed and what is in doubt. A
    refusal on other grounds than the way (residence, school, deadline …) stands whatever the answers would be."""
    rests_on_list = "dangerous_route" in evaluation.decided_by and listed.settled
    said = [*(listed.notes() if rests_on_list else ()), *measured_note(assessment.tested)]
    if evaluation.outcome == "refused" and not evaluation.decided_by <= GROUNDS:
        return "refused", (*evaluation.reasons, *said)
    questions = [*asked, *missing(assessment.context, assessment.routes)]
    explained = bool(questions)
    rest = [
        each
        for each in evaluation.reasons
        if not (explained and each.rule in ("distance", "nearest_school") and each.result == "question")
    ]
    band_m = assessment.policy.review_band_m
    if "distance" in evaluation.decided_by and evaluation.outcome != "review":
        questions += in_doubt(band_m, assessment.tested, evaluation)
    if rests_on_list and evaluation.outcome != "review":
        questions += safe_way_in_doubt(band_m, facts, evaluation)
    questions += claimed(facts, evaluation, danger_settled=listed.settled)
    questions += on_their_word(facts, evaluation)
    if not questions and evaluation.outcome != "review":
        return evaluation.outcome, (*rest, *said)
    return "review", (*questions, *rest, *said)


def missing(found: Found, ways: Ways | None) -> list[Finding]:
    """What this service does not know or may not decide."""
    asked = []
    if found.school is None:
        asked.append(_ask("school", "§ 3 SchfkVO", "Die Schule steht nicht im Schulverzeichnis. Welche Schule wird besucht?",
                          "The school is not in the register. Which school is attended?"))  # fmt: skip
    elif not found.authority.bears(found.school.authority_number):
        asked.append(_ask("school", "§ 3 SchfkVO", "Die Schule hat laut Verzeichnis einen anderen Schulträger. Wer ist zuständig?",
                          "By the register, another authority bears this school. Who is responsible?"))  # fmt: skip
    if found.home is None:
        asked.append(_ask("address", BASIS, "Die Anschrift steht nicht im Adressverzeichnis. Wo liegt die Haustür?",
                          "The address is not in the directory. Where is the front door?"))  # fmt: skip
    if ways is not None and not isinstance(ways.attended, Measurement):
        text = ways.attended.text
        asked.append(_ask("no_way", BASIS, f"Der Schulweg konnte nicht gemessen werden: {text.de}",
                          f"The way to school could not be measured: {text.en}"))  # fmt: skip
    return asked


def in_doubt(band_m: float, tested: Measurement | None, evaluation: Evaluation) -> list[Finding]:
    """The band of doubt belongs to the measurement: too near to the limit, two readings on two sides, or the map ends."""
    limit = evaluation.limit_m
    if tested is None or limit is None:
        return []
    (german, english), (limit_german, limit_english) = texts.metres(tested.metres, limit), texts.limit(limit)
    if abs(tested.metres - limit) <= band_m:
        return [_ask("doubt", BASIS, f"Gemessen wurden {german}; das ist so nahe an {limit_german}, dass eine Person den Weg prüft.",
                     f"{english} were measured, so close to {limit_english} that a person checks the way.")]  # fmt: skip
    longest_short = tested.strict_m is None or tested.strict_m > limit
    if (evaluation.outcome == "granted" and tested.lenient_m <= limit) or (
        evaluation.outcome == "refused" and longest_short
    ):
        return [_ask("doubt", BASIS, f"Ob zweifelhafte Wegstücke zählen, entscheidet hier über {limit_german}: Eine Person prüft den Weg.",
                     f"Whether doubtful stretches count decides about {limit_english} here: a person checks the way.")]  # fmt: skip
    if evaluation.outcome == "granted" and "could_leave_extract" in tested.flags:
        text = FLAG_TEXTS["could_leave_extract"]
        return [_ask("doubt", BASIS, text.de, text.en)]
    return []


def safe_way_in_doubt(band_m: float, facts: Facts, evaluation: Evaluation) -> list[Finding]:
    """The way around a listed danger is measured like any other: near to the limit a person looks."""
    safe, limit = facts.distance_without_hazards_m, evaluation.limit_m
    if safe is None or limit is None or abs(safe - limit) > band_m:
        return []
    (german, english), (limit_german, limit_english) = texts.metres(safe, limit), texts.limit(limit)
    return [_ask("doubt", "§ 6 Abs. 2 SchfkVO", f"Der Weg um die Gefahrenstelle ist {german} lang; das ist so nahe an {limit_german}, dass eine Person ihn prüft.",
                 f"The way around the danger is {english} long, so close to {limit_english} that a person checks it.")]  # fmt: skip


def claimed(facts: Facts, evaluation: Evaluation, *, danger_settled: bool = False) -> list[Finding]:
    """A claim that the distance does not settle is looked at by a person, also where the rules could answer it; but not
    a danger that the authority itself has listed and drawn, and around which the way is measured."""
    if evaluation.outcome == "review" or (evaluation.outcome == "granted" and "distance" in evaluation.decided_by):
        return []
    claims = (
        (facts.health, "health", "§ 6 Abs. 1 SchfkVO", "Gesundheitliche Gründe werden geltend gemacht: Was belegt das Attest?",
         "Health reasons are claimed: what does the certificate confirm?"),
        (facts.dangerous_route_claimed and not danger_settled, "dangerous_route", "§ 6 Abs. 2 SchfkVO", "Ist der Schulweg besonders gefährlich?",
         "Is the way to school particularly dangerous?"),
        (facts.nearest_refused, "nearest_refused", "§ 9 SchfkVO", "Hat die nächstgelegene Schule die Aufnahme abgelehnt?",
         "Did the nearest school refuse admission?"),
    )  # fmt: skip
    return [_ask(rule, basis, german, english) for holds, rule, basis, german, english in claims if holds]


def measured_note(tested: Measurement | None) -> list[Finding]:
    """How the way was measured, for the record."""
    if tested is None:
        return []
    flags = [FLAG_TEXTS[flag] for flag in SAID_FLAGS if flag in tested.flags]
    german = "Gemessen wurde der kürzeste Fußweg von der Haustür bis zum nächsten Eingang des Schulgrundstücks auf dem Wegenetz von OpenStreetMap"
    english = "The shortest walk from the front door to the nearest entrance of the school grounds was measured on OpenStreetMap's network"
    day = map_date(dict(tested.network))
    stand = (f" (Stand {day})", f" (as of {day})") if day else ("", "")
    extra = "".join(f" {flag.de}" for flag in flags), "".join(f" {flag.en}" for flag in flags)
    return [note("measurement", BASIS, f"{german}{stand[0]}.{extra[0]}", f"{english}{stand[1]}.{extra[1]}")]


def _ask(rule: str, basis: str, german: str, english: str) -> Finding:
    return question(rule, basis, german, english)
