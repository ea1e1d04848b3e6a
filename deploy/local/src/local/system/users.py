"""The demo's users. Passwords are made anew for each system and stand in files that only this user can read."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.files import write_secret

Users = dict[str, dict[str, Any]]
"""Name -> password, roles, authority_id, as the identity provider's settings hold them."""

ROLES: dict[str, list[str]] = {
    "parent-1": ["guardian"],
    "parent-2": ["guardian"],
    "parent-bundid": ["guardian"],
    "case-worker": ["case_worker"],
    "case-worker-2": ["case_worker"],
    "releaser": ["releaser"],
    "operator": ["operator"],
    "operator-2": ["operator"],
    "inspector": ["inspector"],
    "school-1": ["school"],
    "school-2": ["school"],
    "case-reader": ["case_reader"],
    "administrator": ["administrator"],
    "administrator-2": ["administrator"],
}
"""Two schools, each of which sees its own pupils. Two administrators: who wrote a rule set does not publish it. Two
case workers: one suspends, the other revokes."""
ORGANISATIONS = {"operator": 32838, "inspector": 32838, "operator-2": 32839}
"""For which transport operator they work. Two of them: each lifts only the suspensions that it has set."""
BUNDID: dict[str, Any] = {
    "name": "Elif Öztürk",
    "levels": ["STORK-QAA-Level-1", "STORK-QAA-Level-3", "STORK-QAA-Level-4"],
    "claims": {
        "urn:oid:2.5.4.42": "Elif",
        "urn:oid:2.5.4.4": "Öztürk",
        "urn:oid:0.9.2342.19200300.100.1.3": "elif@example.org",
        "urn:oid:2.5.4.16": "Am Markt 5",
        "urn:oid:2.5.4.17": "33602",
        "urn:oid:2.5.4.7": "Bielefeld",
    },
}
"""An account as a broker shows one of BundID: it fills in who applies, and can sign in at each level of trust."""
STAFF = ("case-worker", "case-worker-2", "releaser", "case-reader", "administrator", "administrator-2")
"""These belong to the authority; families, operators and inspectors do not."""


def write_settings(
    path: Path,
    *,
    issuer: str,
    key_file: Path,
    authority: str,
    schools: Sequence[str] = (),
    clients: dict[str, list[str]] | None = None,
    start: dict[str, str] | None = None,
) -> Users:
    """The identity provider's settings, with the users that stood there before and new ones.

    Args:
        schools: numbers of those for which `school-1` and `school-2` work.
        clients: pages with a sign-in, and where they are sent back to.
        start: where the doors of the first page lead.
    """
    offices = {f"school-{number}": school for number, school in enumerate(schools, 1)}
    users = {
        name: {
            "password": secrets.token_urlsafe(18),
            "roles": roles,
            "authority_id": authority if name in STAFF else None,
            "organisation_id": ORGANISATIONS.get(name),
            **(BUNDID if name == "parent-bundid" else {}),
            "school_number": offices.get(name),
        }
        for name, roles in ROLES.items()
    } | _known(path)
    settings = {"issuer": issuer, "key_file": str(key_file), "users": users, "clients": clients or {}, "start": start}
    write_secret(path, json.dumps(settings, indent=2))
    return users


def _known(path: Path) -> Users:
    if not path.exists():
        return {}
    users: Users = json.loads(path.read_bytes())["users"]
    return users
