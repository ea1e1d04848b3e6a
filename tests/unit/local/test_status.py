"""The page of `local status`, and what it says of a signer that was put back."""

import pytest
from local import status


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (119, "1 min 59 s"),
        (3600, "1 h"),
        (3661, "1 h 1 min"),
        (86400 * 2 + 7200 + 60, "2 d 2 h"),
    ],
)
def test_a_time_is_said_in_its_two_largest_units(seconds: float, said: str) -> None:
    figures = {"work_waiting": {"notices": 1}, "work_oldest_seconds": {"notices": seconds}}
    assert status._work(figures) == f"1 wait for notices, the oldest for {said}"


@pytest.mark.parametrize(
    ("ready", "ok", "said"),
    [(True, True, "Everything is ready"), (True, False, "look at ✗"), (False, False, "Not ready")],
)
def test_the_page_begins_with_whether_all_is_well(ready: bool, ok: bool, said: str) -> None:
    checks = {"epoch": {"ok": ok, "detail": ""}}
    process = {"ready": ready, "checks": checks, "figures": {}, "answers": True}
    whole = {"ready": ready, "broker": {"ok": True, "detail": ""}, "processes": {"signer": process}}
    assert said in next(status._page(whole))


def test_a_signer_that_was_put_back_waits_for_recovery_and_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    running = {"operations": {"signer": {"ready": "", "metrics": ""}}}
    told = {"ok": False, "detail": "this database was put back …: a signer does by `issuance recover`"}
    for epoch, waits in (
        (told, True),
        ({"ok": True, "detail": ""}, False),
        ({"ok": False, "detail": "went back"}, False),
    ):
        monkeypatch.setattr(status, "_process", lambda _, epoch=epoch: {"checks": {"epoch": epoch}})
        assert status.waits_for_recovery(running) is waits
    monkeypatch.setattr(status, "_process", lambda _: status.AWAY)
    assert not status.waits_for_recovery(running)
