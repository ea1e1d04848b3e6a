"""Pushes over real HTTP/2 with TLS and a client certificate, to a server that refuses what Apple would refuse."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shared.errors import Unavailable
from support.wallet_pass.apns_simulator import ApnsSimulator
from wallet_pass import certificates, credentials
from wallet_pass.apple.push import PushClient, RefusedPush, open_client
from wallet_pass.workflow.apple_ports import DeadPushToken

LEAF, INTERMEDIATE, KEY = certificates.LEAF, certificates.INTERMEDIATE, certificates.KEY
GARBAGE = b"\xff<html>"
SECRET = "7f" * 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of today: TLS looks at the real clock."""
    made = tmp_path_factory.mktemp("today")
    certificates.hold_ceremony(made, datetime.now(UTC))
    return made


@pytest.fixture
def apns(folder: Path, tmp_path: Path) -> Iterator[ApnsSimulator]:
    with ApnsSimulator(tmp_path, folder / certificates.ROOT) as running:
        yield running


def _push(
    apns: ApnsSimulator, folder: Path, work: Callable[[PushClient], Awaitable[None]], topic: str | None = None
) -> None:
    async def run() -> None:
        files = folder / LEAF, folder / INTERMEDIATE, folder / KEY
        async with open_client(*files, apns.ca_file) as http:
            topic_of_leaf = credentials.load_signer(folder).pass_type
            await work(PushClient(http, apns.url, topic or topic_of_leaf, lambda: datetime.now(UTC)))

    asyncio.run(run())


def test_many_are_told_over_one_connection(apns: ApnsSimulator, folder: Path) -> None:
    tokens = [apns.give_token() for _ in range(200)]

    async def work(client: PushClient) -> None:
        await client.push(tokens[0])
        await asyncio.gather(*(client.push(each) for each in tokens))

    _push(apns, folder, work)
    assert set(apns.pushed) == set(tokens)
    assert apns.connections == 1
    assert not apns.refused


def test_a_token_that_is_gone_is_told_apart_from_a_phone_that_registered_again(
    apns: ApnsSimulator, folder: Path
) -> None:
    since = datetime(2026, 11, 1, 12, tzinfo=UTC)
    token = apns.give_token()
    apns.forget(token, since)

    async def work(client: PushClient) -> None:
        with pytest.raises(DeadPushToken) as gone:
            await client.push(token)
        assert gone.value.since == since
        with pytest.raises(DeadPushToken) as unknown:
            await client.push(SECRET)
        assert unknown.value.since is None

    _push(apns, folder, work)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, b'{"reason":"TooManyRequests"}', RefusedPush),
        (500, b'{"reason":"InternalServerError"}', Unavailable),
        (503, b"", Unavailable),
        (403, b'{"reason":"BadCertificate"}', Unavailable),
        (400, b'{"reason":"BadTopic"}', RefusedPush),
        (400, GARBAGE, RefusedPush),
        (500, GARBAGE, Unavailable),
        (410, GARBAGE, DeadPushToken),
        (410, b'{"reason":"Unregistered","timestamp":1e400}', DeadPushToken),
        (410, b'{"reason":["Unregistered"],"timestamp":"yesterday"}', DeadPushToken),
        (302, b"", RefusedPush),
    ],
)
def test_whatever_it_answers_is_one_of_four_things(
    apns: ApnsSimulator, folder: Path, status: int, body: bytes, expected: type[Exception]
) -> None:
    token = apns.give_token()
    apns.fail_with = status, body

    async def work(client: PushClient) -> None:
        with pytest.raises(expected) as refused:
            await client.push(token)
        assert token not in str(refused.value)
        apns.fail_with = None
        await client.push(token)  # and the same connection goes on

    _push(apns, folder, work)


def test_it_is_away_and_comes_back(folder: Path, tmp_path: Path) -> None:
    with ApnsSimulator(tmp_path, folder / certificates.ROOT) as apns:
        token = apns.give_token()

    async def work(client: PushClient) -> None:
        with pytest.raises(Unavailable):
            await client.push(token)

    _push(apns, folder, work)


def test_a_certificate_of_somebody_else_gets_no_connection(apns: ApnsSimulator, tmp_path: Path) -> None:
    other = tmp_path / "other"
    certificates.hold_ceremony(other, datetime.now(UTC))

    async def work(client: PushClient) -> None:
        with pytest.raises(Unavailable):
            await client.push(apns.give_token())

    _push(apns, other, work)


def test_a_server_that_nobody_vouches_for_is_told_nothing(apns: ApnsSimulator, folder: Path, tmp_path: Path) -> None:
    async def run() -> None:
        files = folder / LEAF, folder / INTERMEDIATE, folder / KEY
        async with open_client(*files, None) as http:
            with pytest.raises(Unavailable):
                await PushClient(http, apns.url, "pass.test", lambda: datetime.now(UTC)).push(apns.give_token())

    asyncio.run(run())
    assert not apns.pushed


def test_another_topic_is_refused_and_nobody_is_forgotten(apns: ApnsSimulator, folder: Path) -> None:
    token = apns.give_token()

    async def work(client: PushClient) -> None:
        with pytest.raises(RefusedPush):
            await client.push(token)

    _push(apns, folder, work, topic="pass.of.another")
    assert apns.refused == {"TopicDisallowed": 1}


def test_files_that_do_not_fit_are_named(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    certificates.hold_ceremony(other, datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(ValueError, match=LEAF):
        open_client(folder / LEAF, folder / INTERMEDIATE, other / KEY, None)
    with pytest.raises(ValueError, match="no-such-file"):
        open_client(folder / LEAF, folder / INTERMEDIATE, folder / KEY, tmp_path / "no-such-file")
