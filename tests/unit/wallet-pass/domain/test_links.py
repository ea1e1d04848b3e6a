"""A pass that is made again has the link that the family knows."""

import stat
from pathlib import Path
from uuid import uuid4

import pytest
from wallet_pass.credentials import open_links
from wallet_pass.domain.links import KEY_BYTES, Links


def test_a_ticket_has_one_link_however_often_its_pass_is_made() -> None:
    links, ticket_id = Links(b"k" * KEY_BYTES), uuid4()
    assert links.pass_token(ticket_id) == Links(b"k" * KEY_BYTES).pass_token(ticket_id)
    assert len(links.pass_token(ticket_id)) == 22 and len(links.authentication_token(ticket_id)) == 22


def test_link_and_secret_tell_nothing_of_each_other_nor_of_another_tickets() -> None:
    links, tickets = Links(b"k" * KEY_BYTES), [uuid4() for _ in range(50)]
    words = [word for each in tickets for word in (links.pass_token(each), links.authentication_token(each))]
    assert len(set(words)) == 100
    assert Links(b"l" * KEY_BYTES).pass_token(tickets[0]) not in words
    assert links.key.hex() not in repr(links) and str(links.key) not in repr(links)


def test_the_key_lies_beside_the_certificates_and_stays(tmp_path: Path) -> None:
    first = open_links(tmp_path)
    assert open_links(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "links.key").stat().st_mode) == 0o600


def test_a_key_that_is_cut_starts_no_service(tmp_path: Path) -> None:
    (tmp_path / "links.key").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"links\.key"):
        open_links(tmp_path)
