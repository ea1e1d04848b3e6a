"""Easy words, and the statement on accessibility: for everybody, in both languages, with a way to say what is wrong."""

import pytest
from application import api
from application.checks.key_tables import school_keys
from application.workflow import Workflow
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from support.application.family_pages import URL, FamilyPlace


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", ["easy", "accessibility"])
async def test_both_are_there_for_everybody_and_from_every_page(place: FamilyPlace, path: str, language: str) -> None:
    stranger, family = place.browser(), await place.family()
    for browser in (stranger, family):
        page = await browser.get(f"/family/{path}?language={language}")
        assert page.status_code == 200 and f'<html lang="{language}">' in page.text
        assert all(f'href="/family/{each}"' in page.text for each in ("easy", "accessibility"))
    assert "parent-1" in page.text


@pytest.mark.parametrize("contact", ["hilfe@stadt.example", None])
async def test_the_statement_names_whom_to_write_to(workflow: Workflow, contact: str | None) -> None:
    app = FastAPI()
    app.include_router(api.family_pages(workflow, school_keys(), URL, contact=contact))
    async with AsyncClient(transport=ASGITransport(app=app), base_url=URL) as http:
        page = (await http.get("/family/accessibility?language=de")).text
    assert ("mailto:hilfe@stadt.example" in page) == (contact is not None)
    assert ("auf Papier" in page) == (contact is None)
    assert "Ombudsstelle" in page and "Selbstbewertung" in page
