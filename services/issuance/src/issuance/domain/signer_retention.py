"""What the signer keeps of families, where, for how long, why, and for whom. Pure: one table, for the job that deletes
and for docs/data-protection.md."""

from dataclasses import dataclass

from shared.errors import Text
from shared.retention import (
    ACCOUNT_OF_IT,
    DUTY,
    EVERY_SERVICE,
    NOBODY,
    WITH_APPLICATION,
    Category,
    Period,
    RetentionRule,
)

from issuance.domain.grant import WAITING_DAYS

NO_FAMILYS = frozenset(
    ["announcement", "authority", "counter", "hour_count", "issued_list", "published_list", "shard", "signed_head"]
)
"""Tables without anything of a family: terms of authorities, counters, and lists that were published."""
DIGEST_DAYS = 2 * 366
"""As the store has it, held against it by a test."""
STAYS = Period(Text("bleibt auf Dauer, ohne Namen", "stays for good, without names"))


@dataclass(frozen=True)
class RetentionTerms:
    """In days."""

    ended_ticket_days: int = 395
    """After the last day of an application's last ticket. Our own choice: a year and a month, in which a fine or an
    action may still ask what was signed."""


def retention_rules(terms: RetentionTerms | None = None) -> tuple[RetentionRule, ...]:
    """All lines, with this installation's figures."""
    terms = terms or RetentionTerms()
    return (*_of_tickets(terms), *_of_waiting(), *_of_rights(), _AUDIT, *EVERY_SERVICE)


def _of_tickets(terms: RetentionTerms) -> tuple[RetentionRule, ...]:
    ended = Period(
        Text("letzter Tag des letzten Tickets: Namen und Codes", "last day of the last ticket: names and codes"),
        terms.ended_ticket_days,
        "SIGNER_RETENTION_ENDED_TICKET_DAYS",
    )
    return (
        RetentionRule(
            ("ticket", "former_code"),
            Text(
                "Tickets: Name und Geburtsdatum des Kindes, Gültigkeit, unterschriebene Codes",
                "Tickets: the child's name and birth date, validity, signed codes",
            ),
            Text(
                "Fälschungssichere Tickets unterschreiben und sperren", "Sign tickets that nobody can forge, and revoke"
            ),
            Text(
                "Kontrolle im Verkehrsunternehmen, aus dem Code selbst", "inspection by the operator, out of the code"
            ),
            (ended, WITH_APPLICATION),
            (Category.IDENTITY, Category.TICKET),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("listed_place", "unlisted_code", "ended"),
            Text(
                "Nummern von Tickets auf Sperrlisten, und welche Entscheidung zu Ende ist",
                "Numbers of tickets on status lists, and which decision is over",
            ),
            Text("Keine Nummer wird zweimal vergeben", "No number is given twice"),
            Text("alle, die Tickets prüfen; Nummern ohne Namen", "all who check tickets; numbers without names"),
            (STAYS,),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
    )


def _of_waiting() -> tuple[RetentionRule, ...]:
    waits = Period(Text("Eingang", "arrival"), WAITING_DAYS)
    return (
        RetentionRule(
            ("waiting_holder", "waiting_grant"),
            Text(
                "Namen und Bewilligungen, die auf das jeweils andere warten",
                "Names and grants, each waiting for the other",
            ),
            Text("Ein Ticket entsteht, sobald beides da ist", "A ticket is made once both are there"),
            NOBODY,
            (waits, WITH_APPLICATION),
            (Category.IDENTITY, Category.TICKET),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("decision_digest",),
            Text("Prüfsummen der Entscheidungen", "Digests of decisions"),
            Text("Dieselbe Entscheidung wirkt nur einmal", "One decision has its effect once"),
            NOBODY,
            (Period(Text("Eingang", "arrival"), DIGEST_DAYS), WITH_APPLICATION),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
    )


def _of_rights() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("child_application",),
            Text(
                "Prüfsumme mit Schlüssel, an der dasselbe Kind erkannt wird", "Keyed digest by which one child is known"
            ),
            Text("Ein Kind hat ein Ticket", "A child has one ticket"),
            NOBODY,
            (
                Period(
                    Text(
                        "Löschung des Antrags; solange das Fahrtrecht gesperrt ist, bleibt sie",
                        "erasure of the application; while the right to ride is suspended it stays",
                    ),
                ),
            ),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("suspension",),
            Text("Wer ein Fahrtrecht gesperrt hat und warum", "Who suspended a right to ride, and why"),
            Text("Eine Sperre geht nicht verloren", "A suspension is not lost"),
            Text("Schulträger und Verkehrsunternehmen", "school authority and operator"),
            (STAYS,),
            (Category.STAFF, Category.TICKET),
            DUTY,
            "memory",
        ),
    )


_AUDIT = RetentionRule(
    ("audit",),
    Text("Schritte im Leben eines Tickets, ohne Namen", "Steps in the life of a ticket, without names"),
    Text("Jede Unterschrift wird nachgewiesen", "Every signature is accounted for"),
    Text("Rechnungsprüfung", "auditors"),
    (STAYS,),
    (Category.STAFF, Category.TECHNICAL),
    ACCOUNT_OF_IT,
    "memory",
)
