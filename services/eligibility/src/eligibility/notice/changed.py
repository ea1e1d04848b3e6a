"""Which facts became others where a decision takes the place of an earlier one: what was and what is, in words. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from eligibility.domain.decision import Decision
from eligibility.domain.kept_facts import KeptCourse
from eligibility.domain.submission import PostalAddress
from eligibility.notice.ends import door, is_far
from eligibility.rules import texts


class Schools(NamedTuple):
    """As people call them; `before` is empty where it is the same."""

    before: str
    now: str


Said = tuple[str, str]
"""In German and English."""


class Change(NamedTuple):
    """`before` is empty where it is not known any more, or nothing was there."""

    what: Said
    before: Said
    now: Said

    def said(self) -> Said:
        """What changed, from what to what, in both languages; without the former value where none is known."""
        german = f"bisher: {self.before[0]}; jetzt: {self.now[0]}" if self.before[0] else f"jetzt: {self.now[0]}"
        english = f"before: {self.before[1]}; now: {self.now[1]}" if self.before[1] else f"now: {self.now[1]}"
        return f"{self.what[0]} ({german})", f"{self.what[1]} ({english})"


NOTHING: Said = ("", "")
NONE_NAMED: Said = ("nicht angegeben", "not given")
ALIKE: dict[str, Said] = {
    "health": ("Angaben zur Gesundheit", "what was said of health"),
    "second_home": ("Angaben zur zweiten Wohnung", "what was said of a second home"),
    "second_home_distance_m": ("Weg von der zweiten Wohnung", "the way from the second home"),
    "transport": ("Angaben zu Bus und Bahn", "what was said of bus and train"),
    "place_of_teaching": ("anderer Unterrichtsort", "another place of teaching"),
    "afternoon_lessons": ("Angaben zum Unterricht am Nachmittag", "what was said of lessons in the afternoon"),
    "nearest_refused": ("Angaben zur Ablehnung durch eine nähere Schule", "what was said of a nearer school's refusal"),
}
"""Facts whose change is named without what they were: they are long, or touch somebody's health."""


def describe_changes(decision: Decision, earlier: Decision, schools: Schools) -> Said:
    """A sentence on what is another than in `earlier`, or nothing."""
    found = [each.said() for each in _changes(decision, earlier, schools)]
    found += [said for name, said in ALIKE.items() if decision.facts.get(name) != earlier.facts.get(name)]
    if not found:
        return NOTHING
    german, english = (", ".join(each) for each in zip(*found, strict=True))
    return f"Das ist anders als bisher: {german}.", f"What is different now: {english}."


def _changes(decision: Decision, earlier: Decision, schools: Schools) -> Iterator[Change]:
    if schools.before:
        yield Change(("Schule", "school"), (schools.before, schools.before), (schools.now, schools.now))
    home = _home(decision, earlier)
    if home is not None:
        yield home
    form = (decision.facts.get("school") or {}).get("form")
    before = texts.year_of_school(_grade(earlier), (earlier.facts.get("school") or {}).get("form"))
    grade = texts.year_of_school(_grade(decision), form)
    if before != grade and before[0] and grade[0]:
        yield Change(("Klasse", "grade"), before, grade)
    one, two = (_track(each.facts.get("track")) for each in (earlier, decision))
    if one != two:
        yield Change(("Bildungsgang", "track"), one, two)
    one, two = (_course(each.facts.get("course")) for each in (earlier, decision))
    if one != two:
        yield Change(("Bildungsgang", "course"), one, two)
    one, two = (_day(each.facts.get("leaves_on")) for each in (earlier, decision))
    if one != two:
        yield Change(("letzter Tag an der Schule", "last day at the school"), one, two)
    if decision.limit_m != earlier.limit_m and decision.limit_m is not None and earlier.limit_m is not None:
        limits = texts.limit(earlier.limit_m), texts.limit(decision.limit_m)
        yield Change(("Entfernungsgrenze", "limit"), *limits)
    if decision.distance_m is not None and earlier.distance_m is not None:
        lengths = (texts.metres(each.distance_m or 0, each.limit_m) for each in (earlier, decision))
        was, is_ = lengths
        if was != is_:
            yield Change(("kürzester Fußweg", "shortest walk"), was, is_)


def _home(decision: Decision, earlier: Decision) -> Change | None:
    """Where the way begins elsewhere, for one home is written in several ways. What was decided before homes were kept
    does not name the earlier one."""
    one, two = ((each.routes.get("attended") or {}) for each in (earlier, decision))
    was, is_ = _address(one.get("home")), _address(two.get("home"))
    here, there = door(one), door(two)
    if not is_ or here is None or there is None or not is_far(here, there):
        return None
    return Change(("Wohnung", "home"), (was, was), (is_, is_))


def _address(home: PostalAddress | None) -> str:
    if not home:
        return ""
    street = f"{home.get('street', '')} {home.get('house_number', '')}".strip()
    return ", ".join(filter(None, (street, f"{home.get('postal_code', '')} {home.get('city', '')}".strip())))


def _grade(decision: Decision) -> str:
    return str(decision.facts.get("grade") or "")


def _track(said: str | None) -> Said:
    """Of an Oberstufe: G8 or G9."""
    if not said:
        return NONE_NAMED
    shown = {"GY8": "G8", "GY9": "G9"}.get(said, said)
    return shown, shown


def _course(said: KeptCourse | None) -> Said:
    """Of a Berufskolleg: its annex, and how it is taught."""
    if not said:
        return NONE_NAMED
    annex = said.get("annex")
    named = (f"Anlage {annex}", f"annex {annex}") if annex else NONE_NAMED
    if said.get("district_class"):
        return f"{named[0]}, Bezirksfachklasse", f"{named[1]}, district class"
    full_time = said.get("full_time")
    if full_time is None:
        return named
    how = ("Vollzeit", "full time") if full_time else ("Teilzeit", "part time")
    return f"{named[0]}, {how[0]}", f"{named[1]}, {how[1]}"


def _day(said: str | None) -> Said:
    return texts.day(date.fromisoformat(said)) if said else NONE_NAMED
