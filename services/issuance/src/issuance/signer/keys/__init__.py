"""The one place that holds keys, and the port through which everything is signed.

`keys.py` says what a key must be able to do; `files.py` keeps keys as encrypted files (the default), `token.py` in a
PKCS#11 token, from which no private key comes out; `numbers_key.py` derives ticket numbers; `signer.py` signs tickets
and lists with either. Only the ceremony and the signer's process load this package (import-linter).
"""

from issuance.signer.keys.files import EcKey, KeyFolder, RsaKey, make_passphrase
from issuance.signer.keys.keys import KeyProblem, KeyStore, PointKey, RecoveringKey
from issuance.signer.keys.numbers_key import open_numbering
from issuance.signer.keys.opening import open_keys
from issuance.signer.keys.signer import Signer, signatures

__all__ = [
    "EcKey",
    "KeyFolder",
    "KeyProblem",
    "KeyStore",
    "PointKey",
    "RecoveringKey",
    "RsaKey",
    "Signer",
    "make_passphrase",
    "open_keys",
    "open_numbering",
    "signatures",
]
