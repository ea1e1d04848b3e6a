"""What the account knows of its person, as a draft begins with it; and what is said of how surely it knows it. Pure."""

import re
from typing import Any

from shared.errors import Problem, Text
from shared.sign_in.account import AccountDetails, Detail
from shared.trust import Trust, reaches

from application.form import DraftChange

GUARDIAN: tuple[Detail, ...] = ("first_name", "last_name", "email")
PLACE: tuple[Detail, ...] = ("postal_code", "city")
STREET_AND_NUMBER = re.compile(r"(?P<street>.*\D)\s+(?P<house_number>\d.*)")
"""`Am Markt 12 a`: BundID has both in one attribute. What is written otherwise is typed by the family."""
LEVELS: dict[Trust, Text] = {
    "none": Text("einem einfachen Konto", "a simple account"),
    "basic": Text("einem Konto mit Passwort", "an account with a password"),
    "substantial": Text("dem ELSTER-Zertifikat", "the ELSTER certificate"),
    "high": Text("dem Online-Ausweis", "the identity card and its PIN"),
}
"""With what one signs in at this level at BundID."""


def parts_of_account(details: AccountDetails) -> dict[str, Any]:
    """Who applies, and an address for the page that asks where the child lives: there it is only proposed, since
    parents do not always live with their child. What cannot be read as the form reads it is left out."""
    told = {name: details.values[name] for name in GUARDIAN if name in details.values}
    guardian = {name: value for name, value in told.items() if _is_readable({"guardian": {name: value}})}
    parts: dict[str, Any] = {"guardian": guardian} if "last_name" in guardian else {}
    home = _home(details)
    return parts | ({"home": home} if home and _is_readable({"home": home}) else {})


def asks_for_more(trust: Trust, wanted: Trust) -> bool:
    """Whether the authority asks for a surer sign-in than this one."""
    return not reaches(trust, wanted)


def _home(details: AccountDetails) -> dict[str, str]:
    found = STREET_AND_NUMBER.fullmatch(details.values.get("street_address", ""))
    places = {str(name): details.values[name] for name in PLACE if name in details.values}
    return {**found.groupdict(), **places} if found and len(places) == len(PLACE) else {}


def _is_readable(parts: dict[str, Any]) -> bool:
    try:
        DraftChange.of(parts)
    except Problem:
        return False
    return True
