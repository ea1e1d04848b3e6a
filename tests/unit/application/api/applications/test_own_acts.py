"""What a family does itself is confirmed in words, with what follows; and what an address may mean stays said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from application.api.applications import texts
from application.api.applications.questions import read_change
from application.api.documents.uploads import KIND_MISSING
from application.checks import SchoolKeys
from application.checks.uploads import KIND_TEXTS
from application.consumer import handlers
from application.domain.timeline import EntryKind, TimelineEntry
from application.store import SqlStore
from application.workflow import workflow_on
from shared.database import Database
from shared.errors import Invalid
from shared.events import EligibilityGranted, EligibilityReviewOpened, Event, Reason
from shared.questions import AddressReply, Candidate, Question
from support.answers import Answer, as_asked
from support.application.families import FAMILIES, URL

MEANT = Candidate(street="Detmolder Straße", house_number="12a", postal_code="33604", city="Bielefeld")
START = datetime.now(UTC) - timedelta(days=1)


def test_a_withdrawal_says_what_becomes_of_the_grant_and_of_the_ticket() -> None:
    granted = TimelineEntry(EntryKind.GRANTED, START, reference="1")
    withdrawn = TimelineEntry(EntryKind.WITHDRAWN, START + timedelta(hours=1))
    open_ = texts.of_news(withdrawn, heard=[withdrawn])
    assert "nicht weiter bearbeitet" in open_.de and "not processed any further" in open_.en
    ended = texts.of_news(withdrawn, heard=[granted, withdrawn])
    assert "endet die Bewilligung" in ended.de and "gesperrt" in ended.de and "is being revoked" in ended.en


@pytest.mark.parametrize("kind", [EntryKind.WITHDRAWN, EntryKind.LOSS_REPORTED, EntryKind.DOCUMENT_REMOVED])
def test_each_own_act_says_more_than_that_it_happened(kind: EntryKind) -> None:
    said = texts.of_news(TimelineEntry(kind, START), heard=[])
    assert said.de.count(".") + said.de.count(":") > 1 and said.en.count(".") + said.en.count(":") > 1
    assert "Bitte" in said.de or "bitte" in said.de


class Asked:
    """Implements Asks: knows one address that may be meant."""

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        return as_asked(AddressReply(outcome="near", candidates=(MEANT,)), answer)


async def test_what_an_address_may_mean_is_said_at_every_look_while_it_is_looked_for(
    database: Database[SqlStore], keys: SchoolKeys, bearer: Callable[..., dict[str, str]], body: dict[str, object]
) -> None:
    workflow = workflow_on(database, keys, Asked())
    app = FAMILIES.serving(workflow)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        headers = {**bearer(), "Idempotency-Key": "key-12345678"}
        receipt = (await client.post("/v1/applications", json=body, headers=headers)).json()

        async def meant() -> list[object]:
            seen = (await client.get(receipt["links"]["self"], headers=bearer())).json()
            return [each["candidates"] for each in seen["hints"] if each["field"] == "home"]

        async def hears(event: Event) -> None:
            await database.write(await handlers(workflow)[type(event)](event))

        about = {"application_id": UUID(receipt["id"]), "authority_id": "10261"}
        asked = Reason(rule="address", legal_basis="§ 7", text="Wir finden sie nicht.", text_en="Not found.")
        await hears(EligibilityReviewOpened(**about, case_id=UUID(int=2), occurred_at=START, reasons=(asked,)))
        assert await meant() == [[MEANT.model_dump()]]
        assert await meant() == [[MEANT.model_dump()]]
        await hears(
            EligibilityGranted(
                **about, occurred_at=START + timedelta(hours=1), decision_id=UUID(int=1), valid_from=date(2026, 9, 2),
                valid_until=date(2027, 7, 31), own_share_cents=0, distance_m=None, limit_m=None, reasons=(),
                rules_version="nrw",
            )
        )  # fmt: skip
        assert await meant() == []


def test_who_wants_the_ticket_on_another_medium_is_told_that_the_page_offers_both() -> None:
    with pytest.raises(Invalid) as refused:
        read_change(b'{"changes": {"medium": "paper"}}')
    assert "geht beides" in refused.value.text.de and "medium" not in refused.value.text.de + refused.value.text.en


def test_the_kinds_of_documents_are_named_as_people_call_them() -> None:
    assert all(each.de in KIND_MISSING.de and each.en in KIND_MISSING.en for each in KIND_TEXTS.values())
