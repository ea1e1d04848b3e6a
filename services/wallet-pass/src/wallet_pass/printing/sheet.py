"""Cards for a class, and the list on which each who gets one signs, as data for the template. Pure."""

from collections.abc import Sequence

from wallet_pass.printing.content import Content, breakable, card_of, fill_in, words
from wallet_pass.printing.words import PAPER, REASONS
from wallet_pass.workflow.ports import HandOut


def sheet_content(hand_out: HandOut) -> Content:
    """In the order in which it is given."""
    return {
        "title": [PAPER["sheet_title"].de, PAPER["sheet_title"].en],
        "part": fill_in(PAPER["part"], part=str(hand_out.part), parts=str(hand_out.parts))
        if hand_out.parts > 1
        else None,
        "words": words(),
        "first_place": hand_out.first_place,
        "tickets": [card_of(each.wallet_pass, each.design) for each in hand_out.passes],
        "list_names": _list_names(hand_out),
        "left_out": [[str(application), *_reason(reason)] for application, reason in hand_out.left_out],
    }


def _list_names(hand_out: HandOut) -> Sequence[str]:
    tickets = (each.wallet_pass.ticket for each in hand_out.passes)
    return [breakable(", ".join(part for part in (each.last_name, each.first_name) if part)) for each in tickets]


def _reason(reason: str) -> list[str]:
    return [REASONS[reason].de, REASONS[reason].en]
