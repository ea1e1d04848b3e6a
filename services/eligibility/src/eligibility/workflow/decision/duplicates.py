"""One child, one ticket: a second application for the same child is a person's matter (double, or a follow-up)."""

import hashlib
import unicodedata

from shared.events import ApplicationSubmitted

from eligibility.domain.ids import ChildKey
from eligibility.rules.findings import Finding, question


def child_key(event: ApplicationSubmitted) -> ChildKey:
    """The same for the same name and birth date at the same authority in the same school year, however it is written.

    A digest, so that it names nobody; it is erased with its case.
    """
    names = (event.child.first_name, event.child.last_name)
    parts = (
        event.authority_id,
        event.school_year,
        event.birth_date.isoformat(),
        *(" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in names),
    )
    return ChildKey(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())


def duplicate() -> Finding:
    """Names no other application: whoever sent this one may not be the one who sent that."""
    return question(
        "duplicate",
        "§ 4 SchfkVO",
        "Für dieses Kind gibt es in diesem Schuljahr schon einen Antrag. Ist er doppelt oder hat sich etwas geändert?",
        "There is an application for this child in this school year already. Is it double, or did something change?",
    )
