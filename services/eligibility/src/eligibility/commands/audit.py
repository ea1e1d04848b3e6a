"""`eligibility audit verify`: whether the audit trail is whole."""

from typing import TYPE_CHECKING

from shared.audit.commands import audit_commands

if TYPE_CHECKING:
    from shared.audit.chain import SignedHeads
    from shared.audit.verify import Report


def _verify(only: str | None, signed: "SignedHeads | None") -> "Report":
    from eligibility.commands.settings import database

    opened = database()
    try:
        return opened.read_now(lambda store: store.verify_audit(only, signed))
    finally:
        opened.close()


app = audit_commands("eligibility", _verify)
