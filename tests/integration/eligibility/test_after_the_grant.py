"""What a family writes, sends and changes after its grant has run out with the school year, or was ended before."""

import sys
from datetime import UTC, date, datetime, tzinfo
from typing import Self

import pytest
from eligibility.domain.ending import Ending
from eligibility.workflow import MeasuredRoutes
from support.both_services import BothServices
from support.eligibility import small_place
from support.eligibility.office import ANNA
from support.family_messages import BOTH, LOST, PDF, granted, messages, number_of, pile
from support.json import text

AFTERWARDS = datetime(2027, 9, 20, 10, 0, tzinfo=UTC)


def move_to(moment: datetime, both: BothServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clocks of both services."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz or UTC)

    for name, module in list(sys.modules.items()):
        if name.startswith("application.") and getattr(module, "datetime", None) in (
            datetime,
            *datetime.__subclasses__(),
        ):
            monkeypatch.setattr(module, "datetime", Moved)
    both.world.clock[0] = moment


async def heard(both: BothServices, path: str, day: str) -> None:
    """A text and a document lie on the pile, and the family reads on whose and until when. `day`: on which it writes."""
    assert (await both.writes(path, text=LOST)).status_code == 200
    assert (await both.sends(path, "key-87654321", PDF)).status_code == 201
    await both.deliver_all()
    kept = messages(both)
    assert {each.text for each in kept if not each.is_document} == {LOST}
    assert any(each.is_document for each in kept) and all(each.read_at is None for each in kept)
    assert await pile(both) == 1
    shown = await both.shown(path)
    assert text(shown["messages"][-1]["look_by"]) > day and text(shown["documents"][-1]["look_by"]) > day
    assert "bis zum" in shown["timeline"][-1]["text"]["de"]


@BOTH
async def test_what_is_written_or_sent_after_the_school_year_is_heard(
    both: BothServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await granted(both)
    move_to(AFTERWARDS, both, monkeypatch)
    await heard(both, path, "2027-09-20")


@BOTH
async def test_a_text_beside_a_change_after_the_school_year_is_heard_and_the_change_is_settled(
    both: BothServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day after the school year is none from which a change of it can hold: told at its field."""
    path = await granted(both)
    move_to(AFTERWARDS, both, monkeypatch)
    late = await both.writes(path, changes={"grade": "08"}, changed_from="2027-09-01")
    assert late.status_code == 422 and "changed_from" in late.text
    written = await both.writes(path, text="Wir sind umgezogen.", changes={"grade": "08"})
    said = written.json()["timeline"][-1]["text"]["de"]
    assert "Wir haben Ihre Änderung erhalten" in said and "gilt bis dahin weiter" not in said
    await both.deliver_all()
    assert [each.text for each in messages(both)] == ["Wir sind umgezogen."] and await pile(both) == 1
    assert both.world.case_of(number_of(both)).change_number == 1
    assert "Die Zeit ist schon vorbei" in (await both.shown(path))["status_text"]["de"]


@BOTH
async def test_what_is_written_or_sent_after_an_end_is_heard(both: BothServices) -> None:
    path = await granted(both)
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    await both.writes(path, changes={"school_number": "100007"}, changed_from="2027-01-15")
    await both.deliver_all()
    case = both.world.case_of(number_of(both))
    await both.world.desk.release(ANNA, case.id, Ending(date(2027, 1, 14), "3", "Eigene Angaben"))
    await both.deliver_all()
    await heard(both, path, both.world.clock[0].date().isoformat())


@BOTH
async def test_a_change_is_said_to_leave_the_grant_in_force_as_long_as_one_is(
    both: BothServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await granted(both)
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    before = await both.writes(path, changes={"school_number": "100007"}, changed_from="2027-01-15")
    assert "gilt bis dahin weiter" in before.json()["timeline"][-1]["text"]["de"]
    await both.deliver_all()
    case = both.world.case_of(number_of(both))
    await both.world.desk.release(ANNA, case.id, Ending(date(2027, 1, 14), "3", "Eigene Angaben"))
    await both.deliver_all()
    move_to(datetime(2027, 1, 14, 22, 59, tzinfo=UTC), both, monkeypatch)
    last = await both.writes(path, changes={"grade": "09"})
    assert "gilt bis dahin weiter" in last.json()["timeline"][-1]["text"]["de"]
    move_to(datetime(2027, 1, 14, 23, 1, tzinfo=UTC), both, monkeypatch)
    after = await both.writes(path, changes={"grade": "07"})
    assert "gilt bis dahin weiter" not in after.json()["timeline"][-1]["text"]["de"]
