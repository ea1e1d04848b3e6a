"""What changes all passes is worked off over time: none is left out, none twice, whatever happens in between."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from shared.bus import epochs
from shared.bus.tables import failed_work
from shared.errors import Text
from shared.events import TicketIssued
from shared.runtime.backlog import row_key
from shared.runtime.operations import work_waiting
from support.databases import on_both
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from typer.testing import CliRunner
from wallet_pass.commands import app
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.domain.passes import GoogleState
from wallet_pass.store import PassStore
from wallet_pass.store.figures import show_figures
from wallet_pass.store.remakes import MOST_WAITING
from wallet_pass.store.tables import PASSES, REMAKES

APPLE = ("apple", "a1" * 32, "pass.test TEAM")
MANY = 23


def _issue(running: WalletService, issued: Callable[..., TicketIssued], authorities: tuple[str, ...]) -> None:
    running.hear(
        *(
            issued(
                ticket_id=UUID(int=n),
                application_id=UUID(int=1000 + n),
                number=n,
                authority_id=authorities[n % len(authorities)],
            )
            for n in range(1, MANY + 1)
        )
    )


def _made_due(running: WalletService) -> list[str]:
    query = PASSES.select().where(PASSES.c.package_due)
    return [row.authority_id for row in running.database.read_now(lambda store: store.session.execute(query).all())]


def test_a_new_certificate_signs_every_pass_anew_and_the_one_of_before_none(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000", "130000"))
    running.do(running.workflow.note_certificates([APPLE, ("google", "k1", "a@example")]))
    for _ in range(4):
        running.do(running.workflow.spread_remakes(10))
    assert len(_made_due(running)) == MANY
    while running.do(running.workflow.remake()):
        pass
    running.do(running.workflow.note_certificates([APPLE, ("google", "k2", "a@example")]))
    running.do(running.workflow.spread_remakes(1000))
    assert _made_due(running) == [], "only Google's key is another"


def test_a_design_reaches_its_authority_alone_a_few_at_a_time(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000", "130000"))
    design = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))
    count = running.database.write_now(lambda store: store.set_design("130000", design, NOW))
    running.do(running.workflow.spread_remakes(5))
    assert _made_due(running) == ["130000"] * 5
    for _ in range(3):
        running.do(running.workflow.spread_remakes(5))
    assert _made_due(running) == ["130000"] * count


@on_both("url")
def test_whatever_comes_in_between_every_pass_is_made_after_the_last_order(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    """Designs change while they are worked off, passes are made meanwhile: at the end each has the last of all."""
    draw = random.Random(7)
    _issue(running, issued, ("120000", "130000", "140000"))
    chosen: dict[str, Design] = {}
    for step in range(40):
        running.time[0] += timedelta(seconds=draw.choice((0, 1)))
        match draw.randrange(4):
            case 0:
                authority = draw.choice(("120000", "130000", "140000"))
                chosen[authority] = Design(Text(f"Stadt {step}", f"City {step}"), Colour(0, 80 - step, 40))
                design = chosen[authority]
                running.database.write_now(
                    lambda store, of=authority, design=design: store.set_design(of, design, running.time[0])  # type: ignore[misc]
                )
            case 1:
                running.do(running.workflow.remake())
            case _:
                running.do(running.workflow.spread_remakes(draw.randrange(1, 9)))
    for _ in range(200):
        running.do(running.workflow.spread_remakes(5))
    while running.do(running.workflow.remake()):
        pass
    assert running.database.read_now(lambda store: store.session.execute(REMAKES.select()).all()) == []
    for token in {each.pass_url.rsplit("/", 1)[1] for each in running.told()}:
        kept = running.database.read_now(lambda store, token=token: store.by_token(token))  # type: ignore[misc]
        expected = chosen.get(kept.wallet_pass.ticket.authority_id)
        assert expected is None or expected.issuer.de.encode() in kept.package


def test_no_more_are_made_due_than_can_be_made_soon_and_what_is_put_aside_holds_up_nobody(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000",))
    running.do(running.workflow.note_certificates([APPLE]))
    for _ in range(30):
        running.do(running.workflow.spread_remakes(2))
    assert len(_made_due(running)) == 2 * MOST_WAITING
    waiting = [each.token for each in _made_rows(running)]
    running.database.write_now(lambda store: _put_aside(store, waiting))
    running.do(running.workflow.spread_remakes(2))
    assert len(_made_due(running)) == 2 * MOST_WAITING + 2


def test_google_is_told_of_a_design_and_not_of_apples_certificate(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000",))
    told = PASSES.update().values(google=GoogleState.TOLD)
    running.database.write_now(lambda store: store.session.execute(told))
    running.do(running.workflow.note_certificates([APPLE]))
    running.do(running.workflow.spread_remakes(100))
    assert {row.google for row in _made_rows(running)} == {GoogleState.TOLD}
    running.database.write_now(lambda store: store.order_remakes("120000", NOW))
    running.do(running.workflow.spread_remakes(100))
    assert {row.google for row in _made_rows(running)} == {GoogleState.DUE}


def test_google_is_told_of_all_passes_after_a_restore(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    """It has what it was told since the copy, of which this database knows nothing."""
    _issue(running, issued, ("120000",))
    running.do(running.workflow.note_certificates([APPLE]))
    told = PASSES.update().values(google=GoogleState.TOLD)
    running.database.write_now(lambda store: store.session.execute(told))
    running.database.write_now(lambda store: epochs.raise_epoch(store.session, "wallet-pass", NOW))
    running.do(running.workflow.note_certificates([APPLE]))
    for _ in range(2):
        running.do(running.workflow.spread_remakes(100))
    assert [row.google for row in _made_rows(running)] == [GoogleState.DUE] * MANY


def test_google_that_is_slow_slows_down_what_it_must_be_told(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000",))
    running.do(running.workflow.note_certificates([APPLE]))
    taken = running.database.write_now(lambda store: store.take_remakes(2, NOW, with_google=True))
    assert taken == 0, "all passes are to be told to Google"
    assert running.database.write_now(lambda store: store.take_remakes(2, NOW, with_google=False)) == 2


def test_how_far_an_order_has_come_is_shown(
    running: WalletService,
    issued: Callable[..., TicketIssued],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _issue(running, issued, ("120000", "130000"))
    settings = {"DATABASE_URL": url, "CERTIFICATES": ".", "ISSUER": "https://id.example", "NATS_SEED_FILE": "none"}
    settings |= {"NATS_URL": "nats://127.0.0.1:4222", "PORT": "4712", "PUBLIC_URL": "http://127.0.0.1:4712"}
    for name, value in settings.items():
        monkeypatch.setenv(f"WALLET_PASS_{name}", value)
    run = CliRunner()
    assert "no passes wait" in run.invoke(app, ["remakes"]).output
    running.do(running.workflow.note_certificates([APPLE]))
    running.database.write_now(lambda store: store.order_remakes("130000", NOW + timedelta(seconds=1)))
    running.do(running.workflow.spread_remakes(10))
    said = run.invoke(app, ["remakes"]).output.splitlines()
    assert said == [
        f"all passes: 10 of {MANY} passes, ordered 2026-11-23 09:30 UTC",
        f"130000: 0 of {MANY // 2 + 1} passes, ordered 2026-11-23 09:30 UTC",
    ]
    running.database.read_now(lambda store: show_figures(store, NOW, workers=()))
    assert work_waiting.labels("remakes")._value.get() == MANY - 10 + MANY // 2 + 1


def _made_rows(running: WalletService) -> Sequence[sa.Row[tuple[str, str]]]:
    query = sa.select(PASSES.c.token, PASSES.c.google).where(PASSES.c.package_due)
    return running.database.read_now(lambda store: store.session.execute(query).all())


def _put_aside(store: PassStore, tokens: Sequence[str]) -> None:
    """As the worker leaves what failed again and again."""
    serials = store.session.execute(sa.select(PASSES.c.serial_number).where(PASSES.c.token.in_(tokens))).scalars()
    failed = {"attempts": 10, "error": "BadPass", "first_failed_at": NOW, "failed_at": NOW, "next_try_at": None}
    rows = [{"worker": "packages", "row_key": row_key(each), **failed} for each in serials]
    store.session.execute(failed_work.insert(), rows)
