"""`wallet-pass certificates`: the ceremony at set-up."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(file_okay=False)]


def certificates(
    folder: Folder,
    pass_type: Annotated[str, typer.Option(help="Apple's pass type identifier.")] = "pass.de.schulticket.test",  # noqa: S107
    team: Annotated[str, typer.Option(help="Apple's team identifier, ten characters.")] = "SCHULTICKT",
    renew: Annotated[bool, typer.Option("--renew", help="Replace what is there: older passes keep working.")] = False,
) -> None:
    """Hold the ceremony: a private chain in the shape of Apple's, and a key in the shape of Google's."""
    from wallet_pass.certificates import complete, hold_ceremony
    from wallet_pass.main import now

    if complete(folder) and not renew:
        typer.echo(f"{folder} has its certificates already (--renew replaces them)")
        return
    hold_ceremony(folder, now(), pass_type=pass_type, team=team)
    typer.echo(f"certificates and keys are in {folder}")


def certificates_import(  # noqa: PLR0917 typer takes what it may name
    folder: Folder,
    certificate: Annotated[Path, typer.Option(help="Apple's certificate: .cer, .pem, or .p12 with its key.")],
    intermediate: Annotated[Path, typer.Option(help="Apple's intermediate that issued it: .cer or .pem.")],
    key: Annotated[Path | None, typer.Option(help="Its private key, PEM; not beside a .p12.")] = None,
    passphrase_file: Annotated[Path | None, typer.Option(help="With the passphrase of the key.")] = None,
    another_type: Annotated[bool, typer.Option("--another-type", help="Also for another pass type or team.")] = False,
) -> None:
    """Put Apple's own pass certificate in the place of the one that is there. Restart the service afterwards: it signs
    all passes anew, spread over time, and phones fetch them."""
    from wallet_pass.credentials import load_signer
    from wallet_pass.installing import Unfit, install, read_bundle
    from wallet_pass.main import now

    try:
        before = load_signer(folder)
    except (OSError, ValueError):
        before = None
    try:
        secret = None if passphrase_file is None else passphrase_file.read_bytes().rstrip(b"\r\n")
        private = None if key is None else key.read_bytes()
        bundle = read_bundle(certificate.read_bytes(), private, intermediate.read_bytes(), secret)
        signer = install(folder, bundle, before, now(), another_type=another_type)
    except (OSError, Unfit) as error:
        typer.echo(f"not installed: {error}", err=True)
        raise typer.Exit(2) from None
    ends = signer.leaf.not_valid_after_utc.date().isoformat()
    typer.echo(f"{signer.pass_type} of {signer.team}, good until {ends}: in {folder}. Restart wallet-pass now.")
    if signer.is_test:
        typer.echo("Its issuer is not Apple: iPhones refuse such passes.")
