"""The signer's process without bus: it looks at its folder of keys and lists, which a ceremony changes meanwhile."""

import asyncio
from pathlib import Path

from issuance.domain.terms import Area, Terms
from issuance.signer import ceremony
from issuance.signer.keys import open_keys
from issuance.signer.live_signer import LiveSigner
from issuance.signer.rotation import Keeper
from issuance.signer.upkeep import Upkeep
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from shared.events import IssuedListPublished, StatusListPublished, TrustListPublished
from support.issuance.example import NOW
from support.issuance.signer_world import SignerWorld, open_database


class LiveSignerWorld(SignerWorld):
    """`folder`: the ceremony's; `keeper`: what the ceremony does there."""

    def __init__(self, folder: Path, pki: ceremony.Pki) -> None:
        self.now, self.folder, secret = NOW, folder / "ca", folder / "secret"
        secret.write_text("sixteen letters and more")
        ceremony.save(pki, self.folder, secret)
        self.keeper = Keeper(self.folder, secret)
        self.live = LiveSigner(self.folder, open_keys(self.folder / "keys", secret, ""), "", self.clock)
        database = open_database(f"sqlite:///{folder / 'signer.db'}", Terms(32838, area=Area(5000, 11)))
        super().__init__(database, pki, assemble(pki.certificates.values(), pki.trust_list, ()), self.live)
        self.upkeep = Upkeep(self.live, self.issuing, self.publishing, self.renewing, self.filters)

    def look(self) -> None:
        asyncio.run(self.upkeep.look_at_keys())

    def issue_and_publish(self) -> None:
        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass
            while await self.publishing.publish_due(self.live.lists_from):
                pass

        asyncio.run(all_of_it())

    def scanner(self) -> Verifier:
        """With all that was told last."""
        trusted = self.told(TrustListPublished)[-1]
        newest = {one.shard: one.status_list for one in self.told(StatusListPublished)}
        parts = self.told(IssuedListPublished)
        last = max((one.version for one in parts), default=0)
        issued = [one.issued_list for one in parts if one.version == last]
        return Verifier(assemble(trusted.certificates.values(), trusted.trust_list, newest.values(), (), issued))
