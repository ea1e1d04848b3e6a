"""`wallet-pass design`: how an authority's passes look."""

from typing import Annotated

import typer


def design(  # noqa: PLR0917 typer takes what it may name
    authority_id: str,
    issuer_de: Annotated[str, typer.Option(help="Who stands behind the ticket, in German.")],
    issuer_en: Annotated[str, typer.Option(help="The same in English; default: as in German.")] = "",
    background: Annotated[str, typer.Option(help="#rrggbb")] = "#0b3c5d",
    foreground: Annotated[str, typer.Option(help="#rrggbb")] = "#ffffff",
    label: Annotated[str, typer.Option(help="#rrggbb")] = "#b9d9eb",
) -> None:
    """Set an authority's design; its passes are made anew."""
    import getpass

    from shared.database import Database
    from shared.errors import Invalid, Text

    from wallet_pass.domain.designs import Colour, Design
    from wallet_pass.main import Settings, now
    from wallet_pass.store import PassStore

    try:
        chosen = Design(
            Text(issuer_de, issuer_en or issuer_de),
            Colour.from_hex(background),
            Colour.from_hex(foreground),
            Colour.from_hex(label),
        )
    except Invalid as error:
        typer.echo(error.text.de, err=True)
        raise typer.Exit(2) from None
    database = Database(Settings().database_url, PassStore)
    by = f"command {getpass.getuser()}"
    count = database.write_now(lambda store: store.set_design(authority_id, chosen, now(), by))
    typer.echo(f"design of {authority_id} set; {count} passes will be made anew")
