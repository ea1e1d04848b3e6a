"""`wallet-pass design`: how an authority's passes look."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wallet_pass.domain.designs import Design
    from wallet_pass.domain.pictures import PictureKind

Colour = Annotated[str, typer.Option(help="#rrggbb")]
Upload = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="PNG or JPEG")]


def design(  # noqa: PLR0917 typer takes what it may name
    authority_id: str,
    issuer_de: Annotated[str, typer.Option(help="Who stands behind the ticket, in German.")],
    issuer_en: Annotated[str, typer.Option(help="The same in English; default: as in German.")] = "",
    background: Colour = "#0b3c5d",
    foreground: Colour = "#ffffff",
    label: Colour = "#b9d9eb",
    operator: Annotated[int | None, typer.Option(help="For the tickets of this operator alone (VDV-KA).")] = None,
    front: Annotated[
        str, typer.Option(help="Fields in order: ticket, birth_date, validity, document, number.")
    ] = "ticket,birth_date,validity,document",
    document_de: Annotated[str, typer.Option(help="What is to be shown with the ticket, in German.")] = "",
    document_en: Annotated[str, typer.Option(help="The same in English.")] = "",
    logo: Upload = None,
    icon: Upload = None,
    thumbnail: Upload = None,
) -> None:
    """Set an authority's design; its passes are made anew. Pictures that are not given stay as they are."""
    import getpass

    from shared.errors import Invalid, Text

    from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design, FrontField
    from wallet_pass.domain.pictures import PictureKind

    uploads = {PictureKind.LOGO: logo, PictureKind.ICON: icon, PictureKind.THUMBNAIL: thumbnail}
    sent = {kind: path for kind, path in uploads.items() if path is not None}
    try:
        ground, ink, small = (Colour.from_hex(each) for each in (background, foreground, label))
        document = Text(document_de, document_en or document_de) if document_de else DEFAULT_DESIGN.document
        fields = tuple(FrontField(name.strip()) for name in front.split(","))
        chosen = Design(Text(issuer_de, issuer_en or issuer_de), ground, ink, small, front=fields, document=document)
        count = _keep(authority_id, operator, chosen, sent, f"command {getpass.getuser()}")
    except (Invalid, ValueError) as error:  # a field that there is not
        typer.echo(error.text.de if isinstance(error, Invalid) else str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"design of {authority_id} set; {count} passes will be made anew")


def _keep(
    authority_id: str, operator: int | None, design: "Design", uploads: "dict[PictureKind, Path]", by: str
) -> int:
    """Returns how many passes are made anew.

    Raises:
        Invalid: with what to do.
    """
    import asyncio

    from shared.database import Database
    from shared.runtime.start import own_database

    from wallet_pass.main import now
    from wallet_pass.pictures.making import UploadedPictures
    from wallet_pass.settings import Settings
    from wallet_pass.store import PassStore
    from wallet_pass.workflow.designs import DesignOf, Designs

    database = Database(own_database("wallet-pass", Settings().database_url), PassStore)
    designs, of = Designs(database, UploadedPictures(), now), DesignOf(authority_id, operator)

    async def work() -> int:
        counts = [(await designs.choose(of, design, by)).passes]
        for kind, path in uploads.items():
            counts.append((await designs.set_picture(of, kind, path.read_bytes(), by)).passes)
        return max(counts)

    try:
        return asyncio.run(work())
    finally:
        database.close()
