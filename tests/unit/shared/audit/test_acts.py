"""Acts are enumerations: each is the string that is stored, and bears both texts."""

import json

import pytest
from shared.audit.acts import AuditAct, text_of
from shared.audit.chain import Head, link_act
from shared.errors import Text


class TicketAct(AuditAct):
    REVOKED = "revoked", "Ticket gesperrt", "Ticket revoked"
    NO_RESTORE = "no restore", "Aufheben abgelehnt", "Lifting refused"


class PassAct(AuditAct):
    MADE = "made", "Pass erstellt", "Pass made"


def test_an_act_is_its_stored_string_wherever_one_is_written_hashed_or_compared() -> None:
    assert TicketAct.NO_RESTORE in ("no restore",)
    assert f"{TicketAct.NO_RESTORE}" == str(TicketAct.NO_RESTORE) == "no restore"
    assert json.dumps([TicketAct.NO_RESTORE]) == '["no restore"]'
    hashed = {
        link_act(Head(), "a", ("2026-11-30T00:00:00.000000+00:00", "signer", act, "", "")).hash
        for act in (TicketAct.REVOKED, "revoked")
    }
    assert len(hashed) == 1


def test_an_act_is_read_in_both_languages() -> None:
    assert TicketAct.REVOKED.text == Text("Ticket gesperrt", "Ticket revoked")


def test_a_stored_act_is_found_in_its_enumeration_and_no_other_one_is() -> None:
    assert TicketAct.of("no restore") is TicketAct.NO_RESTORE
    assert TicketAct.of("made") is None


@pytest.mark.parametrize("act", [*TicketAct, *PassAct])
def test_the_text_of_a_stored_act_is_that_of_its_enumeration(act: AuditAct) -> None:
    assert text_of(str(act), TicketAct, PassAct) == act.text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("kept", Text("Zeilen geschrieben", "Rows written")),
        ("began: ticket", Text("Aufzeichnung begonnen: ticket", "Record began: ticket")),
        (
            "left: 0021",
            Text("Tabellen an früheres Programm übergeben: 0021", "Tables left to an earlier program: 0021"),
        ),
    ],
)
def test_what_the_trail_writes_itself_is_read_in_every_service(stored: str, text: Text) -> None:
    assert text_of(stored, TicketAct) == text


def test_an_act_that_a_later_program_wrote_is_shown_as_it_is_stored() -> None:
    assert text_of("sent to the moon", TicketAct, PassAct) == Text("sent to the moon", "sent to the moon")
