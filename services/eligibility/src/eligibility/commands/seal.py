"""`eligibility seal try`: whether the seal of an authority works, before the first notice needs it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The electronic seal on notices.")
SAMPLE = '#set document(title: [Probe])\n#set text(lang: "de")\n= Probe\nDiese Seite prüft nur das Siegel.'


@app.callback()
def _seal() -> None:
    """The electronic seal on notices."""


@app.command(name="try")
def try_seal(
    authority_id: Annotated[str, typer.Option("--authority", help="its number in the register")],
    seals_file: Annotated[Path, typer.Option("--seals", envvar="ELIGIBILITY_SEALS_FILE", help="as the service reads")],
    output: Annotated[Path, typer.Option("--output", "-o", help="the sealed page")] = Path("siegel.pdf"),
) -> None:
    """Seals a page with one sentence, reads it back, and says whose certificate it was and until when it is good.

    A wrong PIN counts at the token: a real one locks itself after a few. Ends with 1 where nothing could be sealed.
    """
    from shared.typesetting import Typesetter

    from eligibility.printing.seals import SealFault, load_seals
    from eligibility.printing.seals.sealing import seal_pdf
    from eligibility.printing.seals.token import open_signer

    settings, now = load_seals(seals_file).get(authority_id), datetime.now(UTC)
    if settings is None:
        typer.echo(f"{seals_file} has no seal of authority {authority_id}", err=True)
        raise typer.Exit(2)
    page = Typesetter("seal").compile(SAMPLE.encode(), {}, now)
    try:
        pin = settings.pin_file.read_text(encoding="utf-8").strip()
        with open_signer(settings, pin, now) as signer:
            output.write_bytes(seal_pdf(page, signer, settings, now))
            certificate = signer.certificate
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    except SealFault as error:
        typer.echo(f"cannot seal: {error.fault}", err=True)
        raise typer.Exit(1) from None
    until = certificate.not_valid_after.date().isoformat()
    typer.echo(f"{output}: sealed as {certificate.subject.human_friendly}, good until {until}")
