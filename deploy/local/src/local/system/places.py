"""Where the files of one system lie, below its folder."""

import contextlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from shared.durable_files import PUBLIC, write_once


def installation_in(folder: Path) -> str | None:
    """Which installation the system in this folder is; None of one of before."""
    file = folder / "installation"
    return (file.read_text(encoding="utf-8").strip() or None) if file.exists() else None


def kept_installation(folder: Path) -> str:
    """Its name: drawn once, also where two ask at once, and kept with the folder wherever it is moved."""
    found = installation_in(folder)
    if found is not None:
        return found
    file = folder / "installation"
    with contextlib.suppress(FileNotFoundError):
        if not file.stat().st_size:  # a power cut emptied it: without a name the system would start as anybody's
            file.unlink()
    with contextlib.suppress(FileExistsError):  # somebody else drew one meanwhile: it is that
        write_once(file, f"local-{secrets.token_hex(8)}\n", mode=PUBLIC)
    return file.read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Places:
    """Of one system. What is below `keys` and `data` is for its owner alone."""

    folder: Path

    @property
    def identity_settings(self) -> Path:
        """With the demo's users and passwords."""
        return self.folder / "identity" / "settings.json"

    def session_key_file(self, client: str) -> Path:
        """Encrypts the sessions of those pages."""
        return self.folder / "keys" / f"{client}.key"

    @property
    def network(self) -> Path:
        """The walking network."""
        return self.folder / "walking.network"

    @property
    def ceremony(self) -> Path:
        """The test PKI and keys of issuance; the signer's alone."""
        return self.folder / "keys" / "issuance"

    @property
    def passphrase_file(self) -> Path:
        """Opens the signer's encrypted keys."""
        return self.folder / "keys" / "issuance.passphrase"

    @property
    def digest_keys_file(self) -> Path:
        """The keys with which eligibility makes its digests."""
        return self.folder / "keys" / "eligibility-digests.key"

    @property
    def key_store(self) -> Path:
        """The database of families' keys; not beside the databases that are copied."""
        return self.folder / "keys" / "application-keys.sqlite"

    @property
    def wrapping_keys_file(self) -> Path:
        """The keys that wrap those of families."""
        return self.folder / "keys" / "application-wrapping.key"

    @property
    def code_key_file(self) -> Path:
        """The key with which application makes digests of codes."""
        return self.folder / "keys" / "application-codes.key"

    @property
    def wallet_certificates(self) -> Path:
        """The folder of `wallet-pass certificates`."""
        return self.folder / "keys" / "wallet-pass"

    def authority_file(self, service: str) -> Path:
        """What this service is told of the authority."""
        return self.folder / "authority" / f"{service}.json"

    def log(self, name: str) -> Path:
        """Of one process."""
        return self.folder / "logs" / f"{name}.log"

    def database(self, name: str) -> Path:
        """Of one process; SQLite."""
        return self.folder / "data" / f"{name}.sqlite"

    def settings_file(self, name: str) -> Path:
        """The same settings for a shell, in which a person runs a command of the service."""
        return self.folder / "settings" / f"{name}.env"
