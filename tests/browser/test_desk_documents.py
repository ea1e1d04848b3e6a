"""A case worker clicks a document on the page of a case: another service, no second password, and the file is there."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from application import api
from application.checks.key_tables import school_keys
from application.domain.ids import Owner
from application.domain.school import Authority, School
from application.form import EXAMPLE, ApplicationForm
from application.main import open_database
from application.workflow import Upload, Workflow, workflow_on
from eligibility.workflow import Documents
from fastapi import FastAPI
from playwright.sync_api import Browser
from shared.events import ApplicationDocumentAdded
from shared.http import problems
from shared.sign_in import Sessions, SignInFlow
from support.application.documents import PDF
from support.databases import make_tables
from support.eligibility import small_place
from support.eligibility.served_desk import ServedDesk, sign_in
from support.sign_in import SESSION_KEY, provider_at


@pytest.fixture
def papers(place: ServedDesk, tmp_path: Path) -> Iterator[tuple[Workflow, UUID]]:
    """`application` with one document, of which the desk has heard."""
    url = f"sqlite:///{tmp_path / 'application.db'}"
    make_tables(url, "application")
    database = open_database(url)
    workflow = workflow_on(database, school_keys())
    found: list[UUID] = []

    async def fill() -> None:
        authority = Authority("12345", "Stadt Eschenborn", takes_part=True)
        school = School(EXAMPLE["school_number"], "Gymnasium", "GY", "Ort", "Weg 1", "33602", authority, "1", None)
        workflow.directory.fill([school], [authority])
        form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
        owner, now = Owner("parent"), datetime.now(UTC)
        application = await workflow.applications.submit(owner, "of-the-browser", form, now)
        upload = Upload("upload-0001", "medical_certificate", "Attest.pdf", None, PDF)
        kept = await workflow.documents.add(owner, application.id, upload, now)
        await place.world.hear(small_place.submitted(application_id=application.id))
        told = ApplicationDocumentAdded(
            occurred_at=now, authority_id="12345", application_id=application.id, document_id=kept.id,
            kind=kept.kind, media_type=kept.media_type, size=kept.size,
        )  # fmt: skip
        await place.world.database.write(await Documents(place.world.environment).added(told))
        found.append(application.id)

    filling = threading.Thread(target=lambda: asyncio.run(fill()))  # playwright's loop runs in this thread
    filling.start()
    filling.join()
    provider = provider_at(place.issuer, "documents", f"{place.papers.url}{api.BACK}")
    sign_in = SignInFlow(Sessions(SESSION_KEY, "documents", https=False), provider, lambda: datetime.now(UTC))
    app = FastAPI()
    problems.install(app)
    app.include_router(api.staff_documents(workflow, sign_in, place.papers.url))
    place.papers.start(app)
    yield workflow, found[0]
    place.papers.stop()
    database.close()


def test_a_click_on_a_document_brings_the_file_without_a_second_password(
    browser: Browser, place: ServedDesk, papers: tuple[Workflow, UUID]
) -> None:
    workflow, application_id = papers
    page = sign_in(browser, place, "anna", 1280)
    page.goto(f"{place.url}/desk/cases/{place.world.case_of(application_id).id}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Ärztliches Attest").first.click()
    with opened.value.expect_download() as loaded:
        opened.value.get_by_role("button", name="Weiter als anna").click()
    assert loaded.value.suggested_filename == "Attest.pdf"
    assert Path(loaded.value.path()).read_bytes() == PDF
    assert opened.value.get_by_role("heading", level=1).inner_text() == "Sie sind angemeldet."
    assert page.get_by_role("heading", level=1).is_visible()  # the case, as it was
    assert [each.subject for each in workflow.openings.of(application_id)] == ["anna"]  # type: ignore[arg-type]
    # both services stand on one host here, whose cookies browsers send to every port
    assert {each["name"] for each in page.context.cookies()} >= {"desk", "documents"}
    page.reload()
    assert page.get_by_role("link", name="Ärztliches Attest").first.is_visible()
