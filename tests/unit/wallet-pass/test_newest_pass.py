"""A phone fetches its pass: sent where it is newer than the phone's, and the same update twice is one."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from shared.events import TicketIssued, TicketRevoked
from support.json import text
from support.wallet_pass.service import WalletService, pass_json
from support.wallet_pass.tickets import TicketStory

SERIAL = "00000000-0000-0000-0000-000000000007"


def _fetch(service: WalletService, since: str | None = None) -> tuple[int, bytes, str]:
    package = service.client.get(f"/v1/passes/{service.token()}/pass.pkpass").content
    document = pass_json(package)
    headers = {"Authorization": f"ApplePass {text(document['authenticationToken'])}"}
    headers |= {} if since is None else {"If-Modified-Since": since}
    answer = service.client.get(f"/apple/v1/passes/{text(document['passTypeIdentifier'])}/{SERIAL}", headers=headers)
    return answer.status_code, answer.content, answer.headers["last-modified"]


def test_it_is_sent_where_it_has_changed_since_and_not_else(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())
    status, package, modified = _fetch(running)
    assert (status, len(package) > 1000) == (200, True)
    assert _fetch(running, modified) == (304, b"", modified)
    running.hear(TicketStory().suspended(2))
    status, newer, later = _fetch(running, modified)
    assert status == 200 and newer != package and later != modified, "a second change in the same second too"
    assert _fetch(running, later) == (304, b"", later)


@pytest.mark.parametrize("seconds", [-3600, -1, 0, 1, 3600])
def test_any_moment_is_compared_with_that_of_the_change(
    running: WalletService, issued: Callable[..., TicketIssued], seconds: int
) -> None:
    running.hear(issued())
    asked = running.time[0].replace(microsecond=0) + timedelta(seconds=seconds)
    assert _fetch(running, format_datetime(asked, usegmt=True))[0] == (200 if seconds < 0 else 304)


@pytest.mark.parametrize(
    "since",
    ["", "yesterday", "1793000000", "Mon, 99 Nov 2026 09:30:00 GMT", "Mon, 23 Nov 9999999 09:30:00 GMT", "x" * 500],
)
def test_a_moment_that_is_none_brings_the_pass(
    running: WalletService, issued: Callable[..., TicketIssued], since: str
) -> None:
    running.hear(issued())
    assert _fetch(running, since)[0] == 200


def test_the_same_update_twice_changes_nothing(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    story = TicketStory()
    for event in (issued(), story.suspended(2), story.restored(3), story.renewed(4, b"\x9e\x81\x80new"), revoked()):
        running.hear(event)
        while running.do(running.workflow.remake()):
            pass
        told = _fetch(running)
        running.time[0] += timedelta(minutes=1)
        running.hear(event)
        assert running.do(running.workflow.remake()) == 0, "nothing is signed anew"
        assert _fetch(running) == told
        assert _fetch(running, told[2])[0] == 304
