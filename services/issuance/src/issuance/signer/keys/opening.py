"""Files or token: one of the two, as the configuration says. There is no default for a secret."""

from pathlib import Path

from issuance.signer.keys.files import KeyFolder
from issuance.signer.keys.keys import KeyProblem, KeyStore


def open_keys(folder: Path, passphrase_file: Path | None, token_uri: str, *, may_write: bool = False) -> KeyStore:
    """`folder`: of the encrypted files. With a `token_uri` the signer's keys lie in that token.

    Raises:
        KeyProblem.
    """
    if token_uri:
        from issuance.signer.keys.token import TokenKeys  # a vendor's library, loaded only where it is asked for

        return TokenKeys(token_uri, may_write=may_write)
    if passphrase_file is None:
        raise KeyProblem("name a passphrase file (encrypted files) or a token's URI (PKCS#11)")
    return KeyFolder(folder, passphrase_file)
