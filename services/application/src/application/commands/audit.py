"""`application audit verify`: whether the audit trail is whole."""

from typing import TYPE_CHECKING

from shared.audit.commands import audit_commands

from application.commands.settings import with_settings

if TYPE_CHECKING:
    from shared.audit.chain import SignedHeads
    from shared.audit.verify import Report


def _verify(only: str | None, signed: "SignedHeads | None") -> "Report":
    from shared.runtime.start import own_database

    from application.main import open_database
    from application.settings import DatabaseSettings

    opened = open_database(own_database("application", with_settings(DatabaseSettings).database_url))
    try:
        return opened.read_now(lambda store: store.verify_audit(only, signed))
    finally:
        opened.close()


app = audit_commands("application", _verify)
