"""Which schools of the demo have an office that signs in."""

import csv
from pathlib import Path

MOST = 2
IN_OPERATION = ("1", "6")


def offices(register: Path, authority: str) -> list[str]:
    """The numbers of two schools of the authority in operation, the largest forms first: there most children of the
    demo go."""
    with register.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["SchultraegerNr"] == authority]
    working = [row for row in rows if row["SchBetrSchl"] in IN_OPERATION]
    order = {"20": 0, "10": 1, "15": 2}  # grammar, Realschule and comprehensive schools, by the register's key
    working.sort(key=lambda row: (order.get(row["SF"], len(order)), row["SchulNr"]))
    return [row["SchulNr"] for row in working[:MOST]]
