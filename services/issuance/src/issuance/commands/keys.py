"""Commands of the key ceremony after the first: next, rotate, compromise, extend. Where the root's secrets are."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from issuance.rotation import Keeper

app = typer.Typer(no_args_is_help=True, help="Rotate keys, and say that one was stolen. Restart the signer afterwards.")
Result = TypeVar("Result")

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of the ceremony.")]
Passphrase = Annotated[Path, typer.Option(envvar="SIGNER_PASSPHRASE_FILE", exists=True, dir_okay=False)]
Person = Annotated[
    list[Path] | None,
    typer.Option(exists=True, dir_okay=False, help="Passphrase file of each person who opens the root, in order."),
]
Since = Annotated[str, typer.Option(help="ISO 8601; without offset it is Berlin time.")]


@app.command("next")
def add_next(folder: Folder, passphrase_file: Passphrase, person: Person = None) -> None:
    """Make the next ticket key and publish it; a week later it may sign."""
    key_id = _do(folder, passphrase_file, person, lambda keeper, now: keeper.add_next(now))
    typer.echo(f"key {key_id.hex()} is next; rotate in a week or later")


@app.command()
def rotate(
    folder: Folder,
    passphrase_file: Passphrase,
    person: Person = None,
    at_once: Annotated[bool, typer.Option("--at-once", help="Even where scanners may not have heard of it.")] = False,
) -> None:
    """The next key signs from now on; the one before it retires, its tickets stay good."""
    key_id = _do(folder, passphrase_file, person, lambda keeper, now: keeper.rotate(now, at_once=at_once))
    typer.echo(f"key {key_id.hex()} is active")


@app.command()
def compromise(  # noqa: PLR0917
    folder: Folder,
    passphrase_file: Passphrase,
    since: Since,
    person: Person = None,
    key: Annotated[str | None, typer.Option(help="Key id in hex; default: the active one.")] = None,
    module: Annotated[bool, typer.Option("--module", help="The module of the VDV code instead.")] = False,
) -> None:
    """A key was stolen: honest tickets stay valid, forged ones turn red, and all are signed anew."""
    from issuance.domain import in_berlin

    try:
        moment = in_berlin(datetime.fromisoformat(since))
        key_id = bytes.fromhex(key) if key else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if module:
        number = _do(folder, passphrase_file, person, lambda keeper, now: keeper.compromise_module(moment, now))
        typer.echo(f"module {number} is on the list of stolen modules; get another one from the sub-CA")
        return
    signing = _do(folder, passphrase_file, person, lambda keeper, now: keeper.compromise(moment, now, key_id))
    typer.echo(f"the key is compromised since {moment.isoformat()}; key {signing.hex()} is active")


@app.command("import")
def import_module(
    folder: Folder,
    passphrase_file: Passphrase,
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="RSA-1024 private key of the module, PEM.")],
    certificate: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The module's CV certificate (7F21).")],
    directory: Annotated[Path, typer.Option(exists=True, file_okay=False, help="<CAR hex>.vdv-cert of root, sub-CAs.")],
) -> None:
    """Take an operator's module and its sub-CA's certificates in the place of the test ones."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from issuance.signing import RsaKey

    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise typer.BadParameter("the key cannot be read (PEM, without a passphrase)") from error
    if not isinstance(private, RSAPrivateKey):
        raise typer.BadParameter("the key is no RSA key")
    certificates = {path.stem: path.read_bytes() for path in sorted(directory.glob("*.vdv-cert"))}
    number = _do(
        folder,
        passphrase_file,
        None,
        lambda keeper, _now: keeper.import_module(RsaKey(private), certificate.read_bytes(), certificates),
    )
    typer.echo(f"module {number} signs from the signer's next start; destroy {key}")


@app.command()
def extend(folder: Folder, passphrase_file: Passphrase, person: Person = None) -> None:
    """Sign the trust list for another 400 days."""
    version = _do(folder, passphrase_file, person, lambda keeper, now: keeper.extend(now))
    typer.echo(f"version {version} of the trust list is signed")


def _do(
    folder: Path, passphrase_file: Path, person: list[Path] | None, work: "Callable[[Keeper, datetime], Result]"
) -> Result:
    from issuance.barcode.refusal import Refusal
    from issuance.rotation import Keeper
    from issuance.signing import KeyProblem
    from issuance.trust import Unusable

    try:
        return work(Keeper(folder, passphrase_file, tuple(person or ())), datetime.now(UTC))
    except (KeyProblem, Unusable, Refusal) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
