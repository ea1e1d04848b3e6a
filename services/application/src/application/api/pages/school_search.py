"""A school by what a family types of it, without JavaScript: one that is found is taken, of several one is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import NotFound, Text

from application.domain.school import School
from application.workflow.schools import Directory

MOST_SCHOOLS = 10
SHORTEST = 2
NO_NAME = Text(
    "Bitte geben Sie Name und Ort der Schule ein.",
    "Please enter the school's name and town.",
)
NOT_FOUND = Text(
    "Diese Schule finden wir nicht. Bitte versuchen Sie es mit dem Ort oder einem Teil des Namens.",
    "We do not find this school. Please try its town or a part of its name.",
)


@dataclass(frozen=True)
class SchoolSearch:
    """`school`: chosen, or the only one. `several`: to choose from. `fault`: what to do where neither is there."""

    school: School | None = None
    several: tuple[School, ...] = ()
    fault: Text | None = None


async def search_school(directory: Directory, typed: Mapping[str, str]) -> SchoolSearch:
    """By the page's fields: `school` (as typed), `school_number` (as chosen), `searched` (what was typed when the
    choice was offered: another name typed since counts more)."""
    text, number = typed.get("school", ""), typed.get("school_number", "")
    if number and typed.get("searched", text) == text:
        try:
            return SchoolSearch(await directory.school(number))
        except NotFound:
            pass
    if len(text) < SHORTEST:
        return SchoolSearch(fault=NO_NAME)
    found = tuple(await directory.search(text[:100], MOST_SCHOOLS))
    if len(found) == 1:
        return SchoolSearch(found[0])
    return SchoolSearch(several=found, fault=None if found else NOT_FOUND)
