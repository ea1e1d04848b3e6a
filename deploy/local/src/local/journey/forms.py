"""The bodies of POST /v1/applications, as the family's page would send them."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.calendar import SchoolYear

from local.journey.cases import Case, Cases

Body = dict[str, Any]


@dataclass(frozen=True)
class Family:
    """Names such as offices meet every day, and old systems break."""

    guardian: tuple[str, str]
    child: tuple[str, str]
    gender: str | None


FAMILIES = {
    "granted": Family(("Zoë Marie", "Müller-Łukasiewicz"), ("Jānis", "Müller-Łukasiewicz"), "male"),
    "refused": Family(("Đorđe", "Petrović"), ("Ana", "Petrović"), "female"),
    "doubtful": Family(("Siân", "O’Neill"), ("Wrenja", "O’Neill"), None),
}


FIRST_NAMES = (
    "Amadou", "Bogdan", "Cem", "Đuro", "Emre", "Finn", "Göran", "Håkon", "İlkay", "Jānis", "Kaï", "Lech",
    "Mika", "Noam", "Ömer", "Père", "Quirin", "Robin", "Sascha", "Toni", "Uğur", "Véro", "Wim", "Žan",
)  # fmt: skip
FAMILY_NAMES = (
    "Ağaoğlu", "Bērziņš", "Čapek", "Dąbrowski", "Élouard", "Færch", "Groß", "Højgaard", "Ionescu-Țepeș", "Jürgens",
    "Kovács", "Łukasiewicz", "Müller", "Nuñez", "O’Neill", "Petrović", "Quiñones", "Rønning", "Şimşek", "Tõnisson",
    "Ünal", "Vēvere", "Weiß", "Žižka",
)  # fmt: skip
"""A copy that is started again keeps its data, and a child has one application a year: each time another child, whose
name is not a typing error away from the one before."""


def bodies(cases: Cases, today: date) -> dict[str, Body]:
    """One body for each case, by its name; each time with other children."""
    made = {name: body(getattr(cases, name), family, today) for name, family in FAMILIES.items()}
    luck = random.SystemRandom()
    for each in made.values():
        day = date.fromisoformat(each["pupil"]["birth_date"]) - timedelta(days=luck.randrange(120))
        name = {"first_name": luck.choice(FIRST_NAMES), "last_name": luck.choice(FAMILY_NAMES)}
        each["pupil"] |= {**name, "birth_date": day.isoformat()}
    return made


def body(case: Case, family: Family, today: date) -> Body:
    """The application for `case`, wanted from `today`, for the running school year."""
    guardian = {"first_name": family.guardian[0], "last_name": family.guardian[1], "email": "familie@example.org"}
    pupil = {"first_name": family.child[0], "last_name": family.child[1], "birth_date": _birth_date(case, today)}
    return {
        "guardian": guardian,
        "pupil": {**pupil, "gender": family.gender} if family.gender else pupil,
        "home": {
            "street": case.home.street,
            "house_number": case.home.house_number,
            "postal_code": case.home.postal_code,
            "city": case.home.city,
        },
        "school_number": case.school.number,
        "grade": case.level.grade,
        **({"track": case.level.track} if case.level.track else {}),
        "school_year": str(SchoolYear.of(today)),
        "wanted_from": today.isoformat(),
        **({"claims": {"dangerous_route": True}} if case.dangerous_route else {}),
        "lives_in_nrw": True,
        "medium": "wallet",
        "consents": [{"text_id": "privacy-notice", "version": "2026-05"}],
        "language": "de",
    }


def _birth_date(case: Case, today: date) -> str:
    """Some day on which a child of that class was born."""
    return (date(today.year - case.level.age, 3, 14) - timedelta(days=case.level.age * 11)).isoformat()
