"""Phones as Apple describes them: what becomes of a ticket reaches every one that has its pass."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from shared.errors import Text, Unavailable
from shared.events import ApplicationFamilyErased, Event, TicketIssued, TicketRestored, TicketRevoked, TicketSuspended
from shared.runtime.backlog import count_failing
from support.databases import on_both
from support.wallet_pass.push_line import FIRST, SERIAL, Line, push_line
from support.wallet_pass.tickets import NOW, about
from wallet_pass.apple.package import AppleWallet
from wallet_pass.apple.push import RefusedPush
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.store.tables import DEVICES, REGISTRATIONS
from wallet_pass.workflow import PUSHES
from wallet_pass.workflow.apple_ports import DeadPushToken


def _switched(step: int, ticket: TicketIssued, *, good: bool) -> Event:
    told = about(step, ticket.ticket_id) | {"application_id": ticket.application_id, "step": step}
    return TicketRestored(**told) if good else TicketSuspended(**told, reason="by_authority")


def test_what_becomes_of_a_ticket_reaches_every_phone_that_has_it(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    phones = [line.phone() for _ in range(3)]
    assert [each.add(line.package()) for each in phones] == [True] * 3
    assert not phones[0].add(line.package()), "201 once, 200 from then on"
    line.work()
    assert [each.hears_from for each in phones] == [0, 0, 0], "nothing has changed"
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    assert [each.passes[SERIAL].shows_code for each in phones] == [False] * 3
    line.service.hear(_switched(2, issued(), good=True))
    line.work()
    assert [each.passes[SERIAL].shows_code for each in phones] == [True] * 3
    phones[2].remove(SERIAL)
    line.service.hear(revoked())
    line.work()
    assert [each.passes[SERIAL].is_void for each in phones[:2]] == [True, True]
    assert [each.passes[SERIAL].fetched for each in phones[:2]] == [3, 3], "each version once"
    assert phones[2].hears_from == 2
    assert line.rows(DEVICES) == 2


def test_a_phone_that_adds_an_old_file_is_told_of_what_has_happened_since(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    old, phone = line.package(), line.phone()
    line.service.hear(revoked())
    line.work()
    phone.add(old)
    line.work()
    assert phone.passes[SERIAL].is_void


def test_a_phone_that_knows_a_later_tag_hears_of_a_pass_that_it_adds(
    line: Line, issued: Callable[..., TicketIssued]
) -> None:
    line.service.hear(issued())
    old, phone = line.package(), line.phone()
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    line.service.time[0] += timedelta(days=1)
    other = issued(ticket_id=UUID(int=77), application_id=UUID(int=78), number=99)
    line.service.hear(other)
    token = line.service.told()[-1].pass_url.rsplit("/", 1)[1]
    phone.add(line.service.client.get(f"/v1/passes/{token}/pass.pkpass").content)
    line.service.hear(_switched(1, other, good=False))
    line.work()
    phone.add(old)
    line.work()
    assert [each.shows_code for each in phone.passes.values()] == [False, False]


def test_nothing_is_lost_while_apple_is_away(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = Unavailable(Text("weg", "away"))
    with pytest.raises(Unavailable):
        line.work()
    line.pushes.error = None
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_one_phone_that_is_refused_holds_up_no_other(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = RefusedPush("429")
    line.work()
    assert line.service.database.read_now(lambda store: count_failing(store.session, line.service.time[0])) == {
        PUSHES: (0, 1)
    }
    line.pushes.error = None
    line.service.time[0] += timedelta(minutes=10)
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_a_phone_that_is_refused_for_an_hour_is_told_all_the_same(
    line: Line, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(revoked())
    line.pushes.error = RefusedPush("429")
    for _ in range(30):
        line.work()
        line.service.time[0] += timedelta(minutes=5)
    line.pushes.error = None
    line.work()
    assert phone.passes[SERIAL].is_void


def test_a_phone_that_is_gone_is_forgotten_and_one_that_is_back_is_not(
    line: Line, issued: Callable[..., TicketIssued]
) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.pushes.error = DeadPushToken(NOW - timedelta(hours=1))
    line.work()
    assert line.rows(DEVICES) == 1, "it registered after that"
    line.pushes.error = DeadPushToken(NOW + timedelta(hours=1))
    line.service.time[0] += timedelta(minutes=10)
    line.work()
    assert (line.rows(DEVICES), line.rows(REGISTRATIONS)) == (0, 0)


def test_a_new_push_token_takes_the_place_of_the_old_one(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    del line.pushes.phones[phone.push_token]
    phone.push_token = FIRST
    line.pushes.phones[FIRST] = phone
    assert not phone.add(line.package())
    line.service.hear(_switched(1, issued(), good=False))
    line.work()
    assert not phone.passes[SERIAL].shows_code


def test_an_erased_family_leaves_no_device(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    at = {"occurred_at": NOW, "authority_id": issued().authority_id, "application_id": issued().application_id}
    line.service.hear(ApplicationFamilyErased(event_id=UUID(int=5), **at))
    assert (line.rows(DEVICES), line.rows(REGISTRATIONS)) == (0, 0)
    assert phone.look() == []


@on_both("url")
def test_whatever_happens_in_whatever_order_every_phone_shows_the_last_state(
    url: str, apple: AppleWallet, google: GoogleWallet, issued: Callable[..., TicketIssued]
) -> None:
    """Three tickets and four phones live for a while; Apple is away now and then, phones lose and find passes."""
    for seed in range(6):
        draw = random.Random(seed)
        with push_line(f"{url}{seed}" if url.startswith("sqlite") else url, apple, google) as line:
            _live(line, draw, issued)
        if not url.startswith("sqlite"):
            break


def _live(line: Line, draw: random.Random, issued: Callable[..., TicketIssued]) -> None:
    tickets = [issued(ticket_id=UUID(int=70 + n), application_id=UUID(int=80 + n), number=n + 1) for n in range(3)]
    line.service.hear(*tickets)
    tokens = [each.pass_url.rsplit("/", 1)[1] for each in line.service.told()]
    files = [line.service.client.get(f"/v1/passes/{each}/pass.pkpass").content for each in tokens]
    phones, good = [line.phone() for _ in range(4)], [True] * 3
    for step in range(1, 41):
        line.service.time[0] += timedelta(seconds=draw.choice((0, 0, 1, 400)))
        ticket = draw.randrange(3)
        match draw.randrange(7):
            case 0 | 1:
                good[ticket] = not good[ticket]
                line.service.hear(_switched(step, tickets[ticket], good=good[ticket]))
            case 2:
                draw.choice(phones).add(files[ticket])
            case 3:
                phone = draw.choice(phones)
                if phone.passes:
                    phone.remove(draw.choice(list(phone.passes)))
            case 4:
                line.pushes.error = draw.choice((None, Unavailable(Text("weg", "away"))))
            case 5:
                files[ticket] = line.service.client.get(f"/v1/passes/{tokens[ticket]}/pass.pkpass").content
            case _:
                if line.pushes.error is None:
                    line.work()
    line.pushes.error = None
    line.service.time[0] += timedelta(hours=1)
    line.work()
    for phone in phones:
        for serial, kept in phone.passes.items():
            assert kept.shows_code is good[UUID(serial).int - 70]


def test_a_design_that_is_the_same_changes_nothing(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    design = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))
    for expected in (1, 0):
        changed = line.service.database.write_now(
            lambda store: store.set_design(issued().authority_id, design, line.service.time[0])
        )
        line.service.do(line.service.workflow.spread_remakes(100))
        line.work()
        assert (changed, phone.passes[SERIAL].fetched) == (expected, 1)
