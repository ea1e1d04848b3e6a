"""Logs of scanners: who may send, what is kept, what the operator sees of it."""

import asyncio
import csv
import hashlib
import io
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from alembic import command
from fastapi import FastAPI, Header
from fastapi.testclient import TestClient
from issuance.api import scan_logs, who_may
from issuance.api.report_table import table_of
from issuance.domain.verdict import Verdict
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.scan_log import CopyRow, DayKeyRow, ShownRow
from issuance.workflow.inspection.copies import CELL_DEGREES, CopyRules, Meeting, suspicion
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.scan_log import Copy, Count, ScanLog, mark
from shared.database import Database
from shared.database.migration import configuration, upgrade
from shared.http import problems
from shared.identity import Caller
from shared.row_security.asking import asks
from sqlmodel import select
from support.databases import make_tables
from support.identity import PlainTokens
from support.json import Json, text, whole
from support.making import make
from support.standing_app import StandingApp, behind_gate

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


class Desk(PlainTokens):
    """Stands for the identity provider: the house says who asks."""

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        asks(self._house.who)
        return self._house.who


def _build(house: "House") -> FastAPI:
    app, desk = FastAPI(openapi_url=None), Desk(house)
    problems.install(app)
    app.include_router(scan_logs.router(house.recording, desk))
    return behind_gate(app, who_may.INTERFACE, desk)


APP = StandingApp(_build)


class House:
    def __init__(self, url: str) -> None:
        self.database = Database(url, InspectionStore)
        self.now = NOW
        self.recording = ScanLog(self.database, lambda: self.now, random.randbytes)
        self.act_as("inspector")
        self.http = TestClient(APP.serving(self))

    def act_as(self, role: str, name: str = "someone", operator: int | None = 32838) -> None:
        self.who = Caller(name, None, frozenset({role}), organisation_id=operator)

    def send(self, *entries: dict[str, object]) -> httpx.Response:
        answer: httpx.Response = self.http.post("/v1/inspections", json={"inspections": list(entries)})
        return answer

    def forget(self) -> None:
        asyncio.run(self.recording.forget())

    def rows(self, table: type[ShownRow | DayKeyRow | CopyRow]) -> list[dict[str, object]]:
        return list(
            self.database.read_now(lambda store: [one.model_dump() for one in store.session.exec(select(table))])
        )

    def report(self, operator: int = 32838) -> Json:
        self.act_as("operator", operator=operator)
        report: Json = self.http.get("/v1/inspections/report").json()
        return report


@pytest.fixture
def house(house_url: str) -> Iterator[House]:
    one = House(house_url)
    yield one
    one.database.close()


def entry(at: datetime = NOW, **changes: object) -> dict[str, object]:
    mark = hashlib.sha256(b"2026-11-23|32838|1").hexdigest()[:32]
    plain = {"id": str(uuid4()), "shown_at": at.isoformat(), "verdict": "valid", "colour": "green", "format": "qr"}
    return plain | {"organisation_id": 32838, "ticket": mark} | changes


def test_what_is_sent_twice_counts_once_and_the_report_counts_a_day(house: House) -> None:
    first, second = entry(), entry(verdict="revoked", colour="red")
    assert house.send(first, second).json() == {"kept": 2, "attention": []}
    assert house.send(first).status_code == 202
    report = house.report()
    assert [
        (text(one["day"]), text(one["verdict"]), text(one["colour"]), whole(one["count"])) for one in report["verdicts"]
    ] == [
        ("2026-11-23", "revoked", "red", 1),
        ("2026-11-23", "valid", "green", 1),
    ]
    assert report["copies"] == []


def test_an_operator_reads_what_its_own_inspectors_saw_and_no_number_of_anothers_ticket(house: House) -> None:
    know(house, 7)
    for operator in (32838, 32839):
        for number in range(CopyRules.scanners):
            house.act_as("inspector", f"inspector-{number}", operator)
            house.send(entry(ticket=of(7)))
    told: list[tuple[int, int | None]] = [(32838, 7), (32839, None)]
    for operator, told_number in told:
        report = house.report(operator)
        assert [one["count"] for one in report["verdicts"]] == [5]
        (copy,) = report["copies"]
        assert copy["number"] == told_number and copy["scanners"] == 5
        table = house.http.get("/v1/inspections/report.csv").text
        assert table.count("Kontrollen;") == 1 and (";7;" in table) == (told_number == 7)
    assert house.report(1) == {"verdicts": [], "copies": []}


