"""Mails go from a row to a real, strict server, once; what comes back is noticed. On SQLite and PostgreSQL."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from shared.database import Database
from shared.errors import Text, Unavailable
from shared.mail import (
    Mail,
    MailAddress,
    MailEnd,
    MailRows,
    MailSender,
    MailSending,
    MailState,
    MailTemplate,
    MailTerms,
    ReportsFolder,
    mail_table,
    sending,
)
from shared.mail.return_paths import ReturnPaths
from shared.mail.smtp import Submission
from sqlmodel import Session
from structlog.testing import capture_logs
from support.databases import on_both
from support.mail.reports import absence, deliver, failure_report, make_maildir
from support.mail.server import PASSWORD, USER, StrictServer, strict_server

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
own = sa.MetaData()
table = mail_table(own, sa.Column("about", sa.String(36)))
HINT = MailTemplate(
    Text("Im Portal liegt etwas für Sie", "There is something for you"),
    (Text("Bitte melden Sie sich an: dort können Sie es lesen.", "Please sign in to read it."),),
    Text("Zur Anmeldung:", "To the sign-in:"),
)
PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))
ZOE = "zoe@example.org"


@dataclass
class Store:
    session: Session
    ends: list[MailEnd]

    @property
    def mails(self) -> MailRows:
        return MailRows(self.session, table)


def note_end(store: Store, end: MailEnd) -> None:
    store.ends.append(end)


@dataclass
class Office:
    """A service that sends mails."""

    database: Database[Store]
    submission: Submission
    ends: list[MailEnd]
    now: datetime = NOW

    def __post_init__(self) -> None:
        sender = MailSender(MailAddress.parse("noreply@amt.example"), 'Stadt "Müster"')
        terms = MailTerms(sender, PATHS, timedelta(hours=48), {"hint": HINT})
        self.sending = MailSending(self.database, self.submission, terms, lambda: self.now, note_end)

    def queue(self, number: int, address: str = ZOE, language: str = "de") -> bool:
        mail = Mail(
            UUID(int=number),
            "hint",
            "en" if language == "en" else "de",
            address,
            "https://amt.example/family",
            self.now,
        )
        return self.database.write_now(lambda store: store.mails.queue(mail, about="family"))

    def row(self, number: int) -> sa.RowMapping:
        query = sa.select(table).where(table.c.id == str(UUID(int=number)))
        return self.database.read_now(lambda store: store.session.connection().execute(query).mappings().one())

    async def after(self, **time: float) -> None:
        self.now += timedelta(**time)
        while await self.sending.work():
            pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StrictServer]:
    with strict_server(tmp_path) as running:
        yield running


def submission(server: StrictServer, folder: Path, password: str = PASSWORD) -> Submission:
    file = folder / "mail-password"
    file.write_text(f"{password}\n")
    return Submission("localhost", server.port, "starttls", server.ca_file, USER, file, 10)


@pytest.fixture
def office(database_url: str, server: StrictServer, tmp_path: Path) -> Iterator[Office]:
    ends: list[MailEnd] = []
    database = Database(database_url, lambda session: Store(session, ends))
    database.write_now(lambda store: own.create_all(store.session.connection()))
    yield Office(database, submission(server, tmp_path), ends)
    database.close()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgresql")
        return new_database()
    return f"sqlite:///{tmp_path / 'mail.db'}"


@on_both("database_url")
async def test_a_mail_goes_once_signed_in_and_encrypted_and_its_address_goes_too(
    office: Office, server: StrictServer
) -> None:
    assert office.queue(1)
    assert not office.queue(1)
    with capture_logs() as lines:
        await office.after(seconds=0)
        await office.after(hours=72)
    (mail,) = server.mails
    assert (mail.return_path, mail.to, server.signed_in) == (PATHS.path_of(UUID(int=1)), ZOE, 1)
    assert mail.link == "https://amt.example/family"
    assert mail.message["Subject"] == "Im Portal liegt etwas für Sie"
    assert mail.message["From"] == "Stadt Müster <noreply@amt.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert 'href="https://amt.example/family"' in mail.text("html")
    assert ZOE not in str(lines) and "mail_tried" in str(lines)
    row = office.row(1)
    assert (row["state"], row["address"], row["link"]) == ("taken", None, None)
    assert [(end.state, end.row["about"]) for end in office.ends] == [(MailState.TAKEN, "family")]


async def test_a_mail_is_in_the_language_of_its_row(office: Office, server: StrictServer) -> None:
    office.queue(1, language="en")
    await office.after(seconds=0)
    assert server.mails[0].message["Content-Language"] == "en"
    assert server.mails[0].text().startswith("Please sign in to read it.")


@on_both("database_url")
async def test_greylisting_is_waited_out_under_one_message_id(office: Office, server: StrictServer) -> None:
    server.replies[ZOE] = [f"450 4.2.0 <{ZOE}> greylisted", "451 4.7.1 try later"]
    office.queue(1)
    await office.after(seconds=0)
    assert office.row(1)["code"] == "450 4.2.0"
    await office.after(seconds=30)
    assert server.mails == []
    await office.after(seconds=31)
    assert office.row(1)["code"] == "451 4.7.1"
    await office.after(seconds=120)
    assert server.mails[0].message["Message-ID"] == f"<{UUID(int=1).hex}@amt.example>"
    assert office.row(1)["state"] == "taken"


@pytest.mark.parametrize("reply", ["550 5.1.1 <{}> unknown", "552 5.2.2 full", "553 5.1.3 bad", "501 what"])
async def test_a_refusal_for_good_ends_it_at_once(office: Office, server: StrictServer, reply: str) -> None:
    server.always[ZOE] = reply.format(ZOE)
    office.queue(1)
    office.queue(2, "max@example.org")
    with capture_logs() as lines:
        await office.after(seconds=0)
    assert [(end.state, end.failed) for end in office.ends] == [(MailState.REFUSED, True), (MailState.TAKEN, False)]
    assert office.ends[0].code == " ".join(reply.split(" ")[: 2 if reply[4] == "5" else 1])
    assert office.row(1)["address"] is None
    assert ZOE not in str(lines)


async def test_a_relay_that_does_not_know_us_refuses_nobody(office: Office, server: StrictServer) -> None:
    server.always[ZOE] = "554 5.7.1 Relay access denied"
    office.queue(1)
    await office.after(seconds=0)
    assert office.row(1)["state"] == "waiting"


async def test_who_is_not_reached_within_two_days_is_given_up(office: Office, server: StrictServer) -> None:
    server.always[ZOE] = "452 4.2.2 mailbox full"
    office.queue(1)
    for _ in range(60):
        await office.after(hours=1)
    assert [(end.state, end.failed, end.code) for end in office.ends] == [(MailState.EXPIRED, True, "452 4.2.2")]
    assert office.row(1)["address"] is None
    assert office.row(1)["attempts"] < 25


async def test_content_that_is_refused_is_not_sent_again(office: Office, server: StrictServer) -> None:
    server.of_content = "554 5.6.0 no"
    office.queue(1)
    await office.after(seconds=0)
    assert office.ends[0].code == "554 5.6.0"


async def test_an_address_beyond_ascii_goes_to_who_can_take_it(office: Office, server: StrictServer) -> None:
    office.queue(1, "zoë@müller.example")
    office.queue(2)
    await office.after(seconds=0)
    assert [each.to for each in server.mails] == ["zoë@xn--mller-kva.example", ZOE]


async def test_what_is_no_address_is_refused_without_a_try(office: Office, server: StrictServer) -> None:
    office.queue(1, "zoe@example.org\r\nBcc: all@example.org")
    await office.after(seconds=0)
    assert (server.mails, office.row(1)["state"], office.row(1)["code"]) == ([], "refused", "address")


async def test_a_wrong_password_is_the_offices_matter_and_no_mails(
    office: Office, server: StrictServer, tmp_path: Path
) -> None:
    submission(server, tmp_path, "wrong")
    office.queue(1)
    with pytest.raises(Unavailable):
        await office.sending.work()
    submission(server, tmp_path)
    await office.after(seconds=0)  # as soon as the worker comes by again
    assert len(server.mails) == 1


async def test_a_sender_that_is_not_permitted_is_the_offices_matter(office: Office, server: StrictServer) -> None:
    server.senders = "nobody"
    office.queue(1)
    with pytest.raises(Unavailable):
        await office.sending.work()
    assert (office.row(1)["state"], office.row(1)["attempts"]) == ("waiting", 0)


async def test_nothing_goes_in_clear_or_to_a_server_with_a_foreign_certificate(office: Office, tmp_path: Path) -> None:
    office.queue(1)
    with strict_server(tmp_path / "..", tls=False) as bare:
        for found in (
            Submission("localhost", bare.port, "starttls"),
            Submission("localhost", bare.port, "tls", timeout_seconds=2),
        ):
            other = Office(office.database, found, office.ends)
            with pytest.raises(Unavailable):
                await other.sending.work()
        assert bare.mails == []
    (tmp_path / "other").mkdir()
    with strict_server(tmp_path / "other") as stranger:
        found = Submission("localhost", stranger.port, "starttls", office.submission.ca_file)
        with pytest.raises(Unavailable):
            await Office(office.database, found, office.ends).sending.work()
        assert stranger.mails == []


class Death(BaseException):
    """The process is killed."""


async def test_who_dies_between_sending_and_writing_sends_the_same_once_more(
    office: Office, server: StrictServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.queue(1)
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise Death

        patch.setattr("shared.mail.sending.end_mail", die)
        with pytest.raises(Death):
            await office.sending.work()
    assert (len(server.mails), office.row(1)["state"]) == (1, "waiting")
    await office.after(seconds=59)
    assert len(server.mails) == 1  # whoever restarts does not hammer
    await office.after(seconds=2)
    first, second = server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert office.row(1)["state"] == "taken"


@on_both("database_url")
async def test_what_comes_back_ends_a_mail_that_was_taken(office: Office, tmp_path: Path) -> None:
    maildir = make_maildir(tmp_path / "maildir")
    reports = ReportsFolder(office.database, maildir, PATHS, lambda: office.now, note_end)
    office.queue(1)
    office.queue(2, "max@example.org")
    await office.after(seconds=0)
    deliver(maildir, failure_report(PATHS.path_of(UUID(int=1))), "1")
    deliver(maildir, failure_report(PATHS.path_of(UUID(int=1))), "2")
    deliver(maildir, absence(PATHS.path_of(UUID(int=2))), "3")
    deliver(maildir, failure_report(PATHS.path_of(UUID(int=9))), "4")
    deliver(maildir, failure_report("zurueck+" + "a" * 42 + "@amt.example"), "5")
    with capture_logs() as lines:
        assert await reports.work() == 5
    assert await reports.work() == 0
    assert [(end.id.int, end.state, end.code) for end in office.ends][2:] == [(1, MailState.REFUSED, "5.1.1")]
    assert office.row(2)["state"] == "taken"
    assert ZOE not in str(lines)


async def test_a_report_that_could_not_be_written_down_is_read_again(office: Office, tmp_path: Path) -> None:
    maildir = make_maildir(tmp_path / "maildir")
    reports = ReportsFolder(office.database, maildir, PATHS, lambda: office.now, note_end)
    office.queue(1)
    await office.after(seconds=0)
    path = deliver(maildir, failure_report(PATHS.path_of(UUID(int=1))))
    office.database.write_now(
        lambda store: store.session.connection().execute(sa.text("ALTER TABLE mail RENAME TO away"))
    )
    with pytest.raises(Unavailable):
        await reports.work()
    assert path.exists()
    office.database.write_now(
        lambda store: store.session.connection().execute(sa.text("ALTER TABLE away RENAME TO mail"))
    )
    await reports.work()
    assert office.row(1)["state"] == "refused" and not path.exists()


async def test_a_folder_for_reports_that_is_missing_is_noticed(office: Office, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        await ReportsFolder(office.database, tmp_path / "nowhere", PATHS, lambda: office.now, note_end).work()


async def test_ended_mails_are_forgotten_after_some_weeks(office: Office) -> None:
    office.queue(1)
    await office.after(seconds=0)
    await office.after(days=31)
    with pytest.raises(sa.exc.NoResultFound):
        office.row(1)


FATES = st.lists(st.sampled_from(["450 4.2.0 later", "550 5.1.1 no", "421 4.3.2 closing", "crash"]), max_size=3)


@settings(max_examples=20)
@given(st.lists(FATES, min_size=1, max_size=3))
def test_whatever_happens_each_mail_ends_and_none_goes_twice_but_by_a_crash(fates: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name, strict_server(Path(name)) as server:
        ends: list[MailEnd] = []
        database = Database(f"sqlite:///{name}/mail.db", lambda session: Store(session, ends))
        database.write_now(lambda store: own.create_all(store.session.connection()))
        office = Office(database, submission(server, Path(name)), ends)
        crashes = {f"family{n}@example.org": each.count("crash") for n, each in enumerate(fates)}
        for number, each in enumerate(fates):
            server.replies[f"family{number}@example.org"] = [reply for reply in each if reply != "crash"]
            office.queue(number, f"family{number}@example.org")
        asyncio.run(_live(office, server, sum(crashes.values())))
        rows = [office.row(number) for number in range(len(fates))]
        database.close()
    assert [row["state"] in ("taken", "refused") for row in rows] == [True] * len(fates)
    assert len({end.id for end in ends}) == len(ends) == len(fates)
    for number, row in enumerate(rows):
        arrived = server.to(f"family{number}@example.org")
        assert (row["state"] == "taken") == bool(arrived)
        assert len({mail.message["Message-ID"] for mail in arrived}) <= 1
    assert len(server.mails) <= sum(row["state"] == "taken" for row in rows) + sum(crashes.values())


async def _live(office: Office, server: StrictServer, crashes: int) -> None:
    """Forty hours, in which the process dies so often right after the server has taken a mail."""
    real = sending.end_mail

    def end_mail(store: Store, ended: sending.Ended[Store], outcome: sending.Outcome, now: datetime) -> None:
        nonlocal crashes
        if crashes and outcome.state is MailState.TAKEN:
            crashes -= 1
            raise Death
        real(store, ended, outcome, now)

    with patch.object(sending, "end_mail", end_mail):
        for _ in range(40):
            with contextlib.suppress(Unavailable, Death):
                await office.after(hours=1)
