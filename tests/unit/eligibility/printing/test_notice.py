"""Notices: what they say, and that nothing in a name can break or change them."""

import io
import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from xml.etree import ElementTree

import pikepdf
import pytest
import typst
from eligibility.domain.ids import NoticeToken
from eligibility.domain.kept_routes import KeptRoute
from eligibility.notice.content import notice_content
from eligibility.notice.notice import Notice, ReasonsSection
from eligibility.printing.press import MAP_HEIGHTS_MM, Press
from eligibility.printing.route import draw_route
from eligibility.printing.worker import NoticePrinter
from eligibility.store.figures import figures
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.case_queries import CaseFilter
from geography.drawing.legend import SMALL
from geography.model.types import WithoutHazards
from prometheus_client import REGISTRY
from shared.events import EligibilityGranted, Person
from shared.runtime.backlog import count_failing
from shared.typesetting import Typesetter
from structlog.testing import capture_logs
from support import needs
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import JsonObject, text

PRESS = Press()
# letters of String.Latin+ (DIN 91379) beyond Latin-1 and Latin Extended-A, with combining marks, and its other signs
LATIN = (
    "A̋ C̀ C̄ C̆ C̈ C̕ C̣ C̦ C̨̆ D̂ F̀ F̄ G̀ H̄ H̦ H̱ J́ J̌ K̀ K̂ K̄ K̇ K̕ K̛ K̦ K͟H K͟h L̂ L̥ L̥̄ L̦ M̀ M̂ M̆ M̐ N̂ N̄ N̆ N̦ "
    "P̀ P̄ P̕ P̣ R̆ R̥ R̥̄ S̀ S̄ S̛̄ S̱ T̀ T̄ T̈ T̕ T̛ U̇ Z̀ Z̄ Z̆ Z̈ Z̧ k͟h ß̈ ć̣ Û̄ û̄ "
    "Đặng Ș ș Ț ț Ə ə Ǥ ǥ Ƶ ƶ Ʒ ʒ Ǯ ǯ Ơ ơ Ư ư Ɨ ɨ ẞ ẚ Ẁ ẁ Ỳ ỳ Ǻ ǻ Ǿ ǿ ʹ ʺ ʼ ʾ ʿ ˈ ˌ ’ ‘ ‡ € № ′ ″ ≤ ≥"
)


def content(world: World, number: int = 0) -> JsonObject:
    due = world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))
    return due[number].content


def texts(notice: JsonObject) -> str:
    return " ".join(text(paragraph["text"]) for section in notice["sections"] for paragraph in section["paragraphs"])


async def test_a_grant_says_what_from_when_to_when_and_how_to_challenge_it(world: World) -> None:
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
    assert ["Kürzester Fußweg", "2.500,0\N{NO-BREAK SPACE}m"] in reasons["figures"]
    assert all(each["legal_basis"] for each in reasons["reasons"])


async def test_a_refusal_begins_with_what_decided_it_and_bears_a_name(world: World) -> None:
    from eligibility.domain.ids import CaseId
    from shared.identity import Caller

    world.measurer.answer = MeasuredRoutes(make.measurement(1983.0), ("100003", make.measurement(1900.4)))
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.desk.release(Caller("anna", "12345", frozenset({"releaser"})), CaseId(case.id))
    notice = content(world)
    reasons = next(section for section in notice["sections"] if section["title"] == "Begründung")
    assert "1.900,4\N{NO-BREAK SPACE}m" in reasons["reasons"][0]["text"]
    assert reasons["figures"][0] == [
        "Kürzester Fußweg zur nächstgelegenen Schule (Schule 100003)",
        "1.900,4\N{NO-BREAK SPACE}m",
    ]
    assert text(notice["closing"]).startswith("Im Auftrag")
    assert "abgelehnt" in texts(notice)
    assert PRESS.print(notice).startswith(b"%PDF-")


async def test_the_pdf_is_tagged_in_german_with_a_title_and_always_the_same(world: World) -> None:
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
async def test_a_name_is_shown_and_never_run(world: World, name: str) -> None:
    await world.hear(
        make.submitted(addressee=Person(first_name="", last_name=name), child=Person(first_name=name, last_name=name))
    )
    notice = content(world)
    assert notice["addressee"][0] == name
    assert PRESS.print(notice).startswith(b"%PDF-")


async def test_a_sign_that_cannot_be_shown_changes_nothing_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.hear(make.submitted())
    notice = content(world)
    reasons = next(section for section in notice["sections"] if section["title"] == "Begründung")["reasons"]
    assert any("\N{NO-BREAK SPACE}" in each["legal_basis"] for each in reasons)
    tried: list[Mapping[str, object]] = []
    compiled = Typesetter._compile

    def watched(typesetter: Typesetter, template: bytes, data: Mapping[str, object], moment: datetime) -> bytes:
        tried.append(data)
        return compiled(typesetter, template, data, moment)

    monkeypatch.setattr(Typesetter, "_compile", watched)
    assert PRESS.print({**notice, "salutation": "Guten Tag 😀"}).startswith(b"%PDF")
    first, second = tried
    assert second == {**first, "salutation": "Guten Tag □"}


