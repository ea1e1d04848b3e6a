"""`wallet-pass rotating-code`: whether an authority's codes change at Google."""

from typing import Annotated

import typer


def rotating_code(
    authority_id: str,
    off: Annotated[bool, typer.Option("--off", help="The codes stand still again.")] = False,
    seconds: Annotated[int, typer.Option(min=10, max=300, help="How long a code stands.")] = 30,
    digits: Annotated[int, typer.Option(help="Of the number behind the ticket: 6 or 8.")] = 6,
) -> None:
    """Have the QR code of an authority's passes change in Google Wallet. The Aztec code is not shown there then, so all
    inspectors must read the QR code: ask the operators first (decision 115)."""
    import getpass

    from shared.database import Database
    from shared.errors import Invalid
    from shared.runtime.start import own_database

    from wallet_pass.domain.rotation import Rotation
    from wallet_pass.main import now
    from wallet_pass.settings import Settings
    from wallet_pass.store import PassStore

    try:
        chosen = None if off else Rotation(seconds, digits)  # type: ignore[arg-type]  # checked there
    except Invalid as error:
        typer.echo(error.text.de, err=True)
        raise typer.Exit(2) from None
    database = Database(own_database("wallet-pass", Settings().database_url), PassStore)
    by = f"command {getpass.getuser()}"
    count = database.write_now(lambda store: store.set_rotation(authority_id, chosen, now(), by))
    typer.echo(f"rotating code of {authority_id} {'off' if off else 'on'}; Google will be told of {count} passes")
