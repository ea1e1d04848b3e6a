"""Every leaf of the form that a family may change, and a change of just this leaf: made from the form's own model, so that
a field that is added later is tried too."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import get_args

from application.form import CHANGEABLE, ApplicationForm
from pydantic import BaseModel
from support.json import mapping, text

HOME = {
    "street": "Kirchstraße", "house_number": "5a", "postal_code": "33100", "city": "Eschenborn", "flat": "Whg. 3",
}  # fmt: skip
GENERAL: dict[str, object] = {
    "guardian": {"first_name": "Zoë", "last_name": "Müller", "email": "zoe@example.org",
                 "address": HOME | {"house_number": "6"}},
    "pupil": {"first_name": "Jānis", "last_name": "Müller", "birth_date": "2013-02-28", "gender": "male"},
    "home": HOME,
    "second_home": HOME | {"house_number": "8"},
    "school_number": "100004",
    "grade": "07",
    "track": "GY9",
    "school_year": "2026/27",
    "wanted_from": "2026-09-02",
    "claims": {"health": {"weeks": 8, "days": 57, "certificate": True}, "dangerous_route": True,
               "nearest_refused": True, "second_home": True, "nearest_refused_school": "100001",
               "afternoon_lessons": True, "assigned_place": True, "escort": True, "boarding": True,
               "own_branch": True},
    "lives_in_nrw": True,
    "special_needs": True,
    "severely_disabled": True,
    "siblings": [{"birth_date": "2013-02-28", "funded": True, "funded_from": "2026-10-01",
                  "funded_until": "2027-01-31", "counts_first": True}],
    "benefits": ["SGB II"],
    "applicant": "guardian",
    "custody": {"kind": "joint", "second_guardian": {"first_name": "Ada", "last_name": "Müller",
                "address": HOME | {"house_number": "10"}}},
    "transport": {"kind": "car", "public_available": True, "special_available": False, "walk_to_stops_m": 2100,
                  "minutes_a_day": 190, "minutes_one_way": 95, "waiting_minutes": 50, "leaves_home_at": "05:45",
                  "public_unsuitable": True, "kilometres_one_way": 12, "rides_a_day": 2, "school_days_a_month": 20,
                  "passengers": 1},
    "place_of_teaching": {"required": True, "distance_m": 5200, "address": HOME | {"street": "Werkstraße"}},
    "leaves_on": "2027-06-30",
    "income_within_limit": True,
    "lives_in_authority_area": True,
    "mailbox_excluded": True,
}  # fmt: skip
"""With something in every leaf but the course of a Berufskolleg."""
COLLEGE = {name: value for name, value in GENERAL.items() if name != "track"} | {
    "pupil": mapping(GENERAL["pupil"]) | {"birth_date": "2008-02-28"},
    "siblings": [],
    "school_number": "100005",
    "grade": "01",
    "course": {"annex": "A", "full_time": False, "district_class": True, "after_training": False},
}
ANOTHER: dict[str, object] = {
    "school_number": "100007", "grade": "08", "track": "GY8", "guardian.email": "other@example.org",
    "home.postal_code": "33102", "home.house_number": "7", "second_home.postal_code": "33102",
    "second_home.house_number": "9", "guardian.address.postal_code": "33102",
    "guardian.address.house_number": "7", "place_of_teaching.address.postal_code": "33102",
    "place_of_teaching.address.house_number": "7", "claims.nearest_refused_school": "100003",
    "transport.leaves_home_at": "05:50", "claims.health.days": 58, "benefits": ["SGB XII"],
    "course.annex": "A", "custody.kind": "sole", "custody.second_guardian.address.postal_code": "33102",
    "custody.second_guardian.address.house_number": "11",
}  # fmt: skip
"""Where another value of the same kind would not fit."""
TOGETHER: dict[str, dict[str, object]] = {
    "pupil.birth_date": {"siblings": []},
    "claims.health.weeks": {"claims.health.days": 64},
    "claims.nearest_refused": {"claims.nearest_refused_school": None},
    "course.annex": {"course.annex": "C", "course.district_class": False, "course.full_time": True},
    "course.full_time": {"course.district_class": False},
    "siblings.birth_date": {"siblings.counts_first": None},
    "siblings.funded": {"siblings.funded_from": None, "siblings.funded_until": None},
}
"""What must be changed along with a leaf, so that the form does not contradict itself."""


def leaves(model: type[BaseModel] = ApplicationForm, before: str = "") -> Iterator[str]:
    """Names of all leaves of the form that may be changed; a list counts as one."""
    for name, field in model.model_fields.items():
        if not before and name not in CHANGEABLE:
            continue
        inner = next((each for each in (field.annotation, *get_args(field.annotation)) if _is_model(each)), None)
        if inner is None:
            yield before + name
        else:
            yield from leaves(inner, f"{before}{name}.")


def changes_of(leaf: str) -> tuple[dict[str, object], dict[str, object]]:
    """A form, and the changed parts by which it differs in this leaf."""
    base = deepcopy(COLLEGE if leaf.startswith("course.") else GENERAL)
    changed = deepcopy(base)
    new = {leaf: ANOTHER[leaf] if leaf in ANOTHER else _another(_at(base, leaf))} | TOGETHER.get(leaf, {})
    for path, value in new.items():
        *parts, last = path.split(".")
        inside: object = changed
        for part in parts:
            inside = mapping(_first(inside))[part]
        mapping(_first(inside))[last] = value
    return base, {name: changed[name] for name in changed if changed[name] != base[name]}


def _at(body: dict[str, object], leaf: str) -> object:
    value: object = body
    for part in leaf.split("."):
        value = mapping(_first(value))[part]
    return value


def _first(value: object) -> object:
    """Of a list of parts."""
    return value[0] if isinstance(value, list) else value


def _another(value: object) -> object:
    """Of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    words = {"male": "female", "car": "bicycle", "guardian": "other"}
    said = text(value)
    try:
        return (date.fromisoformat(said) - timedelta(days=1)).isoformat()
    except ValueError:
        return words.get(said, f"{said}a")


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
