"""What the audit trail keeps of an act stays as it was kept first; each has words in both languages."""

import json

import pytest
from eligibility.domain.acts import DECIDED, OF_TICKET, ActKind
from shared.audit.acts import text_of
from shared.errors import Text

KEPT = (
    "answered", "asked", "carried on", "decided: granted", "decided: refused", "document handed in", "document removed",
    "door dropped", "door set", "end learnt", "ended", "entrances drawn", "entrances imported", "facts changed",
    "given back", "grant ended", "hazard ended", "hazard set", "heard", "loss reported", "may be double",
    "may be siblings", "message read", "not carried on", "notice delivered", "notice retrieved", "opened",
    "override confirmed", "override dropped", "override proposed", "own share dropped", "prepared", "proof recognised",
    "released", "right to ride asked", "right to ride revoked", "rule set: changed", "rule set: drafted",
    "rule set: published", "rule set: tried", "self payer ordered", "taken", "ticket: replace", "ticket: restore",
    "ticket: revoke", "ticket: suspend", "withdrawn", "wrote",
)  # fmt: skip
"""They stand in chains of authorities: none may be renamed or taken away."""


def test_every_act_that_was_ever_kept_is_known_by_its_name() -> None:
    assert set(KEPT) <= {each.value for each in ActKind}


@pytest.mark.parametrize("act", ActKind)
def test_an_act_has_words_in_both_languages(act: ActKind) -> None:
    assert act.text.de and act.text.en and act.text.de != act.text.en
    assert text_of(act.value, ActKind) == act.text


def test_no_two_acts_have_the_same_words() -> None:
    assert len({each.text.de for each in ActKind}) == len({each.text.en for each in ActKind}) == len(ActKind)


def test_an_act_is_kept_as_plain_text() -> None:
    assert type(str(ActKind.TAKEN)) is str and json.dumps({"act": ActKind.TAKEN}) == '{"act": "taken"}'


def test_of_an_act_that_a_later_program_kept_its_name_is_shown() -> None:
    assert text_of("something of later", ActKind) == Text("something of later", "something of later")


def test_decisions_and_changes_of_tickets_have_their_acts() -> None:
    assert {f"decided: {outcome}": str(act) for outcome, act in DECIDED.items()} == {
        str(act): str(act) for act in DECIDED.values()
    }
    assert all(str(act) == f"ticket: {change}" for change, act in OF_TICKET.items())
