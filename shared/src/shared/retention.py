"""What is kept where, for how long, why and for whom: the shape of each service's table, and what all of them keep.

Pure. The job that deletes, the families' page and docs/data-protection.md are made of the same lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from shared.errors import Conflict, Text

Certainty = Literal["sure", "memory", "unsure"]
"""sure: read in the law or in several sources. memory: not read again. unsure: verify before anybody relies on it."""
SOURCE = "docs/sources/identity-and-delivery.md"
STREAM_DAYS = 14
"""As the broker's streams; held against `shared.bus.topology` by a test."""


class Category(StrEnum):
    """Kinds of personal data, from the harmless to those of Art. 9 GDPR."""

    TECHNICAL = "technical"
    TICKET = "ticket"
    STAFF = "staff"
    IDENTITY = "identity"
    CIRCUMSTANCES = "circumstances"
    BENEFITS = "benefits"
    HEALTH = "health"


CATEGORIES: dict[Category, Text] = {
    Category.TECHNICAL: Text("Kennungen und Zeiten ohne Namen", "Ids and times without names"),
    Category.TICKET: Text("Angaben des Tickets", "What a ticket says"),
    Category.STAFF: Text("Wer in der Behörde etwas getan hat", "Who of the authority did something"),
    Category.IDENTITY: Text("Namen, Geburtsdatum, Anschrift", "Names, birth date, address"),
    Category.CIRCUMSTANCES: Text("Schule, Schulweg, Geschwister, Sorgerecht", "School, way, siblings, custody"),
    Category.BENEFITS: Text("Sozialleistungen", "Social benefits"),
    Category.HEALTH: Text("Angaben zur Gesundheit (Art. 9 DSGVO)", "Statements on health (Art. 9 GDPR)"),
}


@dataclass(frozen=True)
class Period:
    """So many days, counted from a moment. Without days: until what it belongs to is erased."""

    since: Text
    days: int | None = None
    setting: str | None = None
    """By which an installation says another figure; None: it cannot."""
    certainty: Certainty = "unsure"


@dataclass(frozen=True)
class RetentionRule:
    """A line of the table: tables that are kept alike."""

    tables: tuple[str, ...]
    content: Text
    purpose: Text
    recipients: Text
    periods: tuple[Period, ...]
    categories: tuple[Category, ...]
    legal_basis: str
    certainty: Certainty
    """Of the legal basis; each period has its own."""
    source: str = SOURCE


STILL_RUNS = Text(
    "Zu diesem Antrag gibt es hier noch ein Ticket, das gilt, oder eine Bewilligung, die läuft. Löschen Sie ihn in "
    "allen Diensten: application rights erase. Nur hier trotzdem: --despite-hold GRUND.",
    "Of this application a ticket is still good here, or a grant runs. Erase it in all services: application rights "
    "erase. Here alone all the same: --despite-hold REASON.",
)
"""Why another service's own command does not erase it."""
WITH_APPLICATION = Period(Text("Löschung des Antrags", "erasure of the application"), certainty="sure")
DUTY = "Art. 6 Abs. 1 Buchst. e DSGVO, § 97 SchulG NRW"
ACCOUNT_OF_IT = "Art. 5 Abs. 2, Art. 32 DSGVO"
NOBODY = Text("niemand außerhalb des Dienstes", "nobody outside the service")
AUTHORITY = Text("der Schulträger", "the school authority")

