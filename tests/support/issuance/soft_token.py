"""SoftHSM: PKCS#11 tokens whose objects are files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from issuance.commands import app
from issuance.signer.rotation import Keeper
from support import needs
from typer.testing import CliRunner, Result

LIBRARIES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/local/lib/softhsm/libsofthsm2.so")]
LIBRARY = next((path for path in LIBRARIES if path.exists()), LIBRARIES[0])
NEEDED = needs.program("softhsm2-util", package="softhsm2")
FORGOTTEN = "ignore::pytest.PytestUnraisableExceptionWarning"
"""A search in a session that is gone cannot be ended in an orderly way."""


@dataclass(frozen=True)
class Tokens:
    """The folder of all of them, which can be taken away."""

    folder: Path

    def new_token(self, label: str, pin: str = "4711-0815") -> str:
        """Its URI."""
        utility = shutil.which("softhsm2-util")
        assert utility is not None
        options = ["--label", label, "--so-pin", "officer-0815", "--pin", pin]
        subprocess.run([utility, "--init-token", "--free", *options], check=True, capture_output=True)
        pin_file = self.folder / f"{label}.pin"
        pin_file.write_text(pin + "\n")
        return f"pkcs11:token={label}?module-path={LIBRARY}&pin-source=file:{pin_file}"

    def take_away(self) -> None:
        (self.folder / "tokens").rename(self.folder / "away")

    def bring_back(self) -> None:
        (self.folder / "away").rename(self.folder / "tokens")


@contextmanager
def open_tokens(folder: Path) -> Iterator[Tokens]:
    """Once in a process: the library reads its settings when it is started."""
    (folder / "tokens").mkdir()
    settings = f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    (folder / "softhsm2.conf").write_text(settings)
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    yield Tokens(folder)
    del os.environ["SOFTHSM2_CONF"]


@dataclass(frozen=True)
class TokenCeremony:
    """A ceremony whose signer's keys lie in a token."""

    folder: Path
    uri: str
    secret: Path
    keeper: Keeper


def hold_ceremony(tokens: Tokens, folder: Path) -> TokenCeremony:
    uri, secret = tokens.new_token("issuer"), folder / "root"
    done = run("ceremony", folder / "ca", "--token", uri, "--person", secret)
    assert done.exit_code == 0, done.output
    return TokenCeremony(folder / "ca", uri, secret, Keeper(folder / "ca", None, (secret,), uri))


def run(*arguments: object) -> Result:
    """`issuance` with these arguments."""
    return CliRunner().invoke(app, [str(one) for one in arguments])
