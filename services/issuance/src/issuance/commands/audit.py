"""`issuance audit verify` and `issuance signer audit verify`: whether the audit trails are whole."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer
from shared.audit.commands import audit_commands

from issuance.commands.audit_heads import heads

if TYPE_CHECKING:
    from shared.audit.chain import SignedHeads
    from shared.audit.verify import Report


def _report(prefix: str, store: Callable[[Any], Any], only: str | None, signed: "SignedHeads | None") -> "Report":
    import os

    from shared.database import Database
    from shared.runtime.start import own_database

    url = os.environ.get(f"{prefix}_DATABASE_URL", "")
    if not url:
        typer.echo(f"setting {prefix}_DATABASE_URL: Field required", err=True)
        raise typer.Exit(2)
    opened: Database[Any] = Database(own_database(prefix.lower(), url), store)
    try:
        report: Report = opened.read_now(lambda one: one.verify_audit(only, signed))
        return report
    finally:
        opened.close()


def _verify_api(only: str | None, signed: "SignedHeads | None") -> "Report":
    from issuance.store.inspection import InspectionStore

    return _report("ISSUANCE", InspectionStore, only, signed)


def _verify_signer(only: str | None, signed: "SignedHeads | None") -> "Report":
    from issuance.store.signer import SignerStore

    return _report("SIGNER", SignerStore, only, signed)


app = audit_commands("issuance", _verify_api)
app.command()(heads)
signer_app = audit_commands("signer", _verify_signer)
