"""Who has a pass's link prints its ticket, as long as that is good."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from shared.events import TicketIssued, TicketRevoked, TicketSuspended
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW, TicketStory

KINDS = "ticket.pdf", "card.pdf"


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_had_by_the_passs_link_and_kept_by_nobody_on_the_way(
    running: WalletService, issued: Callable[..., TicketIssued], kind: str
) -> None:
    running.hear(issued())
    address = f"/v1/passes/{running.token()}/{kind}"
    answer = running.client.get(address)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    named = answer.headers["content-disposition"]
    assert named.startswith('inline; filename="Schulticket-') and "ller" not in named
    head = running.client.head(address)
    assert (head.status_code, head.headers["content-type"]) == (200, "application/pdf")
    for language in ("de", "en"):
        page = running.client.get(f"/v1/passes/{running.token()}", params={"language": language}).text
        assert f'href="{running.token()}/{kind}"' in page
    assert running.client.get(f"/v1/passes/another/{kind}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_who_prints_gets_no_code_of_a_ticket_that_is_not_good(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked], kind: str
) -> None:
    running.hear(issued())
    address = f"/v1/passes/{running.token()}/{kind}"

    def refused(language: str) -> str:
        answer = running.client.get(address, headers={"accept-language": language})
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
        return str(answer.json()["detail"])

    story = TicketStory()
    suspended: TicketSuspended = story.suspended(1)
    running.hear(suspended)
    assert "ausgesetzt" in refused("de") and "suspended" in refused("en")
    running.hear(story.restored(2))
    assert running.client.get(address).status_code == 200
    running.time[0] = NOW + timedelta(days=260)
    assert "abgelaufen" in refused("de") and "expired" in refused("en")
    running.time[0] = NOW
    running.hear(revoked())
    assert "gesperrt" in refused("de") and "revoked" in refused("en")


def test_a_lost_ticket_is_replaced_and_its_paper_dies_while_the_same_link_prints_the_new_one(
    running: WalletService,
) -> None:
    story = TicketStory()
    running.hear(story.old())
    address = f"/v1/passes/{running.token()}/card.pdf"
    before = running.client.get(address).content
    running.hear(story.revoked(29, "changed"), story.new(), story.replaced())
    after = running.client.get(address)
    assert after.status_code == 200 and after.content != before
