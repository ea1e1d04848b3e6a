"""A grant that is heard again after a restore makes the same ticket: number, place and token are derived by a key."""

import os
import secrets
import stat
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.domain.shards import PLACES_DRAWN
from issuance.signer.ceremony import Pki
from issuance.signer.keys import KeyProblem, open_numbering
from issuance.verification.trust import Trust
from shared.events import TicketIssued, TicketStateChanged
from support.issuance.signer_world import SignerWorld, open_database

NAMES = UUID("00000000-0000-4000-8000-000000000001")


def test_a_signer_that_lost_its_tables_makes_the_same_tickets_again(tmp_path: Path, pki: Pki, trust: Trust) -> None:
    applications = [uuid5(NAMES, str(at)) for at in range(12)]
    key = secrets.token_bytes(KEY_BYTES)
    made = []
    for at, order in enumerate((applications, applications[::-1])):
        database = open_database(f"sqlite:///{tmp_path / f'{at}.db'}")
        world = SignerWorld(database, pki, trust)
        object.__setattr__(world.numbering, "key", key)
        for application_id in order:
            world.application_id = application_id
            world.holder()
            world.grant(uuid5(application_id, "grant"), case_id=uuid5(application_id, "2026/27"))
        world.issue()
        told = world.told(TicketIssued)
        tokens = {row[0]: row[1] for row in world.rows("SELECT number, token_id FROM ticket")}
        made.append({each.ticket_id: (each.number, each.number_draw, tokens[each.number]) for each in told})
        assert {each.number_draw for each in world.told(TicketStateChanged)} == {0}
        database.close()
    assert made[0] == made[1] and len(made[0]) == 12


def test_a_place_that_is_taken_is_drawn_again_and_which_draw_it_was_is_kept_and_told(world: SignerWorld) -> None:
    world.numbering.choose([7, 7, 7, 9])
    world.new_ticket()
    ticket = world.new_ticket()
    assert ticket.number % PLACES_DRAWN != 7 and ticket.number_draw == 2
    assert world.rows("SELECT number_draw FROM ticket ORDER BY sequence") == [(0,), (2,)]


def test_places_are_spread_evenly_and_say_nothing_without_the_key() -> None:
    ids = [uuid5(NAMES, str(at)) for at in range(20_000)]
    one, other = NumberScheme(b"1" * KEY_BYTES), NumberScheme(b"2" * KEY_BYTES)
    tenths = Counter(one.place(each, 0) * 10 // PLACES_DRAWN for each in ids)
    assert set(tenths) == set(range(10)) and all(1_800 < count < 2_200 for count in tenths.values())
    assert sum(one.place(each, 0) == other.place(each, 0) for each in ids) < 5
    assert len({one.place(ids[0], draw) for draw in range(16)}) > 12
    assert len({one.token_id(each) for each in ids}) == len(ids)


def test_the_key_is_made_once_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    first = open_numbering(tmp_path)
    (file,) = tmp_path.iterdir()
    assert open_numbering(tmp_path) == first and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first.key.hex() not in repr(first)


def test_a_key_that_is_cut_or_cannot_be_made_starts_no_signer(tmp_path: Path) -> None:
    (tmp_path / "numbers.key").write_bytes(b"short")
    with pytest.raises(KeyProblem, match="backup"):
        open_numbering(tmp_path)
    with pytest.raises(KeyProblem, match=r"numbers\.key"):
        open_numbering(tmp_path / "absent")


def test_two_that_start_at_once_have_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def second_was_faster(source: str, target: str) -> None:
        Path(target).write_bytes(b"2" * KEY_BYTES)
        link(source, target)

    monkeypatch.setattr(os, "link", second_was_faster)
    assert open_numbering(tmp_path).key == b"2" * KEY_BYTES
    assert [each.name for each in tmp_path.iterdir()] == ["numbers.key"]
