"""What a family does with the link to its ticket, and how a ticket comes onto a child's phone by a code."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from application.domain.codes import MOST_WRONG, PICK_UP_VALID
from application.domain.ids import ApplicationId, Owner
from application.domain.pass_links import MOST_ACTS
from application.workflow.announce import announce
from shared.errors import Conflict
from shared.events import ApplicationPassLinkChanged, PassReady
from support.application.codes import nobodys_code, statements_of
from support.application.family_pages import FamilyPlace
from support.application.form_pages import Window
from support.outbox import told, told_again
from support.pages import well_made
from support.ticket_steps import ticket_step

OLD, NEW, ADDRESS = UUID(int=6), UUID(int=9), "https://pass.example/v1/passes/"
OWNER = Owner("parent-1")


async def ready(place: FamilyPlace, one: UUID, ticket: UUID, token: str, link: int = 0) -> None:
    about = {"application_id": one, "authority_id": "10261", "occurred_at": place.clock[0], "ticket_id": ticket}
    await place.hear(PassReady(**about, pass_url=ADDRESS + token, link=link))


async def with_ticket(place: FamilyPlace, owner: str = "parent-1", **changes: object) -> UUID:
    one = await place.applied(owner, **changes)
    await place.granted(one, ticket=OLD)
    return one


async def shown(place: FamilyPlace, one: UUID) -> str | None:
    """The address to which the family's page leads."""
    page = (await (await place.family()).get(f"/family/applications/{one}")).text
    found = re.search(r'href="https://pass\.example/v1/passes/([^"/]+)"', page)
    return found[1] if found else None


async def do(place: FamilyPlace, one: UUID, act: str) -> int:
    browser = await place.family()
    page = (await browser.get(f"/family/applications/{one}/act/{act}")).text
    well_made(page, "de")
    return (await browser.send(page, f"/family/applications/{one}/act/{act}")).status_code


async def test_an_ended_link_is_shown_no_more_until_another_one_is_told(place: FamilyPlace) -> None:
    one = await with_ticket(place)
    assert await shown(place, one) == "token"
    assert await do(place, one, "link-end") == 303
    assert await shown(place, one) is None
    assert await do(place, one, "link") == 303
    assert await shown(place, one) is None, "the new address is not known yet"
    await ready(place, one, OLD, "second", link=2)
    assert await shown(place, one) == "second"
    assert [(each.number, each.ended) for each in told(place.database, ApplicationPassLinkChanged)] == [
        (1, True), (2, False),
    ]  # fmt: skip


async def test_a_changed_ticket_keeps_its_ended_link_and_one_after_a_loss_begins_with_another(
    place: FamilyPlace,
) -> None:
    one = await with_ticket(place)
    await do(place, one, "link-end")
    await place.ticket(one, NEW, replaces=OLD, replaces_because="changed")
    await ready(place, one, NEW, "in-place", link=1)
    assert await shown(place, one) is None
    await place.ticket(one, UUID(int=10), replaces=NEW, replaces_because="lost")
    await ready(place, one, UUID(int=10), "after-loss")
    assert await shown(place, one) == "after-loss"
    assert await do(place, one, "link") == 303
    assert told(place.database, ApplicationPassLinkChanged)[-1].number == 2


async def test_the_newest_act_is_told_again_to_who_was_put_back_to_a_copy(place: FamilyPlace) -> None:
    one = await with_ticket(place)
    await do(place, one, "link-end")
    await do(place, one, "link")
    again = told_again(place.database.read_now(lambda store: list(announce(store))))
    acts = [each for each in again if isinstance(each, ApplicationPassLinkChanged)]
    assert [(each.number, each.ended) for each in acts] == [(2, False)]


async def test_only_so_many_acts_a_day(place: FamilyPlace) -> None:
    one = ApplicationId(await with_ticket(place))
    links = place.workflow.pass_links
    for _ in range(MOST_ACTS):
        await links.renew(OWNER, one, OLD, place.clock[0])
    with pytest.raises(Conflict):
        await links.renew(OWNER, one, OLD, place.clock[0])
    await links.renew(OWNER, one, OLD, place.clock[0] + timedelta(days=2))