def test_inspectors_of_another_operator_make_no_ticket_suspect(house: House) -> None:
    house.send(entry(NOW, ticket=of(7), cell="51.2,6.7"))
    house.act_as("inspector", "another", 32839)
    far = entry(NOW + timedelta(minutes=9), ticket=of(7), cell="51.5,7.4")
    assert house.send(far).json()["attention"] == []
    assert house.report()["copies"] == house.report(32839)["copies"] == []
    assert len({row["ticket"] for row in house.rows(ShownRow)}) == 2  # nor can anybody join them


def test_who_works_for_no_operator_sends_and_reads_nothing(house: House) -> None:
    house.act_as("inspector", operator=None)
    assert house.send(entry()).status_code == 403
    house.act_as("operator", operator=None)
    assert house.http.get("/v1/inspections/report").status_code == 403


def test_only_inspectors_send_and_only_operators_read(house: House) -> None:
    for role in ("guardian", "case_worker", "operator"):
        house.act_as(role)
        assert house.send(entry()).status_code == 403
    for role in ("guardian", "case_worker", "inspector"):
        house.act_as(role)
        assert house.http.get("/v1/inspections/report").status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Müßter"},
        {"cell": "51.2277,6.7735"},
        {"cell": "Düsseldorf"},
        {"cell": "99.9,999.9"},
        {"cell": "51.2,180.1"},
        {"cell": "٥١.2,6.7"},
        {"ticket": "436207616"},
        {"colour": "blue"},
        {"verdict": "fine"},
        {"shown_at": "2026-11-23"},
    ],
)
def test_a_log_with_names_numbers_or_inventions_is_refused(house: House, change: dict[str, object]) -> None:
    assert house.send(make(entry, **change)).status_code == 422


def test_entries_from_the_future_and_older_than_30_days_do_not_count_and_old_ones_are_erased(house: House) -> None:
    assert house.send(entry(NOW + timedelta(hours=1)), entry(NOW - timedelta(days=31))).json()["kept"] == 0
    assert house.send(entry(NOW)).json()["kept"] == 1
    house.now = NOW + timedelta(days=31)
    assert house.send(entry(house.now)).json()["kept"] == 1
    house.forget()
    assert [one["day"] for one in house.report()["verdicts"]] == ["2026-12-24"]


def of(number: int, day: str = "2026-11-23") -> str:
    return mark(datetime.fromisoformat(day).date(), 32838, number)


def know(house: House, number: int) -> None:
    ticket = KnownTicket(uuid4(), uuid4(), "101023", 32838, number, "issued")
    asyncio.run(house.database.write(lambda store: store.keep_state(ticket, 1)))


def test_a_ticket_before_too_many_scanners_on_one_day_is_told_as_a_copy_with_its_number(house: House) -> None:
    for number in range(300):
        know(house, number)
    told = []
    for number in range(CopyRules.scanners):
        assert house.report()["copies"] == []
        house.act_as("inspector", f"inspector-{number}")
        for _ in range(3):
            suspect, plain = entry(ticket=of(217)), entry(ticket=of(number))
            told.append(house.send(suspect, plain).json()["attention"] == [suspect["id"]])
    assert told == [False] * 12 + [True] * 3
    copy = {"day": "2026-11-23", "organisation_id": 32838, "number": 217, "reason": "many_scanners", "scanners": 5}
    assert house.report()["copies"] == [copy]


def test_a_ticket_in_two_towns_within_minutes_is_told_to_the_second_inspector_at_once(house: House) -> None:
    first = entry(NOW, ticket=of(7), cell="51.2,6.7")
    assert house.send(first).json()["attention"] == []
    house.act_as("inspector", "another")
    far = entry(NOW + timedelta(minutes=9), ticket=of(7), cell="51.5,7.4")
    assert house.send(far).json()["attention"] == [far["id"]]
    [copy] = house.report()["copies"]
    assert copy["reason"] == "too_fast" and copy["scanners"] == 2 and copy["number"] is None


