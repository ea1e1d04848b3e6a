"""Letters go to the home that a family has on that day."""

from datetime import date

from eligibility.domain.letters import letters_before, letters_to
from eligibility.domain.submission import PostalAddress, Submission

OLD, NEW, THIRD = (
    PostalAddress(street=each, house_number="1", postal_code="33100", city="Eschenborn")
    for each in ("Alte Str.", "Neue Str.", "Dritte Str.")
)
TOLD, MOVES = date(2026, 11, 29), date(2027, 2, 1)


def after(known: Submission, told: PostalAddress, from_: date | None, day: date) -> Submission:
    before = letters_before(known, told, from_, day)
    kept: Submission = {"addressee_address": told}
    return kept | ({"letters_before": before} if before is not None else {})


def test_until_a_family_moves_its_letters_go_to_where_it_lives() -> None:
    kept = after({"addressee_address": OLD}, NEW, MOVES, TOLD)
    assert letters_to(kept, date(2027, 1, 31)) == OLD
    assert letters_to(kept, MOVES) == NEW


def test_a_home_told_for_today_or_before_counts_at_once() -> None:
    for day in (TOLD, date(2026, 9, 1), None):
        assert letters_to(after({"addressee_address": OLD}, NEW, day, TOLD), TOLD) == NEW


def test_what_is_told_besides_before_the_move_leaves_it_so() -> None:
    kept = after({"addressee_address": OLD}, NEW, MOVES, TOLD)
    again = after(kept, NEW, date(2026, 12, 15), date(2026, 12, 1))
    assert letters_to(again, date(2027, 1, 31)) == OLD and letters_to(again, MOVES) == NEW
    assert letters_to(after(kept, OLD, None, date(2026, 12, 1)), MOVES) == OLD
    later = after(kept, THIRD, date(2027, 3, 1), date(2026, 12, 1))
    assert letters_to(later, date(2027, 2, 28)) == OLD and letters_to(later, date(2027, 3, 1)) == THIRD


def test_what_was_erased_has_no_address() -> None:
    assert letters_before({}, NEW, MOVES, TOLD) is None and letters_to({}, TOLD) is None