async def test_who_has_no_ticket_or_names_another_changes_no_link(place: FamilyPlace) -> None:
    one = await place.applied()
    browser = await place.family()
    for act in ("link", "link-end"):
        assert (await browser.get(f"/family/applications/{one}/act/{act}")).status_code == 409
    await place.granted(one, ticket=OLD)
    with pytest.raises(Conflict):
        await place.workflow.pass_links.end(OWNER, ApplicationId(one), NEW, place.clock[0])
    assert told(place.database, ApplicationPassLinkChanged) == []


async def made_code(place: FamilyPlace, one: UUID, owner: str = "parent-1") -> str:
    new = await place.workflow.pick_ups.make(Owner(owner), ApplicationId(one), OLD, place.clock[0])
    return new.code


async def typing(place: FamilyPlace, code: str, language: str = "de") -> Window:
    window = Window(place.browser().http, language)
    await window.open(f"/family/pick-up?language={language}")
    well_made(window.text, language)
    await window.send({"code": code})
    return window


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_code_made_on_the_familys_page_opens_the_ticket_once(place: FamilyPlace, language: str) -> None:
    one = await with_ticket(place)
    browser = await place.family()
    page = (await browser.get(f"/family/applications/{one}?language={language}")).text
    made = await browser.send(page, f"/family/applications/{one}/pick-up")
    assert made.status_code == 303
    code_page = (await browser.get(made.headers["location"])).text
    well_made(code_page, language)
    found = re.search(r'id="code"[^>]*>([0-9A-Z]{5}-[0-9A-Z]{5})<', code_page)
    assert found
    window = await typing(place, found[1].lower().replace("-", " "), language)
    assert window.path == "/family/pick-up/ticket" and f'href="{ADDRESS}token"' in window.text
    well_made(window.text, language)
    assert (await typing(place, found[1], language)).answer.status_code == 404


async def test_every_code_that_does_not_count_is_one_answer_after_the_same_work(place: FamilyPlace) -> None:
    one = await with_ticket(place)
    used, first = await made_code(place, one), ""
    await place.workflow.pick_ups.use(used, "address 1", place.clock[0])
    first = await made_code(place, one)
    await made_code(place, one)
    await do(place, one, "link-end")
    seen = []
    for code in (short_code(7), used, first):
        with statements_of(place.database) as statements:
            window = await typing(place, code)
        said = re.sub(r'name="nonce" value="[^"]+"', "", window.text)
        seen.append((window.answer.status_code, said, len(statements)))
    assert seen[0][0] == 404 and seen == [seen[0]] * 3
    assert ADDRESS not in seen[0][1]


async def test_a_code_ends_with_its_day_and_with_its_link(place: FamilyPlace) -> None:
    one = await with_ticket(place)
    code = await made_code(place, one)
    place.clock[0] += PICK_UP_VALID
    assert (await typing(place, code)).answer.status_code == 404
    assert await place.workflow.pick_ups.forget(place.clock[0]) == 1
    code = await made_code(place, one)
    await do(place, one, "link-end")
    assert (await typing(place, code)).answer.status_code == 404


@pytest.mark.parametrize("because", ["link", "reported", "replaced", "revoked"])
async def test_a_code_that_may_have_gone_astray_leads_to_no_new_link(place: FamilyPlace, because: str) -> None:
    one = await with_ticket(place)
    code = await made_code(place, one)
    place.clock[0] += timedelta(minutes=1)
    link, new = (1, OLD) if because == "link" else (0, NEW)
    if because == "link":
        await do(place, one, "link")
    if because == "reported":
        await place.workflow.losses.report(OWNER, ApplicationId(one), OLD, place.clock[0])
    if because == "revoked":
        await place.ticket(one, OLD, state="revoked", happened="revoked", reason="lost", step=2)
    if because != "link":
        await place.ticket(one, NEW, replaces=OLD, replaces_because="lost")
    await ready(place, one, new, "second", link=link)
    assert await shown(place, one) == "second"
    assert (await typing(place, code)).answer.status_code == 404
    new_code = (await place.workflow.pick_ups.make(OWNER, ApplicationId(one), new, place.clock[0])).code
    assert "second" in (await typing(place, new_code)).text


