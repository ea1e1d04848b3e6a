"""What comes to a return path: failures count, everything else does nothing, and nothing breaks the reader."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.mail.addresses import MailAddress
from shared.mail.reports import MOST_BYTES, Report, ReportKind, read_report
from shared.mail.return_paths import ReturnPaths
from support.mail.reports import absence, failure_report, old_report

PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))
MAIL = UUID(int=7)
PATH = PATHS.path_of(MAIL)
FAILURE = failure_report(PATH)


@pytest.mark.parametrize(
    "content, expected",
    [
        (FAILURE, Report(MAIL, ReportKind.FAILED, "5.1.1")),
        (FAILURE.replace(b"\n", b"\r\n"), Report(MAIL, ReportKind.FAILED, "5.1.1")),
        (failure_report(PATH, action="Failed", status="4.4.7"), Report(MAIL, ReportKind.FAILED, "4.4.7")),
        (failure_report(PATH, action="delayed", status="4.4.1"), Report(MAIL, ReportKind.OTHER)),
        (failure_report(PATH, action="delivered", status="2.0.0"), Report(MAIL, ReportKind.OTHER)),
        (failure_report(PATH, action="relayed", status="2.0.0"), Report(MAIL, ReportKind.OTHER)),
        (failure_report(PATH.upper()), Report(MAIL, ReportKind.FAILED, "5.1.1")),
        (old_report(PATH), Report(MAIL, ReportKind.FAILED)),
        (old_report(PATH).replace(b"<>", b"<a@b.example>"), Report(MAIL, ReportKind.OTHER)),
        (absence(PATH), Report(MAIL, ReportKind.OTHER)),
        (failure_report("zurueck@amt.example"), None),
        (failure_report(PATH[:-20] + "22@amt.example"), None),
        (b"", None),
    ],
)
def test_a_message_is_a_failure_of_a_mail_or_changes_nothing(content: bytes, expected: Report | None) -> None:
    assert read_report(content, PATHS) == expected


def test_a_code_has_figures_alone() -> None:
    said = FAILURE.replace(b"Status: 5.1.1", b"Status: zoe@example.org")
    assert read_report(said, PATHS) == Report(MAIL, ReportKind.FAILED)


def test_a_report_with_an_endless_letter_behind_it_is_read_from_its_beginning() -> None:
    assert read_report(FAILURE + b"x" * 2 * MOST_BYTES, PATHS) == Report(MAIL, ReportKind.FAILED, "5.1.1")


def test_parts_within_parts_within_parts_are_not_followed() -> None:
    head = f"Return-Path: <a@b.example>\nTo: {PATH}\n".encode()
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (each, each) for each in range(5000))
    assert read_report(head + nested, PATHS) == Report(MAIL, ReportKind.OTHER)
    messages = b"Content-Type: message/rfc822\n\n" * 5000
    assert read_report(head + messages, PATHS) == Report(MAIL, ReportKind.OTHER)


@given(st.integers(0, len(FAILURE)), st.integers(0, len(FAILURE)), st.binary(max_size=40))
def test_a_report_that_is_cut_or_spoilt_is_read_or_does_nothing(start: int, end: int, instead: bytes) -> None:
    found = read_report(FAILURE[:start] + instead + FAILURE[end:], PATHS)
    assert found is None or found.mail_id == MAIL


@given(st.binary(max_size=2000))
def test_foreign_bytes_do_nothing(content: bytes) -> None:
    assert read_report(content, PATHS) is None
