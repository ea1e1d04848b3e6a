"""A pass is made anew when its first day comes and when its last is over, a few at a time, and phones are told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.events import TicketIssued
from support.databases import on_both
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import NOW, TICKET, TicketStory
from wallet_pass.domain.devices import PushToken
from wallet_pass.domain.passes import PassToken
from wallet_pass.store.tables import PASSES

FIRST_DAY = NOW + timedelta(days=3)
MANY = 7


def _issue(running: WalletService, issued: Callable[..., TicketIssued], number: int = 1, **changes: object) -> None:
    ids = {"ticket_id": UUID(int=number), "application_id": UUID(int=100 + number), "number": number}
    running.hear(issued(**(ids | {"valid_from": FIRST_DAY} | changes)))


def _shown(running: WalletService) -> tuple[str, str]:
    package = running.do(running.workflow.package(PassToken(running.token())))
    fields = pass_json(package)["generic"]
    return str(fields["headerFields"][0]["label"]), str(fields["primaryFields"][0]["value"])


def _pass_time(running: WalletService, until: datetime) -> int:
    running.time[0] = until
    running.do(running.workflow.spread_remakes(100))
    return running.do(running.workflow.remake())


@on_both("url")
def test_the_front_follows_the_calendar(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    _issue(running, issued)
    assert _shown(running) == ("Gültig ab", "26.11.2026")
    assert _pass_time(running, FIRST_DAY - timedelta(seconds=1)) == 0, "nothing is made anew before"
    assert _pass_time(running, FIRST_DAY) == 1
    assert _shown(running) == ("Gültig bis", TICKET.name)
    assert _pass_time(running, FIRST_DAY + timedelta(days=30)) == 0
    assert _pass_time(running, TICKET.valid_until) == 0, "the last moment is good still"
    assert _pass_time(running, TICKET.valid_until + timedelta(seconds=2)) == 1
    assert _shown(running) == ("Status", "Abgelaufen – gilt nicht mehr")
    assert _pass_time(running, TICKET.valid_until + timedelta(days=30)) == 0


@on_both("url")
def test_a_grant_that_ends_early_takes_the_code_off_the_phone(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    """The code says a later day than the grant: a reader without our lists would take it."""
    running.hear(issued())
    running.hear(TicketStory().ends(1, 1, date(2026, 12, 24)))
    running.do(running.workflow.remake())
    assert _pass_time(running, datetime(2026, 12, 24, 22, 59, tzinfo=NOW.tzinfo)) == 0
    assert _pass_time(running, datetime(2026, 12, 24, 23, 0, 1, tzinfo=NOW.tzinfo)) == 1
    assert "barcodes" not in pass_json(running.do(running.workflow.package(PassToken(running.token()))))


def test_a_grant_that_ends_before_the_first_day_takes_the_code_off_the_phone_with_its_end(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued(valid_from=NOW + timedelta(days=60)))
    running.hear(TicketStory().ends(1, 1, date(2026, 12, 24)))
    running.do(running.workflow.remake())
    assert _pass_time(running, datetime(2026, 12, 24, 22, 59, tzinfo=NOW.tzinfo)) == 0
    assert _pass_time(running, datetime(2026, 12, 24, 23, 0, 1, tzinfo=NOW.tzinfo)) == 1
    assert "barcodes" not in pass_json(running.do(running.workflow.package(PassToken(running.token()))))


def test_the_phone_that_has_it_is_told(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    _issue(running, issued)
    running.database.write_now(
        lambda store: store.register(UUID(int=77), UUID(int=1), PushToken("ab" * 32), running.time[0])
    )
    due = running.database.read_now(lambda store: store.devices_due(10, running.time[0]))
    running.database.write_now(lambda store: store.note_pushed(due))
    _pass_time(running, FIRST_DAY)
    assert len(running.database.read_now(lambda store: store.devices_due(10, running.time[0]))) == 1


def test_on_the_first_day_of_school_not_all_turn_in_one_second(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    for number in range(1, MANY + 1):
        _issue(running, issued, number)
    running.time[0] = FIRST_DAY
    made_due, query = [], PASSES.select().where(PASSES.c.package_due)
    for _ in range(4):
        running.do(running.workflow.spread_remakes(3))
        made_due.append(len(running.database.read_now(lambda store: store.session.execute(query).all())))
    assert made_due == [3, 6, MANY, MANY]


def test_what_a_changed_design_asks_for_waits_behind_what_turns(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    for number in range(1, MANY + 1):
        _issue(running, issued, number, valid_from=FIRST_DAY if number % 2 else TICKET.valid_from)
    running.database.write_now(lambda store: store.order_remakes(None, NOW))
    running.time[0] = FIRST_DAY
    for _ in range(6):
        running.do(running.workflow.spread_remakes(3))
    while running.do(running.workflow.remake()):
        pass
    turning = running.database.read_now(lambda store: store.session.execute(PASSES.select()).all())
    assert {row.turns_at for row in turning} == {TICKET.valid_until + timedelta(seconds=2)}
    assert all(row.package_digest for row in turning)
