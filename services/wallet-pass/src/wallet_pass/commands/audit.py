"""`wallet-pass audit verify`: whether the audit trail is whole."""

from typing import TYPE_CHECKING

from shared.audit.commands import audit_commands

if TYPE_CHECKING:
    from shared.audit.chain import SignedHeads
    from shared.audit.verify import Report


def _verify(only: str | None, signed: "SignedHeads | None") -> "Report":
    import os

    import typer
    from shared.database import Database
    from shared.runtime.start import own_database

    from wallet_pass.store import PassStore

    url = os.environ.get("WALLET_PASS_DATABASE_URL", "")
    if not url:
        typer.echo("setting WALLET_PASS_DATABASE_URL: Field required", err=True)
        raise typer.Exit(2)
    opened = Database(own_database("wallet-pass", url), PassStore)
    try:
        return opened.read_now(lambda store: store.verify_audit(only, signed))
    finally:
        opened.close()


app = audit_commands("wallet-pass", _verify)
