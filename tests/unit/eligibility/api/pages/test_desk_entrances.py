"""Schools whose entrances nobody has confirmed: by number of applications, on the page and by HTTP, and how one is confirmed."""

import re

import httpx
from eligibility import api
from eligibility.store.places.importer import PlaceImporter
from fastapi import FastAPI
from geography.model import Entrance, Point
from shared.http import problems
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.desk import Desk
from support.eligibility.world import World
from support.identity import PlainTokens, bearer
from support.pages import well_made

GATE = Point(51.7255, 8.7652)


async def applications(world: World, **of_school: int) -> None:
    """So many for each school: the last digits of its number."""
    for number, many in of_school.items():
        for place in range(many):
            year = "2027/28" if place == 0 else "2026/27"
            await world.hear(make.submitted(school_number=number.replace("s", "1000"), school_year=year))


async def asked(world: World, who: str = "anna", authority: str = "12345") -> httpx.Response:
    app, identity = FastAPI(), PlainTokens()
    problems.install(app)
    app.include_router(api.places_router(world.workflow.map, identity, world.workflow.entrances))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        return await client.get("/v1/schools/unconfirmed-entrances", headers=bearer(who, "case_worker", authority))


async def test_they_are_listed_by_number_of_applications_with_years_open_cases_and_progress(world: World) -> None:
    PlaceImporter(world.database).replace_entrances(
        [("100003", Entrance(GATE, "openstreetmap", "Tor"))], "openstreetmap"
    )
    await applications(world, s01=3, s03=2, s06=4)  # the last one is another authority's
    found = (await asked(world)).json()
    assert [(each["number"], each["applications"], each["measured_to"]) for each in found["schools"]] == [
        ("100001", 3, "school_point"), ("100003", 2, "openstreetmap")
    ]  # fmt: skip
    assert found["schools"][0]["by_school_year"] == [
        {
            "school_year": "2027/28",
            "applications": 1,
            "open_cases": found["schools"][0]["by_school_year"][0]["open_cases"],
        },
        {"school_year": "2026/27", "applications": 2, "open_cases": 0},
    ]
    assert (found["confirmed"], found["total"]) == (0, 2)
    anna = Caller("anna", "12345", frozenset({"case_worker"}))
    await world.workflow.map.draw_entrances(anna, "100001", [(GATE, "Tor")])
    found = (await asked(world)).json()
    assert [each["number"] for each in found["schools"]] == ["100003"]
    assert (found["confirmed"], found["total"]) == (1, 2)
    assert (await asked(world, authority="99999")).json()["schools"] == []


async def test_the_page_is_empty_lists_and_confirms_what_openstreetmap_has(desk: Desk, world: World) -> None:
    await desk.sign_in("anna")
    page = (await desk.get("/desk/entrances")).text
    well_made(page)
    assert "Noch keine Anträge." in page
    PlaceImporter(world.database).replace_entrances(
        [("100003", Entrance(GATE, "openstreetmap", "Tor"))], "openstreetmap"
    )
    await applications(world, s01=1, s03=2)
    page = (await desk.get("/desk/entrances")).text
    well_made(page)
    assert "Bei 0 von 2 Schulen mit Anträgen sind die Eingänge bestätigt." in page
    assert page.index("100003") < page.index("100001")
    one = (await desk.get("/desk/entrances/100003")).text
    well_made(one)
    assert "Eingänge aus OpenStreetMap" in one and "51.72550, 8.76520" in one
    answer = await desk.send(one, "/desk/entrances/100003", what="known")
    assert answer.headers["location"] == "/desk/entrances?done=confirmed"
    page = (await desk.get("/desk/entrances?done=confirmed")).text
    assert "1 von 2 Schulen" in page and "100003" not in page and "Ab jetzt wird bis dorthin gemessen" in page
    assert (await desk.get("/desk/entrances/100003")).status_code == 404


async def test_entrances_are_typed_a_line_each_and_what_cannot_be_read_is_said_beside_what_was_typed(
    desk: Desk, world: World
) -> None:
    await applications(world, s01=1)
    await desk.sign_in("anna")
    one = (await desk.get("/desk/entrances/100001")).text
    for wrong in ("", "Haupteingang", "50,77 6,08", "8.76 51.72", "51.72"):
        answer = await desk.send(one, "/desk/entrances/100001", what="typed", points=wrong)
        assert answer.status_code == 422
        well_made(answer.text)
        assert wrong in answer.text and "Breite und Länge in Grad" in answer.text
    typed = "51.7201, 8.7601 Haupteingang Ost\r\n51.7202; 8.7602"
    assert (await desk.send(one, "/desk/entrances/100001", what="typed", points=typed)).status_code == 303
    drawn = world.database.read_now(lambda store: store.drawn_entrances("100001"))
    assert {(each.point, each.name) for each in drawn} == {
        (Point(51.7201, 8.7601), "Haupteingang Ost"), (Point(51.7202, 8.7602), "")
    }  # fmt: skip
    assert {each.origin for each in drawn} == {"set_by_person"}
    english = (await desk.get("/desk/entrances?language=en")).text
    assert "All schools with applications have confirmed entrances." in english


async def test_who_may_only_release_looks_and_confirms_nothing(desk: Desk, world: World) -> None:
    await applications(world, s01=1)
    await desk.sign_in("bert")
    one = (await desk.get("/desk/entrances/100001")).text
    assert "<textarea" not in one
    token = re.findall(r'name="form_token" value="([^"]*)"', one)[0]
    form = {"form_token": token, "what": "typed", "points": "51.72 8.76"}
    assert (await desk.http.post("/desk/entrances/100001", data=form)).status_code == 403
    assert world.database.read_now(lambda store: store.entrances_drawn("100001")) is None


async def test_an_entrance_far_from_its_school_is_asked_about_with_its_line_and_one_in_another_town_is_not_taken(
    desk: Desk, world: World
) -> None:
    await applications(world, s01=1)
    await desk.sign_in("anna")
    one = (await desk.get("/desk/entrances/100001")).text
    assert "far_is_meant" not in one, "nobody ticks beforehand what is not asked"
    typed = "51.7201, 8.7601 Tor\r\n51.7400, 8.7600 Zweiter Standort"
    asked = await desk.send(one, "/desk/entrances/100001", what="typed", points=typed)
    assert asked.status_code == 422
    well_made(asked.text)
    assert "Zeile 2: Der Ort liegt 2,2 km von der Schule" in asked.text and 'name="far_is_meant"' in asked.text
    assert world.database.read_now(lambda store: store.entrances_drawn("100001")) is None
    town = await desk.send(one, "/desk/entrances/100001", what="typed", points="50.7753, 6.0839", far_is_meant="yes")
    assert town.status_code == 422 and "Das kann nicht gemeint sein" in town.text and "far_is_meant" not in town.text
    meant = await desk.send(asked.text, "/desk/entrances/100001", what="typed", points=typed, far_is_meant="yes")
    assert meant.status_code == 303
    assert len(world.database.read_now(lambda store: store.drawn_entrances("100001"))) == 2