@pytest.mark.parametrize(
    ("other", "minutes", "reason"),
    [
        ((51.2, 6.8), 0, None),  # the next cell may be across the street
        ((51.3, 6.8), 0, None),
        ((51.5, 7.4), 60, None),  # Düsseldorf to Dortmund by train
        ((51.5, 7.4), 15, "too_fast"),
        ((51.2, 9.4), 45, "too_fast"),
        (None, 0, None),
    ],
)
def test_only_a_speed_that_nobody_reaches_is_too_fast(
    other: tuple[float, float] | None, minutes: int, reason: str | None
) -> None:
    meetings = [Meeting("a", NOW, (51.2, 6.7)), Meeting("b", NOW + timedelta(minutes=minutes), other)]
    assert suspicion(meetings, CopyRules()) == reason


def test_a_scanner_with_a_wrong_position_makes_no_ticket_suspect_by_itself() -> None:
    jumps = [Meeting("a", NOW, (51.2, 6.7)), Meeting("a", NOW + timedelta(minutes=1), (0.0, 0.0))]
    assert suspicion(jumps, CopyRules()) is None
    assert suspicion([*jumps, Meeting("b", NOW, (51.5, 7.4))], CopyRules()) == "too_fast"


def test_honest_days_are_hardly_ever_suspected_and_shared_tickets_mostly_are() -> None:
    """Children who ride to and fro in their town, and tickets that two children far apart share."""
    draw, rules = random.Random(5), CopyRules()

    def day(places: list[tuple[float, float]], most: int) -> list[Meeting]:
        return [
            Meeting(f"{place}-{draw.randrange(3)}", NOW + timedelta(minutes=draw.randrange(600)), place)
            for place in places
            for _ in range(draw.randint(1, most))
        ]

    home = [(51.0 + draw.randrange(6) / 10, 6.5 + draw.randrange(9) / 10) for _ in range(20_000)]
    honest = [day([place, (place[0] + CELL_DEGREES, place[1])][: draw.randint(1, 2)], 1) for place in home]
    assert sum(suspicion(one, rules) is not None for one in honest) <= len(honest) * 0.0005
    shared = [day([place, (place[0] + 1.5, place[1] + 1.0)], 4) for place in home[:2000]]
    found = sum(suspicion(one, rules) is not None for one in shared) / len(shared)
    assert found > 0.6, found


def test_nothing_that_is_stored_can_be_made_anew_from_a_number_or_a_name(house: House) -> None:
    house.act_as("inspector", "inspector-yusuf")  # no hexadecimal digits: no random mark contains it
    house.send(entry(NOW, ticket=of(7), cell="51.2,6.7"), entry(NOW - timedelta(days=1), ticket=of(7, "2026-11-22")))
    rows = house.rows(ShownRow)
    assert len({row["ticket"] for row in rows}) == len({row["scanner"] for row in rows}) == 2  # another mark every day
    stored = str(rows)
    for known in (of(7), of(7, "2026-11-22"), "yusuf", hashlib.sha256(b"2026-11-23|inspector-yusuf").hexdigest()[:16]):
        assert known not in stored
    assert {getattr(row["shown_at"], "second", None) for row in rows} == {0}


def test_after_two_days_key_mark_minute_place_and_scanner_are_gone_and_counts_remain(house: House) -> None:
    for number in range(CopyRules.scanners):
        house.act_as("inspector", f"inspector-{number}")
        house.send(entry(ticket=of(7), cell="51.2,6.7"))
    house.now = NOW + timedelta(days=3)
    house.forget()
    assert house.rows(DayKeyRow) == []
    for row in house.rows(ShownRow):
        assert [row[name] for name in ("ticket", "scanner", "cell", "shown_at")] == [None] * 4
    assert [one["count"] for one in house.report()["verdicts"]] == [5]
    [copy] = house.rows(CopyRow)
    assert copy.keys() == {"day", "ticket", "organisation_id", "number", "reason", "scanners", "operator_id"}
    house.act_as("inspector")
    late = entry(NOW, ticket=of(7), cell="51.2,6.7")  # a scanner that comes home after days
    assert house.send(late).json() == {"kept": 1, "attention": []}
    assert house.rows(DayKeyRow) == [] and all(row["ticket"] is None for row in house.rows(ShownRow))
    house.now = NOW + timedelta(days=31)
    house.forget()
    assert house.rows(ShownRow) == house.rows(CopyRow) == []


