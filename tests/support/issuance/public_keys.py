"""What the signer's upkeep asks of its keys, where none of them changes."""

from types import SimpleNamespace

from issuance.signer.ceremony import Pki


class PublicKeys:
    """Implements Keys: nothing is new, and once something was stolen."""

    def __init__(self, pki: Pki, modules: list[bytes]) -> None:
        self._pki, self.modules = pki, modules
        self.lists_from = None

    def refresh(self) -> bool:
        return False

    def warn(self) -> None: ...

    @property
    def public(self) -> tuple[int, SimpleNamespace]:
        return 1, SimpleNamespace(trust_list=self._pki.trust_list, certificates=self._pki.certificates)

    @property
    def stolen(self) -> tuple[list[bytes], list[bytes]]:
        return [b"stolen00"], self.modules