async def test_a_code_goes_on_with_a_ticket_that_was_changed(place: FamilyPlace) -> None:
    one = await with_ticket(place)
    code = await made_code(place, one)
    place.clock[0] += timedelta(minutes=1)
    await place.ticket(one, NEW, replaces=OLD, replaces_because="changed")
    await ready(place, one, NEW, "in-place")
    assert "in-place" in (await typing(place, code)).text


async def test_wrong_codes_lock_out_who_types_them_and_a_right_one_is_answered_like_a_wrong_one(
    place: FamilyPlace,
) -> None:
    one = await with_ticket(place)
    code = await made_code(place, one)
    statuses = [(await typing(place, short_code(seed))).answer.status_code for seed in range(MOST_WRONG)]
    assert statuses == [404] * (MOST_WRONG - 1) + [429]
    assert (await typing(place, code)).answer.status_code == 429
    assert (await typing(place, "ABC")).answer.status_code == 422


def short_code(seed: int) -> str:
    """One that could be and is none."""
    return nobodys_code(seed, 10)


async def test_a_form_of_another_page_picks_nothing_up(place: FamilyPlace) -> None:
    code = await made_code(place, await with_ticket(place))
    browser = place.browser()
    assert (await browser.http.post("/family/pick-up", data={"code": code})).status_code == 403
    assert (await browser.http.get("/family/pick-up/ticket")).status_code == 303
    browser.http.cookies.set("pick-up-ticket", "javascript:alert(1)")
    assert (await browser.http.get("/family/pick-up/ticket")).status_code == 303


async def test_the_tickets_of_the_familys_children_stand_on_one_page_with_one_link_to_all(place: FamilyPlace) -> None:
    browser = await place.family()
    empty = (await browser.get("/family/tickets")).text
    well_made(empty, "de")
    assert "Noch liegt kein Ticket bereit" in empty
    one = await with_ticket(place)
    assert "together" not in (await browser.get("/family/tickets")).text.replace('id="together"', "")
    place.clock[0] += timedelta(minutes=1)
    two = await place.applied(pupil={"first_name": "Ben", "last_name": "Öztürk", "birth_date": "2014-02-28"})
    await place.granted(two, ticket=NEW)
    await ready(place, two, NEW, "sibling", link=1)
    await with_ticket(place, "parent-2")
    page = (await browser.get("/family/tickets?language=en")).text
    well_made(page, "en")
    assert re.search(rf'href="{ADDRESS}together/(sibling\.token|token\.sibling)"', page)
    await do(place, one, "link-end")
    assert "/together/" not in (await browser.get("/family/tickets")).text


@pytest.mark.parametrize(
    ("language", "later", "mark"),
    [("de", "wenn es freigegeben ist", "gilt zurzeit nicht"), ("en", "once it is restored", "not valid now")],
)
async def test_a_suspended_ticket_is_not_offered_to_be_fetched_or_printed(
    place: FamilyPlace, language: str, later: str, mark: str
) -> None:
    one = await with_ticket(place)
    browser = await place.family()
    child, all_tickets = f"/family/applications/{one}?language={language}", f"/family/tickets?language={language}"
    assert "pass.pkpass" in (await browser.get(child)).text
    assert mark not in (await browser.get(all_tickets)).text
    place.clock[0] += timedelta(minutes=1)
    about = {"application_id": one, "authority_id": "10261", "occurred_at": place.clock[0]}
    await place.hear(ticket_step(about, OLD, "suspended", 2, reason="by_authority"))
    page = (await browser.get(child)).text
    well_made(page, language)
    assert later in page and "pass.pkpass" not in page
    page = (await browser.get(all_tickets)).text
    well_made(page, language)
    assert mark in page
