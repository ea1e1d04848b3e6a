"""A return path leads to its mail, and nobody makes one who has not received it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.mail.addresses import MailAddress
from shared.mail.return_paths import ReturnPaths

PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))
MAIL = UUID(int=7)


@given(st.uuids())
def test_a_path_leads_back_to_its_mail_also_in_capitals(mail_id: UUID) -> None:
    path = PATHS.path_of(mail_id)
    assert PATHS.find_mail(path) == PATHS.find_mail(path.upper()) == PATHS.find_mail(f" <{path}> ") == mail_id
    assert len(path.partition("@")[0]) <= 64
    MailAddress.parse(path)


@given(st.integers(0, 41), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_path_with_another_sign_leads_nowhere(place: int, sign: str) -> None:
    path = PATHS.path_of(MAIL)
    at = path.index("+") + 1 + place
    forged = path[:at] + sign + path[at + 1 :]
    # two bits of the 26th sign carry nothing
    assert forged == path or PATHS.find_mail(forged) is None


@given(st.text(max_size=120))
def test_other_recipients_lead_nowhere(text: str) -> None:
    assert PATHS.find_mail(text) is None


def test_another_key_another_mailbox_and_another_server_lead_nowhere() -> None:
    path = PATHS.path_of(MAIL)
    assert ReturnPaths(PATHS.mailbox, bytes(31) + b"1").find_mail(path) is None
    assert PATHS.find_mail(path.replace("zurueck", "andere")) is None
    assert PATHS.find_mail(path.replace("amt.", "b.")) is None


@pytest.mark.parametrize("text", [f"{'a' * 22}@amt.example", "zurück@amt.example"])
def test_a_mailbox_that_leaves_no_room_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ReturnPaths(MailAddress.parse(text), bytes(32))
