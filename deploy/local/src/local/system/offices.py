"""Which schools of the demo have an office that signs in."""

import csv
from pathlib import Path

MOST = 2
IN_OPERATION = ("1", "6")
GRAMMAR_SCHOOL = "20"


def offices(register: Path, authority: str) -> list[str]:
    """The numbers of two schools of the authority in operation, the largest forms first: there most children of the
    demo go."""
    rows = [row for row in _rows(register) if row["SchultraegerNr"] == authority]
    working = [row for row in rows if row["SchBetrSchl"] in IN_OPERATION]
    order = {
        GRAMMAR_SCHOOL: 0,
        "10": 1,
        "15": 2,
    }  # grammar, Realschule and comprehensive schools, by the register's key
    working.sort(key=lambda row: (order.get(row["SF"], len(order)), row["SchulNr"]))
    return [row["SchulNr"] for row in working[:MOST]]


def grammar_school(register: Path, number: str | None) -> str | None:
    """`number` where it is that of a grammar school: a child of its lowest grade can apply for it."""
    return next((number for row in _rows(register) if row["SchulNr"] == number and row["SF"] == GRAMMAR_SCHOOL), None)


def _rows(register: Path) -> list[dict[str, str]]:
    with register.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
