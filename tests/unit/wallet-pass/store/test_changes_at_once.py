"""A pass that a worker changes at the moment at which news of it is kept, on PostgreSQL's real connections: nothing that
was signed is left behind, and no two changes have one moment."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from shared.database.contents import digest_of
from shared.events import TicketIssued
from support.wallet_pass.at_once import PATIENCE, Connections
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.domain.pictures import Picture, PictureKind
from wallet_pass.store import PassStore
from wallet_pass.store.tables import PACKAGE, PASSES, PICTURE

LATER = NOW + timedelta(minutes=1)
SIGNED = b"with a name and a code"
pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture
def at_once(url: str, running: WalletService, issued: Callable[..., TicketIssued]) -> Iterator[Connections]:
    running.hear(issued())
    opened = Connections(url, running)
    yield opened
    opened.threads.shutdown(wait=True)


def _kept(at_once: Connections) -> Pass:
    return at_once.service.database.read_now(lambda store: store.page_of_all(None, 1))[0]


def _become_due(at_once: Connections) -> Pass:
    before = _kept(at_once)
    at_once.service.database.write_now(lambda store: store.change(replace(before, suspended=True, changed_at=LATER)))
    assert at_once.rows(PACKAGE) == 0
    return _kept(at_once)


def _take_all(store: PassStore, now: datetime) -> int:
    return store.take_remakes(10, now, with_google=True)


def test_what_is_signed_while_a_ticket_is_revoked_is_not_kept(at_once: Connections) -> None:
    kept = _become_due(at_once)
    with at_once.open() as store:
        store.keep_packages([(kept, SIGNED)], LATER)
        news = at_once.start(lambda other: other.change(kept.revoked(LATER)))
        at_once.wait_until_waiting(1)
    news.result(PATIENCE)
    assert _kept(at_once).revoked_at == LATER
    assert at_once.rows(PACKAGE) == 0


def test_what_is_signed_while_all_are_made_anew_is_not_kept(at_once: Connections) -> None:
    kept = _become_due(at_once)
    at_once.service.database.write_now(lambda store: store.order_remakes(None, LATER))
    with at_once.open() as store:
        store.keep_packages([(kept, SIGNED)], LATER)
        order = at_once.start(lambda other: _take_all(other, LATER))
        at_once.wait_until_waiting(1)
    order.result(PATIENCE)
    assert at_once.rows(PACKAGE) == 0


def test_a_revocation_while_all_are_made_anew_has_a_moment_of_its_own(at_once: Connections) -> None:
    """Who has read the pass in between, and signs it as good, must not keep that for the revoked one."""
    at_once.service.database.write_now(lambda store: store.order_remakes(None, LATER))
    before = _kept(at_once)
    with at_once.open() as store:
        assert _take_all(store, LATER) == 1
        news = at_once.start(lambda other: other.change(before.revoked(LATER)))
        at_once.wait_until_waiting(1)
    news.result(PATIENCE)
    due = sa.select(PASSES.c.changed_at).where(PASSES.c.package_due)
    changed_at = at_once.service.database.read_now(lambda store: store.session.execute(due).scalar_one())
    assert changed_at == LATER + timedelta(seconds=1)


def test_a_picture_that_one_authority_takes_out_while_another_chooses_it_stays(at_once: Connections) -> None:
    """Neither sees what the other has not finished: the picture would be deleted, and the design name what is gone."""
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (480).to_bytes(4, "big") + (150).to_bytes(4, "big")
    with_logo = Design(pictures={PictureKind.LOGO: Picture(digest_of(png), 480, 150, png)})
    at_once.service.database.write_now(lambda store: store.set_design("100001", with_logo, NOW))
    with at_once.open() as store:
        store.set_design("100002", with_logo, LATER)
        drop = at_once.start(lambda other: other.drop_design("100001", None, LATER, "x"))
        at_once.wait_until_waiting(1)
    drop.result(PATIENCE)
    kept = at_once.service.database.read_now(lambda store: store.design("100002").pictures)
    assert at_once.rows(PICTURE) == 1 and kept == with_logo.pictures
