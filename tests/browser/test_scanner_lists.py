"""Lists on a scanner: followed from delta to delta, kept, and nothing false, cut or unkept ever makes a ticket green."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from issuance.lists.status_list import bits_of, parse_shard, place_of
from playwright.sync_api import Page, Route
from support.making import make
from support.scanner.page import Scanner, enter, go_offline, visit
from support.scanner.service import Service


@pytest.fixture
def phone(service: Service, scanner: Scanner) -> Iterator[Page]:
    with scanner() as page:
        yield page


def answering(**what: object) -> Callable[[Route], None]:
    return lambda route: make(route.fulfill, **what)


def refresh(page: Page) -> str:
    """Ask for news, and what the page says of them."""
    page.wait_for_timeout(1200)  # the API looks into its tables once a second
    page.evaluate(
        "() => { document.getElementById('lists-problem').textContent = ''; document.getElementById('refresh').click(); }"
    )
    for _ in range(400):
        said = page.text_content("#lists-problem")
        if said:
            return str(said)
        page.wait_for_timeout(25)
    raise AssertionError("the page has not refreshed")


def test_news_come_as_deltas_and_where_the_chain_breaks_as_the_snapshot(service: Service, phone: Page) -> None:
    ticket = service.ticket()
    code = service.sign(ticket).qr
    service.publish_status(ticket)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url.rpartition("/v1/")[2]))

    def news() -> list[str]:
        found = [re.sub(r"^status-lists/\d+-\d+/?", "", one) for one in asked if re.match(r"status-lists/\d", one)]
        asked.clear()
        return found

    visit(phone, service)
    assert enter(phone, code)["colour"] == "green" and news() == ["snapshot"]
    assert refresh(phone) == "alles in Ordnung" and news() == []
    service.publish_status(ticket, revoked=True)
    refresh(phone)
    assert enter(phone, code)["colour"] == "red" and news() == ["deltas?since=1"]
    # a chain that does not reach back, one that was altered: the snapshot stands in
    service.publish_status(ticket)
    phone.route("**/deltas?*", lambda route: route.fulfill(status=404))
    assert refresh(phone) == "alles in Ordnung" and news() == ["deltas?since=2", "snapshot"]
    assert enter(phone, code)["colour"] == "green"
    service.publish_status(ticket, revoked=True)
    phone.unroute("**/deltas?*")

    def alter(route: Route) -> None:
        data = bytearray(route.fetch().body())
        data[len(data) // 2] ^= 1
        route.fulfill(status=200, body=bytes(data))

    phone.route("**/deltas?*", alter)
    assert refresh(phone) == "alles in Ordnung" and news() == ["deltas?since=3", "snapshot"]
    assert enter(phone, code)["colour"] == "red"


def test_a_service_that_goes_back_or_tells_another_history_is_told_and_not_believed(
    service: Service, phone: Page
) -> None:
    ticket = service.ticket()
    code = service.sign(ticket).qr
    service.publish_status(ticket)
    service.publish_status(ticket, revoked=True)
    visit(phone, service)
    assert enter(phone, code)["colour"] == "red"
    [name] = service.states
    for version, words in ((1, "ältere Liste"), (2, "zwei Listen")):
        data = service.forms(parse_shard(name), version, bits_of([place_of(ticket.number) ^ 1]), timedelta(0))[
            "snapshot"
        ]
        phone.route("**/snapshot", answering(status=200, body=data))
        phone.route("**/deltas?*", answering(status=404))
        phone.route("**/v1/status-lists", answering(json={"shards": [name], "versions": {name: -version}}))
        assert words in refresh(phone)
        assert enter(phone, code)["colour"] == "red"
        phone.unroute_all()


def test_what_was_interrupted_or_cut_changes_nothing_and_is_told(service: Service, phone: Page) -> None:
    ticket = service.ticket()
    code = service.sign(ticket).qr
    service.publish_status(ticket)
    visit(phone, service)
    service.publish_status(ticket, revoked=True)
    phone.route("**/deltas?*", lambda route: route.abort("connectionreset"))
    assert refresh(phone).startswith("Kein Netz")
    phone.unroute_all()

    def cut(route: Route) -> None:
        route.fulfill(status=200, body=route.fetch().body()[:-7])

    phone.route("**/deltas?*", cut)
    phone.route("**/snapshot", cut)
    refresh(phone)
    assert "not_cbor" in phone.inner_text("#lists-code")
    assert enter(phone, code)["colour"] == "green"  # by lists that are minutes old, and their age is shown
    assert "unter 1\u00a0Std. alt" in phone.inner_text("#fact-lists")
    phone.unroute_all()
    refresh(phone)
    assert enter(phone, code)["colour"] == "red"


def test_a_full_storage_is_told_and_one_that_was_cleared_or_spoiled_shows_amber(service: Service, phone: Page) -> None:
    ticket = service.ticket()
    code = service.sign(ticket).qr
    service.publish_status(ticket)
    phone.goto(f"{service.url}/scan")
    phone.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    assert "Speicher dieses Geräts ist voll" in refresh(phone)
    assert enter(phone, code)["colour"] == "green"
    phone.click("#next")
    phone.click("#open-log")
    phone.wait_for_selector("#log li")  # the log too lives on, while the page is open
    visit(phone, service)
    phone.evaluate(
        """async () => {
          const open = indexedDB.open('schulticket-scanner');
          await new Promise((done) => { open.onsuccess = done; });
          const step = open.result.transaction('kept', 'readwrite');
          const kept = await new Promise((done) => {
            const asked = step.objectStore('kept').get('lists');
            asked.onsuccess = () => done(asked.result);
          });
          for (const one of kept.raw.statuses.values()) one.snapshot[90] ^= 1;
          step.objectStore('kept').put(kept, 'lists');
          await new Promise((done) => { step.oncomplete = done; });
        }"""
    )
    go_offline(phone, service)
    assert enter(phone, code)["colour"] == "amber"
