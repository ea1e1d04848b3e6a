"""Signing in at the desk: the code flow with PKCE, what is refused, and that a form cannot be forged."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from local.identity.sign_in_page import Code, Codes
from shared.sign_in import EndedSessions, Sessions
from support.eligibility.desk import CaseMaker, Desk
from support.eligibility.world import World
from support.sign_in import SESSION_KEY


async def test_a_case_worker_signs_in_and_comes_to_the_page_that_was_asked_for(
    desk: Desk, in_review: CaseMaker
) -> None:
    case = await in_review()
    answer = await desk.sign_in("anna", f"/desk/cases/{case.id}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/cases/{case.id}"
    page = await desk.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Stadt Eschenborn" in page.text and "anna" in page.text


async def test_cookies_are_for_this_service_alone_and_say_nothing(desk: Desk) -> None:
    answer = await desk.sign_in("anna")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("desk="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "anna" not in cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host() -> None:
    from fastapi import Response
    from shared.identity import Caller
    from shared.sign_in import Session, Sessions

    sessions, answer = Sessions("k" * 40, "desk", https=True), Response()
    from datetime import UTC, datetime

    session = Session(Caller("a", "1", frozenset()), "a", "Stadt", datetime.now(UTC), "x")
    sessions.write(answer, session)
    assert answer.headers["set-cookie"].startswith("__Host-desk=")
    assert "Secure" in answer.headers["set-cookie"]
    with pytest.raises(ValueError, match="at least 32"):
        Sessions("short", "desk", https=True)


@pytest.mark.parametrize("wrong", ["state", "iss", "code"])
async def test_an_answer_that_is_not_ours_signs_nobody_in(desk: Desk, wrong: str) -> None:
    back = await desk.password(await desk.leave(), "anna")
    forged = back.replace(f"{wrong}=", f"{wrong}=x")
    answer = await desk.http.get(forged)
    assert answer.status_code == 401
    assert "hat nicht geklappt" in answer.text
    assert (await desk.get("/desk/")).status_code == 303


async def test_a_code_is_good_once_and_only_in_the_browser_that_began(desk: Desk) -> None:
    back = await desk.password(await desk.leave(), "anna")
    stranger = desk.another()
    assert (await stranger.http.get(back)).status_code == 401
    await stranger.leave()
    assert (await stranger.http.get(back)).status_code == 401  # another state
    assert (await desk.http.get(back)).status_code == 303
    assert (await desk.http.get(back)).status_code == 401


async def test_two_windows_may_be_at_the_sign_in_at_once(desk: Desk, in_review: CaseMaker) -> None:
    case = await in_review()
    first, second = await desk.leave(), await desk.leave(f"/desk/cases/{case.id}")
    back = [await desk.password(asked, "anna") for asked in (first, second)]
    assert [(await desk.http.get(each)).headers["location"] for each in back] == ["/desk/", f"/desk/cases/{case.id}"]
    assert (await desk.http.get(back[0])).status_code == 401


@pytest.mark.parametrize("letter", ["x", "%F0%9F%9A%8C"])
async def test_a_cookie_holds_the_latest_windows_and_never_more_than_browsers_keep(desk: Desk, letter: str) -> None:
    for _ in range(7):
        assert (await desk.http.get(f"/desk/sign-in?next=/{letter * 190}")).status_code == 303
        assert 300 < len(desk.http.cookies["desk-sign-in"]) <= 4000
    asked = await desk.leave()
    assert (await desk.http.get(await desk.password(asked, "anna"))).status_code == 303


async def test_an_id_token_with_another_nonce_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await desk.leave()
    back = await desk.password(asked | {"nonce": "another"}, "anna")
    assert (await desk.http.get(back)).status_code == 401


async def test_who_belongs_to_no_authority_is_told_so(desk: Desk) -> None:
    answer = await desk.sign_in("eltern")
    assert answer.status_code == 403
    assert (await desk.get("/desk/")).status_code == 303


async def test_signing_out_ends_it_and_needs_the_form(desk: Desk) -> None:
    await desk.sign_in("anna")
    assert (await desk.http.post("/desk/sign-out", data={})).status_code == 403
    page = await desk.get("/desk/")
    answer = await desk.send(page.text, "/desk/sign-out")
    assert answer.headers["location"] == "/desk/signed-out"
    assert "abgemeldet" in (await desk.get("/desk/signed-out")).text
    assert (await desk.get("/desk/")).status_code == 303


async def test_a_copy_of_the_cookie_ends_with_the_session_here_and_in_every_other_process(
    desk: Desk, world: World
) -> None:
    await desk.sign_in("anna")
    copy = dict(desk.http.cookies)
    page = await desk.get("/desk/")
    typed = page.text
    elsewhere = EndedSessions(world.database, lambda: world.clock[0])
    request = SimpleNamespace(cookies=copy)
    sessions = Sessions(SESSION_KEY, "desk", https=False)
    session = sessions.read(request)  # type: ignore[arg-type]
    assert session is not None and not elsewhere.is_over(session)
    await desk.send(typed, "/desk/sign-out")
    await elsewhere.look()
    assert elsewhere.is_over(session)
    desk.http.cookies.update(copy)
    assert (await desk.get("/desk/")).status_code == 303
    assert (await desk.send(typed, "/desk/sign-out")).status_code == 401
    desk.http.cookies.clear()
    await desk.sign_in("anna")  # the next one is another
    assert (await desk.get("/desk/")).status_code == 200
    world.clock[0] += timedelta(hours=13)
    await elsewhere.look()
    assert not elsewhere.is_over(session) and session.ends < world.clock[0]


async def test_nobody_is_sent_to_a_foreign_place(desk: Desk) -> None:
    answer = await desk.http.get("/desk/sign-in?next=//evil.example/")
    assert answer.status_code == 303
    back = await desk.password(
        {k: v[0] for k, v in __import__("urllib.parse", fromlist=["parse_qs"]).parse_qs(answer.headers["location"].partition("?")[2]).items()},
        "anna",
    )  # fmt: skip
    assert (await desk.http.get(back)).headers["location"] == "/desk/"


async def test_a_form_of_another_session_is_refused(desk: Desk, in_review: CaseMaker) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    other = desk.another()
    await other.sign_in("carl")
    page = (await other.get(f"/desk/cases/{case.id}")).text
    answer = await desk.send(page, f"/desk/cases/{case.id}/take")
    assert answer.status_code == 403
    assert "gehört nicht zu Ihrer Anmeldung" in answer.text


async def test_when_the_sign_in_has_expired_what_was_typed_is_kept_and_sent_again(
    desk: Desk, in_review: CaseMaker, world: World
) -> None:
    case = await in_review()
    await desk.sign_in("anna")
    page = (await desk.get(f"/desk/cases/{case.id}")).text
    desk.clock[0] += timedelta(hours=2)
    decide = f"/desk/cases/{case.id}/decide"
    reason = "Ortstermin: „2.004 m“ & <b>mehr</b>"
    answer = await desk.send(page, decide, outcome="granted", reason=reason, legal_basis="§ 5 SchfkVO")
    assert answer.status_code == 401
    assert "Ihre Eingaben" in answer.text
    assert world.case_of(case.application_id).state == "review"
    await desk.sign_in("anna")
    again = await desk.send(answer.text, decide)
    assert again.status_code == 303, again.text
    assert world.decision_of(case.application_id).reasons[0]["text"] == reason


async def test_what_a_page_may_do_is_little(desk: Desk) -> None:
    await desk.sign_in("anna")
    headers = (await desk.get("/desk/")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    for path in ("desk.css", "vendor/kern/kern.min.css", "desk.svg"):
        assert (await desk.get(f"/desk/static/{path}")).status_code == 200


def test_a_code_of_the_provider_needs_its_verifier() -> None:
    import base64
    import hashlib
    import time

    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"secret").digest()).rstrip(b"=").decode()
    codes = Codes()
    code = Code("anna", "desk", "http://x/back", challenge, "n", time.monotonic() + 60)
    assert codes.redeem(codes.give(code), "desk", "http://x/back", "guess") is None
    assert codes.redeem(codes.give(code), "desk", "http://evil/back", "secret") is None
    name = codes.give(code)
    assert codes.redeem(name, "desk", "http://x/back", "secret") == code
    assert codes.redeem(name, "desk", "http://x/back", "secret") is None
