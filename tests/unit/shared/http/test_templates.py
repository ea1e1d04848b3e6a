"""Pages out of templates: what a person wrote never becomes markup, and a missing value is noticed."""

import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError
from shared.http.templates import Templates, unbroken


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Templates]:
    name = f"templates_{tmp_path.name}"
    folder = tmp_path / name / "templates"
    folder.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    (folder / "base.html").write_text('<html lang="{{ language }}">{% block content %}{% endblock %}</html>')
    (folder / "name.html").write_text('{% extends "base.html" %}{% block content %}<p>{{ name }}</p>{% endblock %}')
    (folder / "list.txt").write_text(
        "{% for each in names %}\n    {% if each %}\n{{ each }}\n    {% endif %}\n{% endfor %}\n"
    )
    (folder / "other.html").write_text("{{ other }}")
    monkeypatch.syspath_prepend(tmp_path)
    yield Templates(name)
    sys.modules.pop(name, None)


def test_a_page_is_made_of_the_base_and_what_it_is_given(templates: Templates) -> None:
    assert templates.render("name.html", "en", name="Zoë") == '<html lang="en"><p>Zoë</p></html>'


def test_a_page_knows_the_language_that_the_reader_may_change_to(templates: Templates) -> None:
    assert [templates.render("other.html", language) for language in ("de", "en")] == ["en", "de"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text())
def test_what_a_person_wrote_is_text_and_never_markup(templates: Templates, name: str) -> None:
    page = templates.render("name.html", "de", name=name)
    inside = page.removeprefix('<html lang="de"><p>').removesuffix("</p></html>")
    assert not set(inside) & set("<>\"'")
    assert unescape(inside) == name


def test_also_where_the_file_is_no_html(templates: Templates) -> None:
    assert "&lt;b&gt;" in templates.render("list.txt", "de", names=["<b>"])


def test_a_value_that_nobody_gave_is_an_error_and_no_empty_place(templates: Templates) -> None:
    with pytest.raises(UndefinedError, match="name"):
        templates.render("name.html", "de")


def test_lines_of_instructions_leave_no_trace(templates: Templates) -> None:
    assert templates.render("list.txt", "de", names=["a", "", "b"]) == "a\nb\n"


@pytest.mark.parametrize("name", ["nothing.html", "../secret.html", "../__init__.py", "/etc/passwd"])
def test_only_files_of_the_folder_are_templates(templates: Templates, name: str) -> None:
    with pytest.raises(TemplateNotFound):
        templates.render(name, "de")


def test_nothing_is_read_before_a_page_is_asked_for() -> None:
    Templates("there_is_no_such_package")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>§ 5 Abs. 1, §§ 36, 48</p>", "<p>§\N{NO-BREAK SPACE}5 Abs. 1, §§\N{NO-BREAK SPACE}36, 48</p>"),
        ("§ 5", "§\N{NO-BREAK SPACE}5"),
        ("<input value='§ 5'><b>§ 6</b>", "<input value='§ 5'><b>§\N{NO-BREAK SPACE}6</b>"),
        ("<textarea id='a'>§ 5 <b>§ 6</textarea>§ 7", "<textarea id='a'>§ 5 <b>§ 6</textarea>§\N{NO-BREAK SPACE}7"),
        ("<script>'§ 5'</script>", "<script>'§ 5'</script>"),
        ("§ des Gesetzes", "§ des Gesetzes"),
    ],
)
def test_a_paragraph_sign_stays_with_its_number_where_it_is_read_and_as_typed_where_it_is_sent_back(
    written: str, read: str
) -> None:
    assert unbroken(written) == read
