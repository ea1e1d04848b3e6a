"""Logs of scanners: who may send, what is kept, what the operator sees of it."""

import asyncio
import csv
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.scan_log import CopyRow, DayKeyRow, ShownRow
from issuance.workflow.inspection.copies import CopyRules
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.scan_log import mark
from shared.database import Database
from shared.database.migration import configuration, upgrade
from support.databases import make_tables
from support.issuance.scan_log_house import NOW, House, entry
from support.json import text, whole
from support.making import make


@pytest.fixture
def house(house_url: str) -> Iterator[House]:
    one = House(house_url)
    yield one
    one.database.close()


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
