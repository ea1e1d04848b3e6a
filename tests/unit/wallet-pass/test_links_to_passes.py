"""A link leads to its pass until it ends; then it says as little as one that nobody ever had."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from shared.events import Event, TicketIssued, TicketRevoked
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import NEW, NOW, OLD, TicketStory, link_changed
from wallet_pass.domain.links import Links
from wallet_pass.domain.passes import PassToken

FILES = (
    "", "/pass.pkpass", "/ticket.png", "/ticket-qr.png", "/ticket-qr-paper.png", "/ticket.pdf", "/card.pdf",
    "/google.json", "/google.jwt",
)  # fmt: skip
GUESSED = "AAAAAAAAAAAAAAAAAAAAAA"
CHANGING = ("date", "x-request-id", "instance")


def newest(running: WalletService) -> str:
    return running.told()[-1].pass_url.rsplit("/", 1)[1]


def said(running: WalletService, token: str, file: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """All that an answer says, without the token itself."""
    answer: httpx.Response = running.client.request(method, f"/v1/passes/{token}{file}")
    headers = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    return answer.status_code, answer.text.replace(token, "TOKEN"), headers


def leads_nowhere(running: WalletService, token: str) -> None:
    """Status, text and headers are those of a guessed link, at each of its addresses."""
    for file in FILES:
        for method in ("GET", "HEAD"):
            assert said(running, token, file, method) == said(running, GUESSED, file, method), (file, method)
            assert said(running, token, file, method)[0] == 404


def rows_of(running: WalletService, table: str) -> Sequence[object]:
    query: sa.Select[tuple[object, ...]] = sa.select(sa.literal_column("*")).select_from(sa.table(table))
    return running.database.read_now(lambda store: store.session.execute(query).all())


@pytest.fixture
def lost(running: WalletService) -> WalletService:
    story = TicketStory()
    running.hear(story.old())
    running.hear(story.new("lost"))
    return running


def test_after_a_loss_the_old_link_says_nothing(lost: WalletService) -> None:
    old, new = (each.pass_url.rsplit("/", 1)[1] for each in lost.told())
    leads_nowhere(lost, old)
    assert lost.client.get(f"/v1/passes/{new}").status_code == 200


def test_after_a_loss_it_says_nothing_whichever_news_comes_first(running: WalletService) -> None:
    story = TicketStory()
    running.hear(story.old())
    old = running.token()
    running.hear(story.revoked(30, "lost"))
    leads_nowhere(running, old)
    running.hear(story.new("lost"), story.replaced(because="lost"))
    leads_nowhere(running, old)


def test_an_ended_link_says_nothing_and_is_renewed_under_another_address(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())
    first = newest(running)
    running.hear(link_changed(1, ended=True))
    leads_nowhere(running, first)
    assert len(running.told()) == 1, "an address that leads nowhere is told to nobody"
    running.hear(link_changed(2, ended=False))
    second = newest(running)
    assert second != first
    assert running.told()[-1].link == 2
    leads_nowhere(running, first)
    page = running.client.get(f"/v1/passes/{second}")
    assert page.status_code == 200
    assert first not in page.text


def test_a_renewed_link_stands_in_the_pass_and_phones_are_to_fetch_it(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())
    before = pass_json(running.client.get(f"/v1/passes/{newest(running)}/pass.pkpass").content)
    running.time[0] += timedelta(minutes=1)
    running.hear(link_changed(1, ended=False))
    after = pass_json(running.client.get(f"/v1/passes/{newest(running)}/pass.pkpass").content)
    assert after["serialNumber"] == before["serialNumber"]
    assert newest(running) in str(after)


def test_a_link_ends_by_itself(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    running.hear(issued(valid_until=NOW + timedelta(days=1000)))
    token = newest(running)
    running.time[0] = NOW + timedelta(days=399)
    assert running.client.get(f"/v1/passes/{token}").status_code == 200
    running.time[0] = NOW + timedelta(days=401)
    leads_nowhere(running, token)
    running.hear(link_changed(1, ended=False))
    assert running.client.get(f"/v1/passes/{newest(running)}").status_code == 200


@pytest.mark.parametrize("days", [29, 31])
def test_a_month_after_the_end_or_the_revocation_a_link_says_nothing_more(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked], days: int
) -> None:
    expected = 200 if days < 30 else 404
    running.hear(issued(valid_until=NOW + timedelta(days=10)))
    running.time[0] = NOW + timedelta(days=10 + days)
    assert running.client.get(f"/v1/passes/{running.token()}").status_code == expected
    running.time[0] = NOW
    running.hear(revoked())
    running.time[0] = NOW + timedelta(days=days)
    assert running.client.get(f"/v1/passes/{running.token()}").status_code == expected


@pytest.mark.parametrize("days", [29, 31])
def test_a_month_after_a_grant_that_ended_early_too(running: WalletService, days: int) -> None:
    running.hear(TicketStory().old(), TicketStory().ends(1, 1, NOW.date() + timedelta(days=10)))
    running.time[0] = NOW + timedelta(days=10 + days)
    expected = 200 if days < 30 else 404
    assert running.client.get(f"/v1/passes/{running.token()}").status_code == expected


@pytest.mark.parametrize("seed", range(12))
def test_the_familys_last_act_counts_in_whatever_order_and_however_often_it_is_told(
    running: WalletService, seed: int
) -> None:
    chance = random.Random(seed)
    acts = [(number, chance.random() < 0.5) for number in range(1, chance.randint(2, 5))]
    events: list[Event] = [link_changed(number, ended=ended) for number, ended in acts]
    events.append(TicketStory().old())
    chance.shuffle(events)
    for event in events + chance.sample(events, 1):
        running.hear(event)
    number, ended = max(acts)
    links = {f"renewed-{each:06d}-{OLD.hex[-7:]}" for each, _ in acts} | {"token-number-000000001"}
    good = {each for each in links if running.client.get(f"/v1/passes/{each}").status_code == 200}
    assert good == (set() if ended else {f"renewed-{number:06d}-{OLD.hex[-7:]}"})


def test_a_link_of_a_ticket_that_was_changed_in_place_is_ended_too(running: WalletService) -> None:
    story = TicketStory()
    running.hear(story.old())
    running.hear(story.new("changed"))
    token = newest(running)
    running.hear(link_changed(1, ended=True, ticket=OLD))
    leads_nowhere(running, token)
    running.hear(link_changed(2, ended=False, ticket=NEW))
    assert running.client.get(f"/v1/passes/{newest(running)}").status_code == 200


def test_nothing_of_an_ended_link_is_kept_in_clear(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    running.hear(issued())
    token = newest(running)
    running.hear(link_changed(1, ended=True))
    for table in ("pass", "ended_link", "ticket_told", "audit_act"):
        assert token not in str(rows_of(running, table)), table
    assert len(rows_of(running, "ended_link")) == 1


@given(key=st.binary(min_size=32, max_size=32), ticket=st.uuids(), one=st.integers(0, 99), other=st.integers(0, 99))
def test_links_of_other_numbers_are_others_and_each_can_be_made_again(
    key: bytes, ticket: UUID, one: int, other: int
) -> None:
    links = Links(key)
    assert (links.renewed_token(ticket, one) == links.renewed_token(ticket, other)) is (one == other)
    assert links.renewed_token(ticket, 0) == links.pass_token(ticket)
    assert len(PassToken(links.renewed_token(ticket, one))) == 22


@pytest.mark.parametrize("file", FILES)
def test_head_says_what_get_says_without_the_content(
    running: WalletService, issued: Callable[..., TicketIssued], file: str
) -> None:
    running.hear(issued())
    got, asked = (running.client.request(each, f"/v1/passes/{running.token()}{file}") for each in ("GET", "HEAD"))
    assert asked.status_code == got.status_code == 200
    assert asked.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(("asked", "prefers", "expected"), [
    ("fr", "en", "en"), ("fr", "de", "de"), ("", "en", "en"), ("x" * 5000, "de", "de"), ("DE", "en", "en"),
])  # fmt: skip
def test_a_language_that_we_do_not_speak_is_as_if_none_were_asked_for(
    running: WalletService, issued: Callable[..., TicketIssued], asked: str, prefers: str, expected: str
) -> None:
    running.hear(issued())
    answer = running.client.get(f"/v1/passes/{running.token()}?language={asked}", headers={"accept-language": prefers})
    assert (answer.status_code, answer.headers["content-language"]) == (200, expected)