def test_the_report_has_no_marks_minutes_or_places(house: House) -> None:
    for number in range(CopyRules.scanners):
        house.act_as("inspector", f"inspector-{number}")
        house.send(entry(ticket=of(7), cell="51.2,6.7"))
    report = house.report()
    assert {key for one in report["verdicts"] for key in one} == {
        "day",
        "organisation_id",
        "verdict",
        "colour",
        "count",
    }
    assert {key for one in report["copies"] for key in one} == {
        "day",
        "organisation_id",
        "number",
        "reason",
        "scanners",
    }


def test_postgresql_keeps_and_forgets_the_same(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "issuance", "migrations/inspection")
    house = House(url)
    know(house, 7)
    for number in range(CopyRules.scanners):
        house.act_as("inspector", f"inspector-{number}")
        house.send(entry(ticket=of(7), cell="51.2,6.7"))
    assert [(whole(one["number"]), whole(one["scanners"])) for one in house.report()["copies"]] == [(7, 5)]
    house.now = NOW + timedelta(days=3)
    house.forget()
    assert house.rows(DayKeyRow) == [] and all(row["ticket"] is None for row in house.rows(ShownRow))
    assert [one["count"] for one in house.report()["verdicts"]] == [5]
    house.database.close()


def test_the_report_is_a_table_that_a_spreadsheet_opens_for_operators_alone(house: House) -> None:
    house.send(
        entry(), entry(verdict="revoked", colour="red"), entry(verdict="unreadable", colour="amber", ticket=None)
    )
    for role in ("guardian", "case_worker", "inspector", "releaser"):
        house.act_as(role)
        assert house.http.get("/v1/inspections/report.csv").status_code == 403
    house.act_as("operator")
    answer = house.http.get("/v1/inspections/report.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="kontrollen.csv"'
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf") and text.endswith("\r\n")
    head, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert head[:6] == ["Art", "Tag", "Organisation", "Ergebnis", "Farbe", "Anzahl"]
    assert sorted(rows)[-1] == ["Kontrollen", "2026-11-23", "32838", "nicht lesbar", "gelb", "1", "", "", ""]
    english = house.http.get("/v1/inspections/report.csv?language=en").content.decode("utf-8-sig")
    assert english.startswith("Kind;Day;") and "Inspections;2026-11-23;32838;valid;green;1" in english


def test_no_cell_of_the_table_is_run_by_a_spreadsheet_and_every_code_has_words() -> None:
    day = date(2026, 11, 23)
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("a";"b")', "a;=1\r\n=2"):
        for table in (
            table_of([Count(day, 1, start, start, 1)], [], "de"),
            table_of([], [Copy(day, None, None, start, 2)], "en"),
        ):
            [_, row] = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
            assert len(row) == 9 and not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    codes = [*Verdict, "green", "amber", "red"]
    for language in ("de", "en"):
        told = table_of([Count(day, 1, code, "green", 1) for code in codes], [], language).decode()
        assert not any(f";{code};" in told for code in codes if "_" in code or language == "de")


def test_a_copy_is_a_line_of_the_table_with_its_number_and_reason() -> None:
    table = table_of([], [Copy(date(2026, 11, 23), 32838, 7, "too_fast", 2)], "de").decode("utf-8-sig")
    assert table.splitlines()[1] == "Verdacht auf Kopie;2026-11-23;32838;;;;7;zu schnell an zwei Orten;2"


def test_what_was_sent_before_it_was_kept_whose_it_is_counts_for_the_operator_of_the_ticket(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(configuration(url, "issuance", "migrations/inspection"), "0007")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for number, organisation in enumerate((32838, 32839, None)):
            row = {"id": UUID(int=number).hex, "day": NOW.date().isoformat(), "organisation": organisation}
            connection.execute(
                sa.text(
                    "INSERT INTO shown (id, day, verdict, colour, organisation_id)"
                    " VALUES (:id, :day, 'valid', 'green', :organisation)"
                ),
                row,
            )
    engine.dispose()
    upgrade(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)
    for operator in (32838, 32839):
        told = database.read_now(partial(InspectionStore.counts, operator_id=operator, since=NOW.date()))
        assert [(one.organisation_id, one.count) for one in told] == [(operator, 1)]
    database.close()