def waiting_for_print(world: World) -> float | None:
    world.database.read_now(lambda store: figures(store, world.environment.now()))
    return REGISTRY.get_sample_value("work_waiting", {"kind": "printing"})


async def test_the_worker_prints_what_is_due_and_keeps_the_first_print(world: World) -> None:
    for _ in range(3):
        await world.hear(make.submitted())
    assert waiting_for_print(world) == 3
    await NoticePrinter(world.database, PRESS, world.environment.now).print_due()
    assert world.database.read_now(lambda store: store.notices_to_print(10, world.environment.now())) == []
    assert waiting_for_print(world) == 0
    token = first_token(world)
    assert printed(world, token).startswith(b"%PDF-")
    world.database.write_now(lambda store: store.set_pdf(token, b"another"))
    assert printed(world, token).startswith(b"%PDF-")


def first_token(world: World) -> NoticeToken:
    """Of the notice of the first decision."""
    url = world.told_as(EligibilityGranted, 0).notice_url
    assert url is not None
    return NoticeToken(url.rsplit("/", 1)[1])


def printed(world: World, token: NoticeToken) -> bytes:
    notice = world.database.read_now(lambda store: store.notice(token))
    assert notice is not None and notice.pdf is not None
    return notice.pdf


class Broken(Press):
    """A press that cannot print one family's notice until it is mended."""

    broken = True

    def print(self, content: dict[str, object]) -> bytes:
        if self.broken and "Kaputt" in text(content["salutation"]):
            raise RuntimeError(content["salutation"])
        return b"%PDF-"


async def test_a_notice_that_cannot_be_printed_holds_up_no_other(world: World) -> None:
    await world.hear(make.submitted(addressee=Person(first_name="Karl", last_name="Kaputt")))
    await world.hear(make.submitted())
    printing, now = NoticePrinter(world.database, Broken(), world.environment.now), world.environment.now()
    with capture_logs() as lines:
        await printing.print_due()
    due = world.database.read_now(lambda store: store.notices_to_print(10, now + timedelta(seconds=1)))
    assert len(due) == 1
    assert "Kaputt" in due[0].content["salutation"]
    assert world.database.read_now(lambda store: store.notices_to_print(10, now)) == [], "it comes again later"
    assert "Kaputt" not in str(lines)


async def test_a_notice_that_was_put_aside_is_printed_for_who_asks_for_it(world: World) -> None:
    await world.hear(make.submitted(addressee=Person(first_name="Karl", last_name="Kaputt")))
    press, time = Broken(), [world.environment.now()]
    printing = NoticePrinter(world.database, press, lambda: time[0])
    for _ in range(10):
        await printing.print_due()
        time[0] += timedelta(minutes=5)
    counted = world.database.read_now(lambda store: count_failing(store.session, time[0]))
    assert counted == {"printing": (1, 0)}
    press.broken = False
    assert await printing.pdf(first_token(world)) == b"%PDF-"
    assert world.database.read_now(lambda store: count_failing(store.session, time[0])) == {}


HAZARD = {
    "id": "h", "kind": "stretch", "line": [[8.75, 51.71], [8.755, 51.715]], "ways": [], "reason": "Kein {Gehweg} & Licht",
    "season": "", "levels": [], "decided_on": "2026-03-01",
}  # fmt: skip
AROUND = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.751, 51.72], [8.76, 51.72]]}


async def notice_with_hazard(world: World, *, decides: bool) -> Notice:
    """Of a grant whose way meets a hazard; `decides`: because of it."""
    await world.hear(make.submitted())
    case, known = world.database.read_now(lambda store: store.page("12345", CaseFilter(), 1, 0)).cases[0]
    assert known is not None
    safe = WithoutHazards(2345.6, AROUND, (HAZARD,))
    way = make.measurement(1990.0, without_hazards=safe, lenient_m=1950.0, strict_m=None).as_json()
    because = {
        "rule": "dangerous_route",
        "result": "met",
        "legal_basis": "§ 6 Abs. 2 SchfkVO",
        "text": "T",
        "text_en": "T",
    }
    reasons = (*known.reasons, *([because] if decides else []))
    decision = replace(known, routes={"attended": cast("KeptRoute", way)}, distance_m=1990.0, reasons=reasons)
    return notice_content(make.authority(), case, decision)


