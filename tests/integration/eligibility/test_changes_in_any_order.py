"""Whatever order a family's changes are heard in, it does not wait for ever: what is settled is told."""

from itertools import permutations

import pytest
from shared.events import ApplicationChanged
from support.both_services import BothServices
from support.family_messages import BODY, BOTH, granted

OPEN = "prüft Ihre Änderung"


async def _says(both: BothServices, path: str) -> str:
    return str((await both.shown(path))["status_text"]["de"])


@BOTH
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_changes_back_and_forth_are_settled_in_every_order(both: BothServices, order: tuple[int, ...]) -> None:
    """To class 8, back to 7, and a word: the last says what had been known."""
    path = await granted(both)
    for body in ({"changes": {"grade": "08"}}, {"changes": {"grade": BODY["grade"]}}, {"text": "Stimmt es so?"}):
        assert (await both.writes(path, **body)).status_code == 200
    assert OPEN in await _says(both, path)
    waiting = [each for each in both.on_the_way() if isinstance(each, ApplicationChanged)]
    for place in order:
        await both.deliver(waiting[place])
    await both.deliver_all()
    assert OPEN not in await _says(both, path)


@BOTH
async def test_of_two_changes_that_change_no_share_none_stays_open(both: BothServices) -> None:
    """Each concerns the share alone; the family's worker looks at them once."""
    path = await granted(both)
    nobody: list[dict[str, object]] = []
    born: list[dict[str, object]] = [{"birth_date": "2012-01-01", "funded": False}]
    for siblings in (born, nobody):
        assert (await both.writes(path, changes={"siblings": siblings})).status_code == 200
    assert OPEN in await _says(both, path)
    await both.deliver_all()
    while await both.world.families().settle():
        pass
    await both.deliver_all()
    assert OPEN not in await _says(both, path)


@BOTH
async def test_a_word_does_not_settle_a_change_that_a_person_looks_at(both: BothServices) -> None:
    path = await granted(both)
    assert (await both.writes(path, changes={"lives_in_nrw": False})).status_code == 200  # though the home lies there
    assert (await both.writes(path, text="Haben Sie es gesehen?")).status_code == 200
    await both.deliver_all()
    assert OPEN in await _says(both, path)
