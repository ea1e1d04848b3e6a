"""Notices: what they say, and that nothing in a name can break or change them."""

import asyncio
import io
import json
from typing import Any

import pikepdf
import pytest
import typst
from eligibility.notice import Press
from eligibility.notice.route import HEIGHT_MM, WIDTH_MM, picture, thinned
from eligibility.printing import Printing
from eligibility.workflow import Ways
from shared.events import Person

PRESS = Press()
# letters of String.Latin+ (DIN 91379) beyond Latin-1 and Latin Extended-A, with combining marks, and its other signs
LATIN = (
    "A̋ C̀ C̄ C̆ C̈ C̕ C̣ C̦ C̨̆ D̂ F̀ F̄ G̀ H̄ H̦ H̱ J́ J̌ K̀ K̂ K̄ K̇ K̕ K̛ K̦ K͟H K͟h L̂ L̥ L̥̄ L̦ M̀ M̂ M̆ M̐ N̂ N̄ N̆ N̦ "
    "P̀ P̄ P̕ P̣ R̆ R̥ R̥̄ S̀ S̄ S̛̄ S̱ T̀ T̄ T̈ T̕ T̛ U̇ Z̀ Z̄ Z̆ Z̈ Z̧ k͟h ß̈ ć̣ Û̄ û̄ "
    "Đặng Ș ș Ț ț Ə ə Ǥ ǥ Ƶ ƶ Ʒ ʒ Ǯ ǯ Ơ ơ Ư ư Ɨ ɨ ẞ ẚ Ẁ ẁ Ỳ ỳ Ǻ ǻ Ǿ ǿ ʹ ʺ ʼ ʾ ʿ ˈ ˌ ’ ‘ ‡ € № ′ ″ ≤ ≥"
)


def content(world: Any, number: int = 0) -> dict[str, Any]:
    return world.database.read_now(lambda store: store.notices_to_print(10))[number][1]


def texts(notice: dict[str, Any]) -> str:
    return " ".join(paragraph["text"] for section in notice["sections"] for paragraph in section["paragraphs"])


async def test_a_grant_says_what_from_when_to_when_and_how_to_challenge_it(world: Any, make: Any) -> None:
    await world.hear(make.submitted())
    notice = content(world)
    said = texts(notice).replace("\N{NO-BREAK SPACE}", " ")
    assert "vom 01.08.2026 bis zum 31.07.2027 übernommen" in said
    assert "Eigenanteil von 14,00 Euro im Monat" in said
    assert "innerhalb eines Monats nach Bekanntgabe Klage" in said
    assert "Verwaltungsgericht Minden, Königswall 8, 32423 Minden" in said
    assert "Widerspruch" not in said
    assert "§ 37 Abs. 5 VwVfG NRW" in notice["closing"]
    titles = [section["title"] for section in notice["sections"]]
    assert titles == [
        "Entscheidung",
        "Eigenanteil",
        "Begründung",
        "Nebenbestimmungen und Hinweise",
        "Rechtsbehelfsbelehrung",
        "Datenschutz",
    ]
    reasons = next(section for section in notice["sections"] if section["title"] == "Begründung")
    assert ["Kürzester Fußweg", "2.500,0 m"] in reasons["figures"]
    assert all(each["legal_basis"] for each in reasons["reasons"])


async def test_a_refusal_begins_with_what_decided_it_and_bears_a_name(world: Any, make: Any) -> None:
    from eligibility.domain import CaseId
    from shared.identity import Caller

    world.walks.answer = Ways(make.measurement(1983.0), ("100003", make.measurement(1900.4)))
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.desk.release(Caller("anna", "12345", frozenset({"releaser"})), CaseId(case.id))
    notice = content(world)
    reasons = next(section for section in notice["sections"] if section["title"] == "Begründung")
    assert "1.900,4\N{NO-BREAK SPACE}m" in reasons["reasons"][0]["text"]
    assert reasons["figures"][0] == ["Kürzester Fußweg zur nächstgelegenen Schule (S 100003)", "1.900,4 m"]
    assert notice["closing"].startswith("Im Auftrag")
    assert "abgelehnt" in texts(notice)
    assert PRESS.print(notice).startswith(b"%PDF-")


async def test_the_pdf_is_tagged_in_german_with_a_title_and_always_the_same(world: Any, make: Any) -> None:
    await world.hear(make.submitted())
    notice = content(world)
    pdf = PRESS.print(notice)
    assert pdf == Press().print(notice)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang).startswith("de")
        assert document.Root.MarkInfo.Marked
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Bescheid über die Übernahme von Schülerfahrkosten"


