"""The authority's danger list against one pupil's way (NRW: § 6 Abs. 2 SchfkVO). Pure.

The list in the rule set names stretches in words; a hazard drawn on the map may bear an entry's key. Where one does and
lies on the way, and the way around it is measured, the rules decide. What is only named in words is shown to a person.
"""

from dataclasses import dataclass
from datetime import date

from geography.model.hazard_list import level_of

from eligibility.domain.kept_routes import KnownDanger
from eligibility.rules import Facts, Finding
from eligibility.rules.findings import note
from eligibility.rules.rule_set.choices import Danger
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.ports import ApplicationContext

LEVELS = {"primary": "primary", "secondary_1": "lower", "secondary_2": "upper"}
"""The map's words for the rule set's levels."""
MOST_SHOWN = 50
"""Entries shown with a case: those that are drawn on the way, or name its street or school, come first."""
BASIS = "§ 6 Abs. 2 SchfkVO"


@dataclass(frozen=True)
class Dangers:
    """What of the list concerns a pupil of this level on this day."""

    shown: tuple[KnownDanger, ...] = ()
    """For the case: key, stretch, source, and whether it is drawn and lies on the way (null: not drawn)."""
    on_way: tuple[Danger, ...] = ()
    """Entries that are drawn and lie on the measured way."""
    settled: bool = False
    """Every hazard on the way is on the list the whole year, and the way around is measured: the rules decide."""

    def put_forward(self, facts: Facts) -> Facts:
        """The authority's own list speaks for the family, which need not know it (§ 24 VwVfG NRW)."""
        return facts.model_copy(update={"dangerous_route_claimed": True}) if self.on_way else facts

    def notes(self) -> list[Finding]:
        """Which entries the decision rests on."""
        return [
            note("danger_list", BASIS,
                 f"Auf dem gemessenen Weg liegt ein Abschnitt der Gefahrenliste: {each.stretch} ({each.source}).",
                 f"A stretch of the list of dangers lies on the measured way: {each.stretch} ({each.source}).")
            for each in self.on_way
        ]  # fmt: skip


def dangers(assessment: Assessment) -> Dangers:
    """Of the first day of the wanted period. A grade that is no level concerns every entry of the day."""
    found, tested, day = assessment.context, assessment.tested, assessment.first_day
    school = assessment.context.school
    level = LEVELS.get(level_of(assessment.event.grade, school.form if school else "") or "")
    entries = [each for each in assessment.policy.choices.danger_list if _concerns(each, level, day)]
    if not entries:
        return Dangers()
    drawn = {each.key for each in found.hazards if each.key}
    safe = tested.without_hazards if tested is not None else None
    met = list(safe.met) if safe is not None else []
    keys = {str(each["key"]) for each in met if each.get("key")}
    on_way = tuple(each for each in entries if each.key in keys)
    known = {each.key for each in on_way}
    settled = (
        bool(met)
        and safe is not None
        and safe.metres is not None
        and all(each.get("key") in known and not each.get("season") for each in met)
    )
    shown = sorted((_shown(each, keys, drawn, found) for each in entries), key=_first_things_first)
    return Dangers(tuple(shown[:MOST_SHOWN]), on_way, settled)


def _concerns(entry: Danger, level: str | None, day: date) -> bool:
    if level is not None and level not in entry.levels:
        return False
    return entry.valid_from <= day and (entry.valid_until is None or day <= entry.valid_until)


def _shown(entry: Danger, on_way: set[str], drawn: set[str], found: ApplicationContext) -> KnownDanger:
    words = entry.stretch.casefold()
    places = [found.home.street] if found.home else []
    places += [found.school.street, found.school.name, found.school.short_name] if found.school else []
    streets = {place.casefold().rstrip("0123456789 ").strip() for place in places}
    return {
        "key": entry.key,
        "stretch": entry.stretch,
        "source": entry.source,
        "valid_from": entry.valid_from.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "on_way": entry.key in on_way if entry.key in drawn | on_way else None,
        "names_the_place": any(len(each) > 3 and each in words for each in streets),
    }


def _first_things_first(entry: KnownDanger) -> tuple[int, bool, str]:
    order: dict[bool | None, int] = {True: 0, None: 1, False: 2}
    return order[entry["on_way"]], not entry["names_the_place"], entry["key"]


__all__ = ["Dangers", "dangers"]
