"""Notices and passes of before move out of their rows, by command, and are what they were; erasure reaches them."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from eligibility.domain.ids import ApplicationId
from eligibility.store.tables import NOTICE, PDF
from eligibility.tables_of_before import move_pdfs
from shared.database.contents import move_all
from support.eligibility import small_place
from support.eligibility.world import World, make_template, open_world
from support.growth.lives import wallets
from support.wallet_pass.service import open_service
from support.wallet_pass.tickets import about, issued, revoked
from wallet_pass.store.tables import PACKAGE, PASSES

_OTHER = uuid4()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    make_template(tmp_path / "template.db")
    with open_world(tmp_path / "template.db", tmp_path / "eligibility.db") as opened:
        yield opened


def test_a_printed_notice_moves_is_served_as_it_was_and_goes_with_its_family(world: World) -> None:
    event = small_place.submitted()
    world.set_authority(release_by_person="nothing")
    asyncio.run(world.hear(event))
    database = world.database
    token = database.read_now(lambda store: store.session.execute(sa.select(NOTICE.c.token)).scalar_one())
    # 1. as a row of before
    old = NOTICE.update().values(pdf=b"%PDF-1.7 of before")
    database.write_now(lambda store: store.session.execute(old))
    move_pdfs(database)
    # 2. it is in its table, and what is printed already is not printed again
    found = database.read_now(lambda store: store.notice(token))
    assert found is not None and found.pdf == b"%PDF-1.7 of before"
    assert not database.read_now(lambda store: store.notices_to_print(10, small_place.NOW))
    assert _rows(database.read_now, sa.select(NOTICE.c.pdf)) == [None]
    # 3. a second print changes nothing and leaves nothing behind
    database.write_now(lambda store: store.set_pdf(token, b"another"))
    assert _rows(database.read_now, sa.select(PDF.c.content)) == [b"%PDF-1.7 of before"]
    # 4. erased with the family
    database.write_now(lambda store: store.erase(ApplicationId(event.application_id)))
    assert _rows(database.read_now, sa.select(PDF.c.content)) == []
    world.writes_past_the_record = True


def test_a_package_moves_is_served_as_it_was_and_goes_when_its_pass_is_made_anew(tmp_path: Path) -> None:
    with open_service(f"sqlite:///{tmp_path / 'passes.db'}", *wallets(tmp_path / "certificates")) as service:
        service.hear(issued(), issued(**about(0, _OTHER) | {"number": 5}))
        database = service.database
        kept = _rows(database.read_now, sa.select(PACKAGE.c.content).order_by(PACKAGE.c.digest))
        # 1. as rows of before
        inside = sa.select(PACKAGE.c.content).where(PACKAGE.c.digest == PASSES.c.package_digest).scalar_subquery()
        old = PASSES.update().values(package=inside, package_digest=None)
        database.write_now(lambda store: store.session.execute(old))
        database.write_now(lambda store: store.session.execute(PACKAGE.delete()))
        move_all(lambda after, limit: database.write_now(lambda store: store.move_packages(after, limit)))
        assert _rows(database.read_now, sa.select(PACKAGE.c.content).order_by(PACKAGE.c.digest)) == kept
        assert _rows(database.read_now, sa.select(PASSES.c.package)) == [None, None]
        assert service.client.get(f"/v1/passes/{service.token()}/pass.pkpass").content in kept
        # 2. a pass that changes leaves no package behind
        service.hear(revoked())
        assert len(_rows(database.read_now, sa.select(PACKAGE.c.content))) == 1
        service.do(service.workflow.remake())
        assert len(_rows(database.read_now, sa.select(PACKAGE.c.content))) == 2


def _rows(read: Callable[..., object], query: object) -> list[object]:
    return read(lambda store: list(store.session.execute(query).scalars()))  # type: ignore[return-value]
