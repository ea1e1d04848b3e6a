"""What a form says was read exists; and a sibling born soon after the child is asked about, and never refused."""

import json
from datetime import UTC, date, datetime

import pytest
from application.checks import SchoolKeys, check, hints
from application.form import ApplicationForm
from support.application import directory
from support.json import mapping

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def form(body: dict[str, object], **changes: object) -> ApplicationForm:
    return ApplicationForm.model_validate_json(json.dumps(body | changes))


@pytest.mark.parametrize(
    ("text_id", "version", "field", "said"),
    [
        ("privacy-notice", "2026-05", None, ""),
        ("portal-notice", "1", None, ""),
        ("bogus", "1", "consents.0.text_id", "portal-notice, privacy-notice"),
        ("privacy-notice", "1999-01", "consents.0.version", "2026-05"),
    ],
)
def test_a_text_that_there_is_not_is_refused_with_those_there_are(
    body: dict[str, object], keys: SchoolKeys, text_id: str, version: str, field: str | None, said: str
) -> None:
    sent = form(body, consents=[{"text_id": text_id, "version": version}])
    problems = check(sent, directory.school(), keys, NOW, NOW.date())
    assert [each.field for each in problems] == ([] if field is None else [field])
    assert all(said in text for each in problems for text in (each.text.de, each.text.en))


@pytest.mark.parametrize(
    ("born", "asked"),
    [("2016-03-14", True), ("2016-02-10", True), ("2016-02-29", False), ("2016-03-01", False), ("2014-05-01", False),
     ("2016-00-00", False)],
)  # fmt: skip
def test_a_sibling_born_too_soon_before_or_after_is_asked_about(
    body: dict[str, object], keys: SchoolKeys, born: str, asked: bool
) -> None:
    assert mapping(body["pupil"])["birth_date"] == "2016-02-29"
    sent = form(body, siblings=[{"birth_date": born, "funded": True}])
    assert check(sent, directory.school(), keys, NOW, NOW.date()) == []
    found = [each for each in hints(sent, date(2026, 6, 1)) if "Stiefgeschwister" in each.de]
    assert bool(found) == asked
