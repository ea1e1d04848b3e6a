"""An address that is not found: the application is taken, and the family is told what may be meant."""

from collections.abc import Callable
from copy import deepcopy

import httpx
import pytest
from application.checks import SchoolKeys
from application.store import SqlStore
from application.workflow import workflow_on
from shared.database import Database
from shared.questions import AddressQuestion, AddressReply, Candidate, Question
from support.answers import Answer, as_asked
from support.application.families import FAMILIES, URL
from support.json import mapping

MEANT = Candidate(street="Detmolder Straße", house_number="12a", postal_code="33604", city="Bielefeld")


class Answers:
    """Implements Asks: answers as the test says."""

    def __init__(self, reply: AddressReply | None) -> None:
        self.reply = reply
        self.asked: list[Question] = []

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        self.asked.append(question)
        return as_asked(self.reply, answer)


async def handed_in(
    database: Database[SqlStore],
    keys: SchoolKeys,
    bearer: Callable[..., dict[str, str]],
    asks: Answers,
    body: dict[str, object],
) -> httpx.Response:
    app = FAMILIES.serving(workflow_on(database, keys, asks))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        return await client.post("/v1/applications", json=body, headers={**bearer(), "Idempotency-Key": "key-12345678"})


@pytest.mark.parametrize(
    ("reply", "hints"),
    [
        (AddressReply(outcome="known"), []),
        (None, []),
        (AddressReply(outcome="unknown"), [[]]),
        (AddressReply(outcome="near", candidates=(MEANT,)), [[MEANT.model_dump()]]),
    ],
)
async def test_it_is_taken_and_a_hint_says_what_may_be_meant(
    database: Database[SqlStore],
    keys: SchoolKeys,
    bearer: Callable[..., dict[str, str]],
    body: dict[str, object],
    reply: AddressReply | None,
    hints: list[object],
) -> None:
    answer = await handed_in(database, keys, bearer, Answers(reply), body)
    assert answer.status_code == 201
    of_home = [each for each in answer.json()["hints"] if each["field"] == "home"]
    assert [each["candidates"] for each in of_home] == hints


async def test_a_flat_is_no_part_of_what_is_asked_and_goes_into_the_letter(
    database: Database[SqlStore], keys: SchoolKeys, bearer: Callable[..., dict[str, str]], body: dict[str, object]
) -> None:
    asks, home = Answers(None), {**mapping(body["home"]), "flat": "Wohnung 12"}
    assert (await handed_in(database, keys, bearer, asks, {**body, "home": home})).status_code == 201
    (question,) = asks.asked
    assert isinstance(question, AddressQuestion)
    assert question.house_number == mapping(body["home"])["house_number"]
    assert "Wohnung" not in question.model_dump_json()


@pytest.mark.parametrize(
    "street",
    [
        "Postfach 101510",
        "Großkundenpostfach",
        "Posfach 12",
        "postfach",
        "PO Box 12",
        "P.O. Box 3",
        "Postlagernd",
        "PF 1234",
        "Pf. 10 15 10",
        "Postf. 101510",
        "postf. 12",
        "Packstation 123",
        "Postfiliale 512",
        "Pf.",
    ],
)
async def test_nobody_lives_in_a_box_but_letters_may_go_there(
    database: Database[SqlStore],
    keys: SchoolKeys,
    bearer: Callable[..., dict[str, str]],
    body: dict[str, object],
    street: str,
) -> None:
    box = {**mapping(body["home"]), "street": street}
    refused = await handed_in(database, keys, bearer, Answers(None), {**body, "home": box})
    assert [each["field"] for each in refused.json()["problems"]] == ["home.street"]
    letters = deepcopy(body)
    mapping(letters["guardian"])["address"] = box
    assert (await handed_in(database, keys, bearer, Answers(None), letters)).status_code == 201


@pytest.mark.parametrize("street", ["Postfachweg", "Pfarrgasse", "Postfeld", "Packstationsweg"])
async def test_a_street_that_begins_like_a_box_is_a_street(
    database: Database[SqlStore],
    keys: SchoolKeys,
    bearer: Callable[..., dict[str, str]],
    body: dict[str, object],
    street: str,
) -> None:
    home = {**mapping(body["home"]), "street": street}
    assert (await handed_in(database, keys, bearer, Answers(None), {**body, "home": home})).status_code == 201