EVERY_SERVICE: tuple[RetentionRule, ...] = (
    RetentionRule(
        ("outbox", "inbox", "dead_letter"),
        Text(
            "Nachrichten zwischen den Diensten: was gesendet wurde, was angekommen ist, was nicht verarbeitet werden "
            "konnte",
            "Messages between the services: what was sent, what came in, what could not be handled",
        ),
        Text("Nach einer Störung geht nichts verloren", "Nothing is lost after a fault"),
        Text("die anderen Dienste von Schulticket", "the other services of Schulticket"),
        (Period(Text("Versand oder Eingang", "sending or arrival"), STREAM_DAYS, certainty="sure"),),
        (Category.IDENTITY, Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
        DUTY,
        "memory",
    ),
    RetentionRule(
        ("failed_work",),
        Text("Welche Arbeit im Hintergrund gescheitert ist", "Which background work failed"),
        Text("Fehler werden behoben", "Faults are mended"),
        NOBODY,
        (Period(Text("letzter Fehlschlag", "the last failure"), STREAM_DAYS, certainty="sure"),),
        (Category.TECHNICAL,),
        ACCOUNT_OF_IT,
        "memory",
    ),
    RetentionRule(
        ("shared_limit",),
        Text(
            "Prüfsummen von Konten, Adressen im Netz und Links, von denen gerade sehr oft angefragt wurde",
            "Digests of accounts, network addresses and links that have asked very often just now",
        ),
        Text("Niemand fragt öfter an, als erlaubt ist", "Nobody asks more often than is allowed"),
        NOBODY,
        (Period(Text("letzte Anfrage", "the last request"), 1, certainty="sure"),),
        (Category.TECHNICAL,),
        ACCOUNT_OF_IT,
        "memory",
    ),
    RetentionRule(
        ("application_trace",),
        Text(
            "In welcher Ablaufverfolgung zuletzt von einem Antrag die Rede war, wo sie eingeschaltet ist",
            "In which trace an application was last heard of, where tracing is on",
        ),
        Text("Was lange dauert oder scheitert, wird gefunden", "What takes long or fails is found"),
        NOBODY,
        (
            Period(Text("letzte Nachricht", "the last message"), 1, certainty="sure"),
            Period(Text("Löschung des Antrags", "erasure of the application"), certainty="sure"),
        ),
        (Category.TECHNICAL,),
        ACCOUNT_OF_IT,
        "memory",
    ),
    RetentionRule(
        ("erased_application", "erasure_due"),
        Text(
            "Zufällige Kennungen von Anträgen, die gelöscht wurden; sie sagen über niemanden etwas",
            "Random ids of applications that were erased; they say nothing of anybody",
        ),
        Text(
            "Was verspätet ankommt oder aus einer Sicherung stammt, wird nicht noch einmal gespeichert",
            "What comes late or out of a backup is not kept once more",
        ),
        NOBODY,
        (Period(Text("bleibt auf Dauer", "stays for good"), certainty="sure"),),
        (Category.TECHNICAL,),
        "Art. 17 DSGVO",
        "memory",
    ),
    RetentionRule(
        ("audit_act",),
        Text(
            "Wer wann was getan hat, als verkettete Prüfsummen; was eine Familie gesagt hat, steht nicht darin",
            "Who did what when, as linked digests; nothing that a family said stands in it",
        ),
        Text("Eingriffe werden nachgewiesen", "Interventions can be proven"),
        Text("Rechnungsprüfung des Schulträgers", "the authority's auditors"),
        (Period(Text("bleibt auf Dauer", "stays for good"), certainty="unsure"),),
        (Category.STAFF, Category.TECHNICAL),
        ACCOUNT_OF_IT,
        "memory",
    ),
    RetentionRule(
        ("audit_content",),
        Text("Einzelheiten und Salz dieser Prüfsummen", "Details and salts of these digests"),
        Text("Die Prüfsummen lassen sich nachrechnen", "The digests can be computed again"),
        Text("Rechnungsprüfung des Schulträgers", "the authority's auditors"),
        (WITH_APPLICATION,),
        (Category.STAFF, Category.TICKET),
        ACCOUNT_OF_IT,
        "memory",
    ),
)
ENDED_SESSION = RetentionRule(
    ("ended_session",),
    Text("Prüfsummen von Anmeldungen, die beendet wurden", "Digests of sessions that were ended"),
    Text("Wer sich abgemeldet hat, bleibt abgemeldet", "Who signed out stays signed out"),
    NOBODY,
    (Period(Text("Ende der Anmeldung", "the session's own end"), 0, certainty="sure"),),
    (Category.TECHNICAL,),
    ACCOUNT_OF_IT,
    "memory",
)
"""Of the services with pages."""

NO_FAMILYS = frozenset(
    {"audit_newest", "database_state", "installation", "probe", "sender_state", "stream_state", "worker_turn"}
)
"""Tables of every service without anything of a family."""
NAMES_A_FAMILY = frozenset(
    [
        "application_id",
        "case_id",
        "other_id",
        "ticket_id",
        "draft_id",
        "document_id",
        "decision_id",
        "owner",
        "account_id",
        "first_name",
        "last_name",
        "birth_date",
        "child",
        "ended_id",
    ]
)
"""Columns by which a table is one of families. A table that has one, and no line, fails the contract test."""


def rules_by_table(rules: Iterable[RetentionRule]) -> dict[str, RetentionRule]:
    """Each table's line.

    Raises:
        ValueError: where a table has two.
    """
    found: dict[str, RetentionRule] = {}
    for rule in rules:
        for table in rule.tables:
            if table in found:
                raise ValueError(f"{table} has two lines")
            found[table] = rule
    return found


def longest_days(periods: Sequence[Period]) -> int | None:
    """Of several periods; None where one has no figure."""
    days = [each.days for each in periods]
    return None if None in days else max((each for each in days if each is not None), default=None)


class HoldLike(Protocol):
    """Why something must stay for a while."""

    @property
    def kind(self) -> str:
        """Its name."""
        ...

    @property
    def until(self) -> date | None:
        """The last day, where it is known."""
        ...

    @property
    def why(self) -> Text:
        """For whoever asked."""
        ...


class OnHold(Conflict):
    """It must stay for a while, for these reasons."""

    def __init__(self, text: Text, holds: Sequence[HoldLike]) -> None:
        told = [{"kind": str(each.kind), "until": each.until and each.until.isoformat()} for each in holds]
        super().__init__(text, more={"holds": told})
        self.holds = tuple(holds)