async def test_the_second_distance_stands_among_the_figures_only_where_it_decides(world: World) -> None:
    def figures(notice: Notice) -> dict[str, str]:
        section = next(each for each in notice["sections"] if each["title"] == "Begründung")
        return dict(cast("ReasonsSection", section)["figures"])

    row = "Kürzester Fußweg ohne die Gefahrenstellen"
    assert figures(await notice_with_hazard(world, decides=True))[row] == "2.345,6\N{NO-BREAK SPACE}m"
    assert row not in figures(await notice_with_hazard(world, decides=False))


async def test_the_picture_shows_way_hazard_both_readings_and_ends_and_the_press_prints_it(world: World) -> None:
    notice = json.loads(json.dumps(await notice_with_hazard(world, decides=True)))
    picture = draw_route(notice)
    assert picture is not None
    root = ElementTree.fromstring(picture)
    said = " ".join(root.itertext())
    for part in ("1.990,0 m", "1.950,0 m", "kein Weg", "2.345,6 m", "Kein {Gehweg} & Licht", "01.03.2026", "Wohnung",
                 "Eingang", "OpenStreetMap"):  # fmt: skip
        assert part in said
    classes = [each.get("class") for each in root.iter() if each.get("class")]
    assert {"way", "safe", "hazard", "door", "entrance", "bar"} <= set(classes)
    with pikepdf.open(io.BytesIO(PRESS.print(notice))) as pdf:
        assert len(pdf.pages) >= 2
    met = HAZARD | {"reason": "Gefahr 😀 中"}
    notice["route"]["without_hazards"]["met"] = [met]
    assert PRESS.print(notice).startswith(b"%PDF")


@pytest.mark.parametrize("line", [
    [[6.083, 50.776], [6.09, 50.7765], [6.1, 50.7755], [6.12, 50.776]], [[6.083, 50.776], [6.082, 50.79], [6.085, 50.795]],
    [[6.083, 50.776], [6.09, 50.78], [6.1, 50.781]],
])  # fmt: skip
async def test_the_map_can_be_read_in_print_and_two_sheets_stay_enough(world: World, line: list[list[float]]) -> None:
    await world.hear(make.submitted())
    notice = json.loads(json.dumps(content(world)))
    notice["route"]["geometry"]["coordinates"] = line
    with pikepdf.open(io.BytesIO(PRESS.print(notice))) as pdf:
        assert len(pdf.pages) == 2
    _, _, wide, high = ElementTree.fromstring(draw_route(notice) or "").get("viewBox", "").split()
    millimetre = min(165 / float(wide), MAP_HEIGHTS_MM[0] / float(high))
    assert float(high) * millimetre >= 75
    assert SMALL * millimetre >= 2.3, "letters as high as in a newspaper"


async def test_a_notice_written_before_the_picture_had_a_legend_is_still_printed(world: World) -> None:
    await world.hear(make.submitted())
    notice = content(world) | {"route": {"geometry": AROUND}}
    assert PRESS.print(notice).startswith(b"%PDF")
    assert 'class="way"' in (draw_route(notice) or "")
    assert draw_route(notice | {"route": None}) is None
    assert (
        draw_route(notice | {"route": {"geometry": {"type": "LineString", "coordinates": [[6.0, 50.0], [6.0, 50.0]]}}})
        is None
    )


def words_on_first_sheet(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each word with its left and upper edge in millimetres."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    page = ElementTree.fromstring(told)
    found = page.iter("{http://www.w3.org/1999/xhtml}word")
    return [
        (each.text or "", float(each.attrib["xMin"]) * 25.4 / 72, float(each.attrib["yMin"]) * 25.4 / 72)
        for each in found
    ]


@needs.program("pdftotext", package="poppler-utils")
async def test_the_recipient_stands_in_the_window_and_no_word_of_the_address_is_broken(world: World) -> None:
    """DIN 5008, form B: recipient from 62.7 to 90 mm, 25 mm from the left; the text begins below the window."""
    await world.hear(
        make.submitted(addressee=Person(first_name="Maximiliane", last_name="Freifrau von Hohenlohe-Schillingsfürst"))
    )
    found = words_on_first_sheet(PRESS.print(content(world)))
    recipient = [each for each in found if 61.0 < each[2] < 90.0 and each[1] < 105.0]
    assert [word for word, _, _ in recipient[:5]] == [
        "Maximiliane",
        "Freifrau",
        "von",
        "Hohenlohe-Schillingsfürst",
        "Kirchstr.",
    ]
    assert recipient[0][1:] == pytest.approx((25.0, 62.7), abs=1.0)
    assert all(top + 4.0 < 90.0 for _, _, top in recipient)
    assert min(top for word, _, top in found if word == "Bescheid") == pytest.approx(98.5, abs=2.0)
