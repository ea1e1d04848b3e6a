"""After a loss a stranger may have the link: it leads nowhere, whatever is told of ticket and link, in whatever order."""

import random
from itertools import permutations
from uuid import UUID

import pytest
from shared.events import Event, TicketIssued
from support.wallet_pass.phone_simulator import Phone
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import (
    NEW,
    NEWEST,
    NEWEST_VDV,
    OLD,
    TicketStory,
    about,
    issued,
    link_changed,
)

STORY = TicketStory()


def answers(running: WalletService, ticket: UUID) -> int | None:
    """How the page of this ticket's pass answers; None: it has none, or another ticket has taken it over."""
    token = running.database.read_now(lambda tables: tables.token_of(ticket))
    return None if token is None else int(running.client.get(f"/v1/passes/{token}").status_code)


def third(because: str) -> TicketIssued:
    told = about(60, NEWEST) | {"number": 3000002, "replaces": NEW, "replaces_because": because}
    return issued(**told, vdv=NEWEST_VDV)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_news_of_a_loss_may_come_in_any_order(running: WalletService, order: tuple[int, ...]) -> None:
    news = [STORY.old(), STORY.revoked(30, "lost"), STORY.new("lost"), STORY.replaced(because="lost")]
    for place in order:
        running.hear(news[place])
    assert answers(running, OLD) in (None, 404)
    assert answers(running, NEW) == 200


def test_a_ticket_that_is_lost_after_it_was_revoked_is_lost(running: WalletService) -> None:
    for event in (STORY.old(), STORY.revoked(10, "notice"), STORY.revoked(30, "lost"), STORY.revoked(30, "lost")):
        running.hear(event)
    assert answers(running, OLD) == 404


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_act_of_the_family_that_comes_late_opens_no_link_of_a_lost_ticket(
    running: WalletService, order: tuple[int, ...], ended: bool
) -> None:
    running.hear(STORY.old())
    phone = Phone(running.client.request, "ab" * 32)
    phone.add(running.client.get(f"/v1/passes/{running.token()}/pass.pkpass").content)
    news = [STORY.revoked(30, "lost"), link_changed(1, ended=True), link_changed(2, ended=ended)]
    for place in order:
        running.hear(news[place])
    running.hear(STORY.new("lost"))
    running.do(running.workflow.remake())
    assert answers(running, OLD) == 404
    assert answers(running, NEW) == 200
    phone.look()
    assert phone.passes[str(OLD)].is_void, "the phone hears of it all the same"


def test_a_pass_that_waits_for_a_ticket_that_is_lost_already_is_lost_with_it(running: WalletService) -> None:
    for event in (STORY.old(), STORY.revoked(20, "changed"), STORY.revoked(40, "lost", NEW), third("lost")):
        running.hear(event)
    running.hear(STORY.new("changed"))
    assert answers(running, OLD) in (None, 404)
    assert answers(running, NEW) in (None, 404)
    assert answers(running, NEWEST) == 200


def test_an_address_that_leads_nowhere_is_told_to_nobody(running: WalletService) -> None:
    running.hear(STORY.revoked(30, "lost"))
    running.hear(STORY.old())
    running.hear(STORY.old())
    assert running.told() == []


@pytest.mark.parametrize("ended", [False, True])
def test_an_act_of_before_a_loss_that_is_told_again_leaves_the_new_link_alone(
    running: WalletService, ended: bool
) -> None:
    for event in (STORY.old(), link_changed(1, ended=ended), STORY.new("changed"), STORY.revoked(60, "lost", NEW)):
        running.hear(event)
    running.hear(third("lost"))
    address = running.told()[-1].pass_url
    running.hear(link_changed(1, ended=ended))
    assert running.told()[-1].pass_url == address
    assert answers(running, NEWEST) == 200


@pytest.mark.parametrize("seed", range(20))
def test_in_random_order_the_lost_link_is_closed_and_the_good_one_open(running: WalletService, seed: int) -> None:
    chance = random.Random(seed)
    because = chance.choice(("lost", "changed"))
    news: list[Event] = [
        STORY.old(), STORY.revoked(30, because), STORY.new(because), STORY.replaced(because=because),
        STORY.revoked(60, "lost", NEW), third("lost"), STORY.replaced(60, "lost", NEWEST, NEW),
        link_changed(1, ended=chance.random() < 0.5), link_changed(2, ended=chance.random() < 0.5),
    ]  # fmt: skip
    news += chance.sample(news, 3)
    chance.shuffle(news)
    for event in news:
        running.hear(event)
    assert answers(running, NEW) in (None, 404)
    if because == "lost":
        assert answers(running, OLD) in (None, 404)
    assert answers(running, NEWEST) == 200
    assert all(each.link < 2**31 - 1 for each in running.told())
