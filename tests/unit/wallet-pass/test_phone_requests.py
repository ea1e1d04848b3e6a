"""What phones ask, and what anybody else asks in their place: one answer to all that is foreign, a bound to all that is kept."""

import json
from collections.abc import Callable
from unittest.mock import patch
from uuid import UUID

import pytest
from shared.events import TicketIssued
from support.wallet_pass.phone_simulator import KeptPass
from support.wallet_pass.push_line import FIRST, SERIAL, Line
from wallet_pass.domain.devices import MOST_DEVICES
from wallet_pass.store.tables import DEVICES


def _kept(line: Line) -> KeptPass:
    phone = line.phone()
    phone.add(line.package())
    return phone.passes[SERIAL]


def test_a_foreign_token_costs_no_transaction_that_writes(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    path = f"/apple/v1/devices/d1/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
    with patch.object(line.service.database, "write", side_effect=AssertionError("written")):
        for method, content in (("POST", b'{"pushToken": "' + FIRST.encode() + b'"}'), ("DELETE", None)):
            headers = {"Authorization": "ApplePass wrong", "Content-Type": "application/json"}
            answer = line.service.client.request(method, path, headers=headers, content=content)
            assert answer.status_code == 401


def test_unknown_and_foreign_get_one_answer(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    token, pass_type = kept.document["authenticationToken"], kept.document["passTypeIdentifier"]
    right, json_body = f"ApplePass {token}", {"Content-Type": "application/json"}
    tried = [
        (pass_type, SERIAL, "ApplePass wrong"),
        (pass_type, SERIAL, f"Bearer {token}"),
        (pass_type, SERIAL, ""),
        (pass_type, SERIAL, f"{right}x"),
        (pass_type, str(UUID(int=99)), right),
        (pass_type, "no-uuid", right),
        ("pass.of.another", SERIAL, right),
    ]
    answers = set()
    for named_type, serial, shown in tried:
        for root in ("/apple/v1", "/apple//v1"):
            one = f"{root}/devices/d1/registrations/{named_type}/{serial}"
            body = json.dumps({"pushToken": FIRST}).encode()
            for method, path, content in (
                ("POST", one, body), ("DELETE", one, None), ("GET", f"{root}/passes/{named_type}/{serial}", None),
            ):  # fmt: skip
                answer = line.service.client.request(
                    method, path, headers={"Authorization": shown} | json_body, content=content
                )
                answers.add((answer.status_code, answer.content, answer.headers.get("www-authenticate")))
    assert answers == {(401, b"", "ApplePass")}
    lists = {
        line.service.client.get(f"/apple/v1/devices/{device}/registrations/{named}").status_code
        for device, named in (("unknown", pass_type), ("d1", pass_type), ("unknown", "pass.of.another"))
    }
    assert lists == {204}


def test_one_device_and_one_pass_have_a_bound(line: Line, issued: Callable[..., TicketIssued]) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    headers = {"Authorization": f"ApplePass {kept.document['authenticationToken']}"}

    def register(device: str) -> int:
        path = f"/apple/v1/devices/{device}/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
        status: int = line.service.client.post(path, headers=headers, json={"pushToken": FIRST}).status_code
        return status

    answers = [register(f"device-{place}") for place in range(MOST_DEVICES + 3)]
    assert answers == [201] * (MOST_DEVICES - 1) + [409] * 4
    assert register("device-0") == 200
    assert line.rows(DEVICES) == MOST_DEVICES


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"pushToken": 5}', b'{"pushToken": "zz"}', b'{"pushToken": "' + b"a" * 201 + b'"}', b"\xff"],
)
def test_a_registration_that_is_none_is_refused(line: Line, issued: Callable[..., TicketIssued], body: bytes) -> None:
    line.service.hear(issued())
    kept = _kept(line)
    headers = {"Authorization": f"ApplePass {kept.document['authenticationToken']}"}
    path = f"/apple/v1/devices/d1/registrations/{kept.document['passTypeIdentifier']}/{SERIAL}"
    assert line.service.client.post(path, headers=headers, content=body).status_code in (400, 422)


@pytest.mark.parametrize("tag", ["", "0", "garbage", "-1", "9" * 18, "٣", "9" * 100, "1.5"])
def test_any_tag_is_answered(line: Line, issued: Callable[..., TicketIssued], tag: str) -> None:
    line.service.hear(issued())
    phone = line.phone()
    phone.add(line.package())
    path = f"/apple/v1/devices/{phone.library_id}/registrations/{phone.passes[SERIAL].document['passTypeIdentifier']}"
    answer = line.service.client.get(path, params={"passesUpdatedSince": tag})
    assert answer.status_code == (204 if tag == "9" * 18 else 200)


def test_what_phones_complain_of_is_kept_without_secrets(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    said = f"[2026-11-23] Web service error for pass.de.schulticket.test (https://pass.example/v1/{FIRST}): Mia1 x"
    for complaints in ([said, "\x1b[31m" + "a" * 5000] * 500, []):
        assert line.service.client.post("/apple/v1/log", json={"logs": complaints}).status_code == 200
    assert line.service.client.post("/apple/v1/log", json={"logs": 5}).status_code == 422
    assert FIRST not in caplog.text
