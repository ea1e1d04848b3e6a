"""The root names the shards whose lists are out; readers from before pass over the names."""

from pathlib import Path

import pytest
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.signer.ceremony import Pki, published_trust, save
from issuance.signer.rotation import Keeper
from issuance.verification.trust import assemble, held_back
from support.issuance.example import NOW

SHARDS = Shard(32838, 416), Shard(32838, 432)


@pytest.fixture
def keeper(tmp_path: Path, pki: Pki) -> Keeper:
    secret = tmp_path / "secret"
    secret.write_text("sixteen letters and more")
    save(pki, tmp_path / "ca", secret)
    return Keeper(tmp_path / "ca", secret)


def test_names_are_signed_kept_by_later_changes_and_tell_which_list_is_held_back(keeper: Keeper, pki: Pki) -> None:
    assert keeper.name_shards(SHARDS[1:], NOW) == 2
    keeper.name_shards(SHARDS, NOW)
    keeper.extend(NOW)
    keeper.add_next(NOW, "status")
    trusted = published_trust(keeper.folder).trust_list
    trust = assemble((), trusted, ())
    assert trust.trust_list is not None and trust.trust_list.shards == SHARDS
    assert {key.shards for key in trust.trust_list.keys if key.use == "ticket"} == {()}
    one = pki.signer.sign_status_list(StatusList(SHARDS[0], 1, NOW, NOW, bits_of([])))
    assert held_back(trust) == SHARDS and held_back(assemble((), trusted, [one])) == SHARDS[1:]
