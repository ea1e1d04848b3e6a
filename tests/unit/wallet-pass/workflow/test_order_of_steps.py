"""What a pass shows follows from the steps of its ticket, not from the clock of who told them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from shared.events import TicketRestored
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW, OLD, TicketStory
from wallet_pass.domain.passes import Pass
from wallet_pass.domain.tickets import TicketState

HOURS = st.floats(min_value=-3, max_value=3, allow_nan=False)
STEPS = st.lists(st.tuples(st.sampled_from(["suspended", "restored", "renewed"]), HOURS), min_size=1, max_size=8)


def told(step: int, what: str, hours: float) -> Callable[[TicketState], TicketState]:
    at = NOW + timedelta(minutes=step, hours=hours)

    def apply(known: TicketState) -> TicketState:
        if what == "renewed":
            return known.renewed(at, step, b"%d" % step, str(step))
        return known.switched(at, step, suspended=what == "suspended")

    return apply


@given(STEPS, st.randoms())
def test_steps_count_in_whatever_order_and_however_often_they_are_told_by_a_clock_that_wanders(
    story: Sequence[tuple[str, float]], random: Random
) -> None:
    steps = [told(number, what, hours) for number, (what, hours) in enumerate(story, start=2)]
    in_order = TicketState(OLD)
    for step in steps:
        in_order = step(in_order)
    heard = steps * 2
    random.shuffle(heard)
    out_of_order = TicketState(OLD)
    for step in heard:
        out_of_order = step(out_of_order)
    assert out_of_order == in_order
    switches = [what for what, _ in story if what != "renewed"]
    assert in_order.suspended == (switches[-1:] == ["suspended"])


@given(st.permutations(["with a step", "without"]))
def test_what_was_told_before_steps_were_counted_is_older_than_whatever_has_one(order: list[str]) -> None:
    known = TicketState(OLD)
    for each in order:
        if each == "without":
            known = known.switched(NOW + timedelta(hours=2), 0, suspended=True)
        else:
            known = known.switched(NOW, 3, suspended=False)
    assert not known.suspended


def test_a_pass_restored_by_a_clock_that_went_back_bears_its_code_again(running: WalletService) -> None:
    story = TicketStory()
    running.hear(story.old())
    running.hear(story.suspended(30).model_copy(update={"step": 2}))
    assert not _shown(running).bears_barcode
    running.hear(story.restored(1).model_copy(update={"step": 3}))
    assert _shown(running).bears_barcode


def test_what_is_announced_heals_a_pass_that_missed_it(running: WalletService) -> None:
    story = TicketStory()
    running.hear(story.old())
    running.hear(story.suspended(30).model_copy(update={"step": 2}))
    # it was restored (3), signed anew (4) and got another last day (5), which nobody heard here
    running.hear(
        story.restored(0).model_copy(update={"step": 5}),
        story.renewed(0, b"\x9e\x81\x80new codeVDV\x11\x10").model_copy(update={"step": 5}),
        story.ends(0, 5, None),
    )
    shown = _shown(running)
    assert shown.bears_barcode and shown.ticket.vdv.startswith(b"\x9e\x81\x80new code")
    # told once more, nothing changes
    running.time[0] += timedelta(minutes=1)
    running.hear(replace_time(story.restored(5).model_copy(update={"step": 5})))
    assert _shown(running) == shown


def replace_time(event: TicketRestored) -> TicketRestored:
    return event.model_copy(update={"occurred_at": NOW + timedelta(hours=5)})


def _shown(running: WalletService) -> Pass:
    kept = running.database.read_now(lambda tables: tables.by_ticket(OLD))
    assert kept is not None
    return replace(kept.wallet_pass)
