"""Suspended, restored, signed anew, replaced: what page, Apple's and Google's pass show, in whatever order it is heard."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from shared.bus.topology import durables_of
from shared.calendar import BERLIN
from shared.database import Database
from shared.database.engine import open_engine
from shared.database.migration import configuration
from support.databases import on_both, owner_of, upgrade_at
from support.json import Json, flag, text
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import AUTHENTICATION, NEW, NEW_VDV, NEWEST, NEWEST_VDV, OLD, OLD_VDV, TicketStory
from wallet_pass.certificates import TEST_PASS_TYPE
from wallet_pass.consumer import handlers
from wallet_pass.domain.passes import Pass
from wallet_pass.store import PassStore
from wallet_pass.workflow.phones import PassReference

JANUARY, MAY = date(2027, 1, 31), date(2027, 5, 31)
BOTH_DATABASES = on_both("url")


@pytest.fixture
def told() -> TicketStory:
    return TicketStory()


def addresses(running: WalletService) -> dict[UUID, str]:
    """Ticket -> the token that its family was told last."""
    return {ready.ticket_id: ready.pass_url.rsplit("/", 1)[1] for ready in running.told()}


def apple(running: WalletService, token: str) -> Json:
    return pass_json(running.client.get(f"/v1/passes/{token}/pass.pkpass").content)


def google(running: WalletService, token: str) -> Json:
    document: Json = running.client.get(f"/v1/passes/{token}/google.json").json()["object"]
    return document


def codes(running: WalletService, token: str) -> list[bytes]:
    return [text(each["message"]).encode("iso-8859-1") for each in apple(running, token).get("barcodes", [])]


def test_a_suspended_ticket_says_so_everywhere_and_shows_no_barcode(running: WalletService, told: TicketStory) -> None:
    running.hear(told.old())
    running.hear(told.suspended(10))
    token = running.token()
    page = running.client.get(f"/v1/passes/{token}").text
    assert "Dieses Ticket ist ausgesetzt." in page
    assert "pass.pkpass" not in page
    assert "ticket.png" not in page
    english = running.client.get(f"/v1/passes/{token}", headers={"accept-language": "en"}).text
    assert "This ticket is suspended." in english
    document = apple(running, token)
    assert "barcodes" not in document
    assert "voided" not in document  # Wallet would put it among the expired passes
    assert document["generic"]["headerFields"] == [{"key": "void", "label": "Status", "value": "Ausgesetzt"}]
    assert google(running, token)["state"] == "INACTIVE"
    for name in ("ticket.png", "ticket-qr.png", "ticket-qr-paper.png", "google.jwt"):
        assert running.client.get(f"/v1/passes/{token}/{name}").status_code == 404


def test_a_restored_ticket_is_as_before_and_told_as_ready_again(running: WalletService, told: TicketStory) -> None:
    running.hear(told.old())
    token = running.token()
    before = apple(running, token), google(running, token)
    running.hear(told.suspended(10))
    assert len(running.told()) == 1
    running.hear(told.restored(20))
    assert (apple(running, token), google(running, token)) == before
    assert [ready.pass_url for ready in running.told()] == [running.told()[0].pass_url] * 2


def test_a_phone_fetches_each_state_anew(running: WalletService, told: TicketStory) -> None:
    path = f"/apple/v1/passes/pass.de.schulticket.test/{OLD}"
    headers = {"authorization": "ApplePass secret-of-22-characters"}
    running.hear(told.old())
    for event in (told.suspended(10), told.restored(20), told.renewed(25, NEW_VDV), told.revoked(30, "fraud")):
        known = running.client.get(path, headers=headers).headers["last-modified"]
        assert running.client.get(path, headers=headers | {"if-modified-since": known}).status_code == 304
        running.hear(event)
        assert running.client.get(path, headers=headers | {"if-modified-since": known}).status_code == 200


def test_a_changed_ticket_takes_over_the_pass_that_the_family_has(running: WalletService, told: TicketStory) -> None:
    running.hear(told.old())
    token = running.token()
    before = apple(running, token)
    running.hear(told.new(), told.revoked(30, "changed"), told.replaced())
    assert addresses(running) == {OLD: token, NEW: token}
    after = apple(running, token)
    assert codes(running, token) == [NEW_VDV]
    assert after["serialNumber"] == before["serialNumber"] == str(OLD)
    assert after["authenticationToken"] == before["authenticationToken"]
    assert text(google(running, token)["id"]).endswith(str(OLD))
    assert google(running, token)["state"] == "ACTIVE"
    headers = {"authorization": "ApplePass secret-of-22-characters"}
    for ticket, answer in ((OLD, 200), (NEW, 401)):
        path = f"/apple/v1/passes/pass.de.schulticket.test/{ticket}"
        assert running.client.get(path, headers=headers).status_code == answer
    assert "3000001" in running.client.get(f"/v1/passes/{token}").text


def test_a_ticket_of_the_next_grant_comes_back_under_the_address_whose_ticket_died_with_the_grant_before(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    token = running.token()
    running.hear(told.revoked(20, "notice"))
    assert "pass.pkpass" not in running.client.get(f"/v1/passes/{token}").text
    running.hear(told.new(because="changed"), told.replaced())
    assert addresses(running) == {OLD: token, NEW: token} and codes(running, token) == [NEW_VDV]
    assert "pass.pkpass" in running.client.get(f"/v1/passes/{token}").text


def test_after_a_loss_nobody_who_holds_the_old_pass_gets_the_new_ticket(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    running.hear(told.revoked(20, "lost"))
    running.hear(told.new("lost"), told.replaced(30, "lost"))
    old, new = addresses(running)[OLD], addresses(running)[NEW]
    assert old != new
    on_the_lost_phone = pass_json(
        running.do(running.workflow.package_for_phone(PassReference(TEST_PASS_TYPE, OLD, AUTHENTICATION), None))[0]
        or b""
    )
    assert flag(on_the_lost_phone["voided"])
    assert "barcodes" not in on_the_lost_phone
    assert codes(running, new) == [NEW_VDV]
    assert apple(running, new)["serialNumber"] == str(NEW)
    page = running.client.get(f"/v1/passes/{old}").text
    assert "Kein Ticket gefunden" in page
    assert new not in page
    assert "3000001" not in page


def test_another_product_is_another_pass_because_google_keeps_an_object_in_its_class(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    running.hear(told.new(product=9999), told.revoked(30, "changed"), told.replaced())
    old, new = addresses(running)[OLD], addresses(running)[NEW]
    assert old != new
    assert flag(apple(running, old)["voided"])
    assert codes(running, new) == [NEW_VDV]


def test_a_ticket_of_a_sender_that_does_not_say_what_it_replaces_gets_a_pass_of_its_own(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    running.hear(told.new(replaces=None, because=""), told.replaced())
    assert codes(running, addresses(running)[OLD]) == []
    assert codes(running, addresses(running)[NEW]) == [NEW_VDV]


def test_a_step_of_a_key_that_was_stolen_earlier_does_not_bring_its_codes_back(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    running.hear(told.renewed(20, NEWEST_VDV))
    running.hear(told.renewed(10, NEW_VDV))
    assert codes(running, running.token()) == [NEWEST_VDV]


def test_codes_that_overtook_their_ticket_wait_only_until_it_comes(running: WalletService, told: TicketStory) -> None:
    running.hear(told.renewed(10, NEW_VDV))
    running.hear(told.old())
    assert codes(running, running.token()) == [NEW_VDV]
    assert running.database.read_now(lambda store: store.ticket_state(OLD).vdv) is None


def test_where_the_grant_ends_before_what_is_signed_page_and_wallets_say_both_days_and_then_that_it_is_over(
    running: WalletService, told: TicketStory
) -> None:
    running.hear(told.old())
    token = running.token()
    running.hear(told.ends(10, 2, JANUARY))
    assert len(running.told()) == 1, "the family hears of it by the notice"
    page = unescape(running.client.get(f"/v1/passes/{token}").text)
    assert "Auf dem Ticket steht „gültig bis 31.07.2027“. Die Bewilligung endet aber am 31.01.2027" in page
    assert "<dd>31.07.2027<br>endet aber am 31.01.2027</dd>" in page and "pass.pkpass" in page
    english = running.client.get(f"/v1/passes/{token}?language=en").text
    assert "31 July 2027" in english and "the grant ends on 31 January 2027" in english
    document, back = apple(running, token), apple(running, token)["generic"]["backFields"]
    assert document["expirationDate"] == "2027-01-31T23:59:58+01:00"
    assert document["generic"]["headerFields"][0]["value"] == "31.01.2027"
    assert any("31.07.2027" in each["value"] and "31.01.2027" in each["value"] for each in back)
    assert google(running, token)["validTimeInterval"]["end"]["date"] == "2027-01-31T23:59:58+01:00"
    assert codes(running, token) == [OLD_VDV]
    running.time[0] = datetime(2027, 2, 1, 0, 0, 1, tzinfo=BERLIN)
    over = running.client.get(f"/v1/passes/{token}").text
    assert "Das Ticket galt bis" in over and "31.07.2027." not in over and "ticket.png" not in over
    running.time[0] = told.old().occurred_at
    running.hear(told.ends(20, 3, None))
    page = running.client.get(f"/v1/passes/{token}").text
    assert "endet aber" not in page and text(apple(running, token)["expirationDate"]).startswith("2027-07-31")


@pytest.mark.parametrize(
    ("url", "seed"), [*(("sqlite", seed) for seed in range(6)), ("postgresql", 6), ("postgresql", 7)], indirect=["url"]
)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_in_any_order_and_however_often_only_the_newest_ticket_is_good(
    running: WalletService, told: TicketStory, seed: int, in_one_batch: bool
) -> None:
    life = [
        told.old(), told.suspended(10), told.restored(15), told.renewed(20, OLD_VDV + b"x"), told.new(),
        told.revoked(30, "changed"), told.replaced(), told.suspended(40, NEW), told.newest(),
        told.revoked(60, "changed", NEW), told.replaced(60, "changed", NEWEST, NEW), told.suspended(70, NEWEST),
        told.restored(80, NEWEST), told.ends(65, 2, MAY, NEWEST), told.ends(66, 3, None, NEWEST),
        told.ends(67, 4, JANUARY, NEWEST), told.ends(12, 3, MAY),
    ]  # fmt: skip
    mixed = [*life, *(event.model_copy(update={"event_id": uuid4()}) for event in life)]
    random.Random(seed).shuffle(mixed)
    for batch in [mixed] if in_one_batch else [[event] for event in mixed]:
        running.hear(*batch)
    assert codes(running, addresses(running)[NEWEST]) == [NEWEST_VDV]
    query = sa.text("SELECT ticket_id FROM pass WHERE revoked_at IS NULL AND NOT suspended")
    good = running.database.read_now(lambda store: store.session.execute(query).scalars().all())
    assert [UUID(str(each)) for each in good] == [NEWEST]
    newest = running.database.read_now(lambda store: store.by_ticket(NEWEST))
    assert newest is not None and newest.wallet_pass.early_end == JANUARY


@BOTH_DATABASES
@pytest.mark.parametrize("seed", range(2))
def test_in_any_order_a_lost_ticket_stays_void_and_its_successor_good(
    running: WalletService, told: TicketStory, seed: int
) -> None:
    life = [
        told.old(), told.suspended(5), told.revoked(20, "lost"), told.new("lost"), told.replaced(30, "lost"),
        told.suspended(40, NEW), told.restored(50, NEW),
    ]  # fmt: skip
    mixed = [*life, *life]
    random.Random(seed).shuffle(mixed)
    for event in mixed:
        running.hear(event)
    assert codes(running, addresses(running)[NEW]) == [NEW_VDV]
    if OLD in addresses(running):
        assert codes(running, addresses(running)[OLD]) == []


def test_every_kind_that_the_topology_brings_has_a_handler(running: WalletService) -> None:
    brought = {kind for durable in durables_of("wallet-pass") for kind in durable.kinds}
    assert brought == {event.subject.rsplit(".", 1)[0] for event in handlers(running.workflow)}


@BOTH_DATABASES
def test_passes_and_early_revocations_of_before_are_kept(
    url: str, make_pass: Callable[..., Pass], now: datetime
) -> None:
    configured = configuration(owner_of(url), "wallet_pass")
    command.upgrade(configured, "0001")
    engine, ticket = open_engine(owner_of(url), connections=1), make_pass().ticket
    row = vars(ticket) | {"token": "t", "authentication_token": "a", "changed_at": now, "package_due": False}
    with engine.begin() as connection:
        for name, values in (("pass", row | {"google": "told"}), ("early_revocation", {"revoked_at": now})):
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            # SQLite's own tables do not say that 32 characters are a UUID
            ids = {"ticket_id": ticket.ticket_id, "application_id": ticket.application_id}
            is_text = not isinstance(table.c.ticket_id.type, sa.Uuid)
            values |= {key: each.hex if is_text else each for key, each in ids.items() if key in table.c}
            connection.execute(table.insert(), values)
    engine.dispose()
    upgrade_at(url, "wallet_pass")
    database = Database(url, PassStore)
    kept = database.read_now(lambda store: store.by_serial(ticket.ticket_id))
    assert kept is not None and kept.wallet_pass.serial_number == str(ticket.ticket_id)
    before = kept.wallet_pass
    assert before.suspended is False
    told = database.read_now(lambda store: store.ticket_state(ticket.ticket_id))
    assert (told.revoked_at, told.replaced, told.suspended) == (now, False, False)
    database.write_now(lambda store: store.keep_ticket_state(replace(told, replaced=True, switched_at=now)))
    assert database.read_now(lambda store: store.ticket_state(ticket.ticket_id)).replaced is True
    database.write_now(lambda store: store.change(before.taken_over(replace(ticket, ticket_id=NEW), now)))
    heir = database.read_now(lambda store: store.by_ticket(NEW))
    assert heir is not None and heir.wallet_pass.serial_number == str(ticket.ticket_id)
    database.close()
