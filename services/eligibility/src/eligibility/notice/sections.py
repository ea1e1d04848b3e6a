"""The sections of a notice, in reading order, each with its kind. Pure.

German law: §§ 37, 39 VwVfG NRW (form and reasons), § 58 VwGO (instruction on legal remedies: without it the
month becomes a year), § 110 JustG NRW (no objection procedure), § 97 SchulG NRW and SchfkVO.
"""

import re
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from shared.calendar import day_in_berlin
from shared.school_names import everyday_name

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ending import GrantEnd
from eligibility.domain.kept_routes import KeptRoute, tested_route
from eligibility.notice import ends
from eligibility.notice.address import address_of
from eligibility.notice.notice import Paragraph, ReasonsSection, Section, SectionKind, TextSection
from eligibility.notice.own_cost import offer, order
from eligibility.notice.summary import FLOW, decisive_first
from eligibility.notice.terms import (
    allowance,
    before_the_ticket,
    how_the_child_rides,
    next_year,
    own_share,
    repaid,
)
from eligibility.notice.wording import LOST, WORDINGS, Wording, basis_of
from eligibility.rules import texts

HERSELF = "Sie sind volljährig und stellen den Antrag selbst."
"""In place of the rule's words, which speak of the pupil to whoever applied."""
NOTHING_TO_PAY = "Der Eigenanteil beträgt 0,00 Euro im Monat", "Ein Eigenanteil ist nicht zu zahlen"
"""The rules' words, which are computed again as they were, and the notice's."""
ON_OWN_COST = "Ein Ticket kann auf eigene Kosten erworben werden, soweit das Verkehrsunternehmen es anbietet."
CITED = re.compile(r"(?<=§) |(?<=Abs\.) |(?<=Satz) (?=\d)|(?<=Nr\.) |(?<=Art\.) |(?<=\d) (?=Abs\.|Satz|Nr\.|m\b|Euro)")


class EarlierDecision(NamedTuple):
    """In whose place a decision comes; its school, where it was another; and what else is another, in a sentence."""

    decision: Decision | None
    school: str
    other: str


def _safe_metres(route: KeptRoute | None, decision: Decision) -> float | None:
    """The way without the authority's hazards, where the decision rests on it."""
    safe = route.get("without_hazards") if route else None
    said = {each["rule"] for each in decision.reasons if each["result"] in FLOW}
    return safe.get("metres") if safe and safe.get("met") and "dangerous_route" in said else None


NOTHING_BEFORE = EarlierDecision(None, "", "")
"""Where no decision was before, or the notice does not speak of it."""


def reference_of(case: Case, decision: Decision) -> str:
    """By which the authority finds the case when somebody calls."""
    return f"{case.school_year} / {str(decision.id)[:8].upper()}"


def compose_sections(authority: Authority, case: Case, decision: Decision, before: EarlierDecision) -> list[Section]:
    """The sections in reading order, each with its kind."""
    wording = WORDINGS[authority.decides_by]
    if decision.terms.self_payer:
        return [*map(_unbroken, order(case, decision)), _data_protection(authority, wording)]
    sections = [Section(SectionKind.OPERATIVE_PART, _operative_part(wording, case, decision, before))]
    granted = decision.outcome == "granted"
    money = (own_share(wording, decision), before_the_ticket(decision), allowance(decision)) if granted else ()
    sections += [_unbroken(each) for each in money if each is not None]
    to_pupil = address_of(case, day_in_berlin(decision.released_at or decision.prepared_at)).to_pupil
    is_act = authority.decides_by == "administrative_act"
    reasons = _reasons(decision, tested_route(decision.routes), to_pupil=to_pupil, is_act=is_act)
    sections.append(Section(SectionKind.REASONS, reasons))
    if granted:
        ends_by, tell_us = wording.conditions
        lost = f" {LOST}" if decision.ticket_days is not None else ""
        conditions = _paragraphs(wording.conditions_title, ends_by, tell_us + lost, next_year(decision.terms))
        sections.append(Section(SectionKind.CONDITIONS, conditions))
    elif (offered := offer(decision)) is not None:
        sections.append(_unbroken(offered))
    return [*sections, _remedies(authority, wording), _data_protection(authority, wording)]


def _operative_part(wording: Wording, case: Case, decision: Decision, before: EarlierDecision) -> TextSection:
    child = address_of(case, day_in_berlin(decision.released_at or decision.prepared_at)).named
    born, _ = texts.born(case.submission["birth_date"])
    school = everyday_name(case.submission["school_name"])
    grade, _ = texts.year_of_school(case.submission["grade"], (case.facts.get("school") or {}).get("form"))
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        german = wording.granted.format(
            child=child, born=born, first=_day(decision.valid_from), last=_day(decision.valid_until)
        )
        more = how_the_child_rides(decision)
    else:
        stops = decision.terms.ends
        german = wording.refused.format(child=child, born=born)
        if stops is not None:
            german = ends.operative(stops, child, born, case.school_year)
        more = "" if decision.terms.offer else ON_OWN_COST
    attended = f"{school}, {grade}" if grade else school
    where = wording.where.format(school=attended)
    if before.school and decision.outcome == "refused" and decision.terms.ends is not None:
        where = wording.ended_where.format(before=before.school, school=school)
    told: list[Paragraph] = [{"text": german, "strong": True}, {"text": f"{where} {more}".strip()}]
    if decision.terms.limited and decision.valid_until:
        told.append({"text": unbroken(wording.limited.format(last=_day(decision.valid_until)))})
    if before.decision is not None:
        ended = _replaced(wording, case, decision, before.decision)
        told.append({"text": unbroken(f"{ended} {before.other}".strip())})
    if decision.terms.ends is not None:
        told += [{"text": unbroken(each)} for each in _ended(wording, decision, decision.terms.ends)]
    return {"title": wording.decision_title, "paragraphs": told}


