"""What an inspector sees, drawn out of the package alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp
from support.wallet_pass.front_picture import draw_front
from support.wallet_pass.tickets import NOW, VDV, make_pass
from wallet_pass.apple.package import AppleWallet
from wallet_pass.domain.designs import DEFAULT_DESIGN, ENDED, WAITING
from wallet_pass.domain.passes import Pass, State

SEEN = [
    (make_pass(), State.VALID),
    (make_pass(valid_from=NOW + timedelta(days=20)), State.NOT_YET_VALID),
    (make_pass(valid_until=NOW - timedelta(days=2)), State.EXPIRED),
    (replace(make_pass(), suspended=True), State.SUSPENDED),
    (make_pass(revoked_at=NOW), State.REVOKED),
]
BACKGROUND = {State.VALID: DEFAULT_DESIGN.background, State.NOT_YET_VALID: WAITING.background}


@pytest.mark.parametrize(("wallet_pass", "state"), SEEN, ids=[state for _, state in SEEN])
def test_a_front_has_its_states_colour_and_a_code_that_is_the_tickets_or_none(
    apple: AppleWallet, wallet_pass: Pass, state: State
) -> None:
    front = draw_front(apple.make(wallet_pass, DEFAULT_DESIGN, NOW), "de")
    background = BACKGROUND.get(state, ENDED.background)
    assert front.getpixel((2, front.height // 2)) == (background.red, background.green, background.blue)
    codes = [code.bytes for code in zxingcpp.read_barcodes(front)]
    assert codes == ([VDV] if state in (State.VALID, State.NOT_YET_VALID) else [])


def test_no_two_states_look_alike_in_either_language(apple: AppleWallet) -> None:
    drawn = {
        draw_front(apple.make(wallet_pass, DEFAULT_DESIGN, NOW), language).tobytes()
        for wallet_pass, _ in SEEN
        for language in ("de", "en")
    }
    assert len(drawn) == 2 * len(SEEN)
