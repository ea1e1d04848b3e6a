"""The demo's users. Passwords are made anew for each system and stand in files that only this user can read."""

import json
import secrets
from pathlib import Path
from typing import Any

from local.files import write_secret

Users = dict[str, dict[str, Any]]
"""Name -> password, roles, authority_id, as the identity provider's settings hold them."""

ROLES: dict[str, list[str]] = {
    "parent-1": ["guardian"],
    "parent-2": ["guardian"],
    "case-worker": ["case_worker"],
    "releaser": ["releaser"],
    "operator": ["operator"],
    "inspector": ["inspector"],
    "administrator": ["administrator"],
}
STAFF = ("case-worker", "releaser", "administrator")
"""These belong to the authority; families, operators and inspectors do not."""


def write_settings(path: Path, *, issuer: str, key_file: Path, authority: str) -> Users:
    """The identity provider's settings, with the users that stood there before or new ones."""
    users = _known(path) or {
        name: {
            "password": secrets.token_urlsafe(18),
            "roles": roles,
            "authority_id": authority if name in STAFF else None,
        }
        for name, roles in ROLES.items()
    }
    settings = {"issuer": issuer, "key_file": str(key_file), "users": users}
    write_secret(path, json.dumps(settings, indent=2))
    return users


def _known(path: Path) -> Users | None:
    if not path.exists():
        return None
    users: Users = json.loads(path.read_bytes())["users"]
    return users