def _replaced(wording: Wording, case: Case, decision: Decision, earlier: Decision) -> str:
    """Which decision ends, from when and by which provision (`ends.provision`, with its source)."""
    now = decision.released_at or decision.prepared_at
    changed = case.submission.get("changed_from")
    first = date.fromisoformat(changed) if changed and decision.because == "facts_changed" else day_in_berlin(now)
    then = day_in_berlin(earlier.released_at or earlier.prepared_at)
    why = wording.changed if decision.because == "facts_changed" else wording.assessed_again
    if decision.terms.ends is not None and decision.outcome == "refused":
        return ends.text_of_replacement(
            wording.kind, decision, earlier, then=_day(then), reference=reference_of(case, earlier), why=why
        )
    if earlier.outcome == decision.outcome == "granted" and decision.valid_from is not None:
        first = max(first, decision.valid_from)
    named = {"reference": reference_of(case, earlier), "basis": ends.provision(decision, earlier)}
    if named["basis"] == ends.CONDITION and wording.kind == "administrative_act":
        return ends.BY_CONDITION.format(then=_day(then), first=_day(first), **named) + ends.IN_ITS_PLACE
    return wording.replaced.format(then=_day(then), first=_day(first), why=why, **named)


def _ended(wording: Wording, decision: Decision, stops: GrantEnd) -> list[str]:
    """Until when what the family has goes on, and how it was heard."""
    day = day_in_berlin(decision.released_at or decision.prepared_at)
    until = ends.goes_on_until(stops, day) if decision.outcome == "refused" else ""
    return [each for each in (until, ends.text_of_hearing(wording.kind, stops)) if each]


def _to_reader(reason: dict[str, str], said_above: str, *, to_pupil: bool) -> str:
    """`said_above`: a sentence that has a section of its own."""
    if to_pupil and reason["rule"] == "applicant" and reason["result"] == "met":
        return HERSELF
    return reason["text"].replace(*NOTHING_TO_PAY).replace(said_above, "").strip()


def _reasons(decision: Decision, route: KeptRoute | None, *, to_pupil: bool, is_act: bool) -> ReasonsSection:
    """In the order a person asks: what decided first where it was refused, else as the law goes."""
    said, figures = decisive_first(decision), []
    said_above = (repaid(decision) or ("", ""))[0]
    nearest = decision.routes.get("nearest")
    if decision.distance_m is not None:
        to = f" zur nächstgelegenen Schule ({everyday_name(nearest['school_name'])})" if nearest else ""
        figures.append((f"Kürzester Fußweg{to}", texts.metres(decision.distance_m, decision.limit_m)[0]))
    if nearest:
        figures.append(
            ("Kürzester Fußweg zur besuchten Schule", texts.metres(decision.routes["attended"]["metres"])[0])
        )
    safe = _safe_metres(route, decision)
    if safe is not None:
        figures.append(("Kürzester Fußweg ohne die Gefahrenstellen", texts.metres(safe, decision.limit_m)[0]))
    if decision.limit_m is not None:
        figures.append(("Entfernungsgrenze (der Weg muss länger sein)", texts.limit(decision.limit_m)[0]))
    return {
        "title": "Begründung",
        "paragraphs": [],
        "figures_title": ("Schulweg", "Länge"),
        "figures": [(label, unbroken(length)) for label, length in figures],
        "reasons": [
            {
                "text": unbroken(_to_reader(each, said_above, to_pupil=to_pupil)),
                "legal_basis": unbroken(basis_of(each, is_act=is_act)),
            }
            for each in said
        ],
        "picture": route is not None,
    }


def _remedies(authority: Authority, wording: Wording) -> Section:
    """Names remedy, court, its seat and the period, and nothing that would narrow the form (§ 58 Abs. 1 VwGO)."""
    court = authority.court
    seat = f"{court.name}, {court.address}" if court else ""
    return Section(SectionKind.REMEDIES, _paragraphs(wording.remedies_title, wording.remedies.format(court=seat)))


def _data_protection(authority: Authority, wording: Wording) -> Section:
    text = wording.data_protection.format(url=authority.data_protection_url)
    return Section(SectionKind.DATA_PROTECTION, _paragraphs("Datenschutz", text))


def _unbroken(section: Section) -> Section:
    content = section.content
    return replace(section, content=_paragraphs(content["title"], *(each["text"] for each in content["paragraphs"])))


def _paragraphs(title: str, *paragraphs: str) -> TextSection:
    return {"title": title, "paragraphs": [{"text": unbroken(each)} for each in paragraphs]}


def unbroken(text: str) -> str:
    """A paragraph sign stays with its number, and a number with its unit, on one line."""
    return CITED.sub("\N{NO-BREAK SPACE}", text)


def _day(value: date) -> str:
    return texts.day(value)[0]