def test_every_letter_of_the_register_of_names_can_be_shown() -> None:
    """PDF/UA-1 refuses a letter that the font lacks; fonts of the machine and fallbacks are switched off."""
    source = (
        b'#set document(title: "x")\n#set text(font: "Libertinus Serif", fallback: false)\n#json(bytes(sys.inputs.n))'
    )
    compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
    compiler.compile(source, format="pdf", sys_inputs={"n": json.dumps(LATIN)}, pdf_standards="ua-1")
    with pytest.raises(typst.TypstError):
        compiler.compile(source, format="pdf", sys_inputs={"n": json.dumps("\ue123")}, pdf_standards="ua-1")


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "$x$",
        "*fett* _kursiv_",
        "\\",
        '"] #eval("1")',
        "= Überschrift",
        "<label>",
        "@ref",
        "// weg",
        "/* weg",
        "`roh`",
        "a\u202eb",
        "中文",
        "\ue123",
        "\U0001f600",
    ],
)
async def test_a_name_is_shown_and_never_run(world: Any, make: Any, name: str) -> None:
    await world.hear(
        make.submitted(addressee=Person(first_name="", last_name=name), child=Person(first_name=name, last_name=name))
    )
    notice = content(world)
    assert notice["addressee"][0] == name
    assert PRESS.print(notice).startswith(b"%PDF-")


async def test_a_sign_that_cannot_be_shown_changes_nothing_else(
    world: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.hear(make.submitted())
    notice = content(world)
    reasons = next(section for section in notice["sections"] if section["title"] == "Begründung")["reasons"]
    assert any("\N{NO-BREAK SPACE}" in each["legal_basis"] for each in reasons)
    tried: list[dict[str, Any]] = []
    compiled = Press._compile

    def watched(press: Press, data: dict[str, Any], stamp: int) -> bytes:
        tried.append(data)
        return compiled(press, data, stamp)

    monkeypatch.setattr(Press, "_compile", watched)
    assert PRESS.print({**notice, "salutation": "Guten Tag 😀"}).startswith(b"%PDF")
    first, second = tried
    assert second == {**first, "salutation": "Guten Tag □"}


async def test_the_worker_prints_what_is_due_and_keeps_the_first_print(world: Any, make: Any) -> None:
    for _ in range(3):
        await world.hear(make.submitted())
    printing, stop = Printing(world.database, PRESS), asyncio.Event()
    worker = asyncio.create_task(printing.run(stop))
    for _ in range(200):
        if not world.database.read_now(lambda store: store.notices_to_print(10)):
            break
        await asyncio.sleep(0.02)
    stop.set()
    await worker
    token = world.told()[0].notice_url.rsplit("/", 1)[1]
    assert world.database.read_now(lambda store: store.notice(token))[1].startswith(b"%PDF-")
    world.database.write_now(lambda store: store.set_pdf(token, b"another"))
    assert world.database.read_now(lambda store: store.notice(token))[1].startswith(b"%PDF-")


async def test_a_notice_that_cannot_be_printed_holds_up_no_other(world: Any, make: Any) -> None:
    class Broken:
        def print(self, notice: dict[str, Any]) -> bytes:
            if "Kaputt" in notice["salutation"]:
                raise RuntimeError
            return b"%PDF-"

    await world.hear(make.submitted(addressee=Person(first_name="Karl", last_name="Kaputt")))
    await world.hear(make.submitted())
    printing, stop = Printing(world.database, Broken()), asyncio.Event()  # type: ignore[arg-type]
    worker = asyncio.create_task(printing.run(stop))
    for _ in range(100):
        if len(world.database.read_now(lambda store: store.notices_to_print(10))) == 1:
            break
        await asyncio.sleep(0.02)
    stop.set()
    await worker
    assert len(world.database.read_now(lambda store: store.notices_to_print(10))) == 1


def test_the_way_is_drawn_inside_its_box_with_both_ends() -> None:
    line = [[6.08 + i * 0.0001, 50.77 + (i % 7) * 0.0001] for i in range(2000)]
    drawn = picture({"coordinates": line})
    assert drawn is not None
    assert all(0 <= x <= WIDTH_MM and 0 <= y <= HEIGHT_MM for x, y in drawn["points"])
    assert len(drawn["points"]) <= 601
    assert thinned(line)[0] == (6.08, 50.77)
    assert thinned(line)[-1] == tuple(line[-1])
    assert drawn["points"][0][0] < drawn["points"][-1][0]
    assert picture({"coordinates": [[6.0, 50.0], [6.0, 50.0]]}) is None
    assert picture({"coordinates": []}) is None
    assert picture({"coordinates": [[6.0, 50.0], [6.0, 50.001]]})["bar_text"] == "50 m"  # type: ignore[index]
