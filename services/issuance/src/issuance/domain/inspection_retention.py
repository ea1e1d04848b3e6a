"""What the public process keeps of families, where, for how long, why, and for whom. Pure: one table, for the job that
deletes and for docs/data-protection.md. No name is ever here."""

from dataclasses import dataclass

from shared.errors import Text
from shared.retention import DUTY, EVERY_SERVICE, WITH_APPLICATION, Category, Period, RetentionRule

NO_FAMILYS = frozenset(
    [
        "audit_heads",
        "certificate",
        "inspection",
        "issued_list",
        "status_delta",
        "status_delta_v2",
        "status_list",
        "status_list_v2",
        "trust_list",
    ]
)
"""Tables without anything of a family: what the signer publishes, and how often was inspected with what verdict."""
SCAN_DAYS = 30
MARK_DAYS = 2
"""Both as the workflow has them, held against it by a test."""


@dataclass(frozen=True)
class RetentionTerms:
    """In days."""

    ended_ticket_days: int = 395
    """After the last day of an application's last ticket, as the signer's. Our own choice."""


def retention_rules(terms: RetentionTerms | None = None) -> tuple[RetentionRule, ...]:
    """All lines, with this installation's figures."""
    terms = terms or RetentionTerms()
    ended = Period(
        Text("letzter Tag des letzten Tickets", "last day of the last ticket"),
        terms.ended_ticket_days,
        "ISSUANCE_RETENTION_ENDED_TICKET_DAYS",
    )
    return (
        RetentionRule(
            ("known_ticket", "revocation_request"),
            Text(
                "Nummer und Zustand des Tickets ohne Namen; wer um eine Sperre bat und warum",
                "Number and state of the ticket without a name; who asked for a revocation, and why",
            ),
            Text("Tickets finden und sperren", "Find tickets and revoke them"),
            Text("Verkehrsunternehmen und Schulträger", "operator and school authority"),
            (ended, WITH_APPLICATION),
            (Category.TICKET, Category.STAFF),
            DUTY,
            "memory",
        ),
        *_SCANS,
        *EVERY_SERVICE,
    )


OPERATOR = Text("das Verkehrsunternehmen", "the operator")
SCAN = Text("Kontrolle", "the inspection")
_SCANS = (
    RetentionRule(
        ("shown", "shown_copy"),
        Text(
            "Dass kontrolliert wurde und mit welchem Ergebnis; kein Name, kein Ort über den Tag hinaus",
            "That a ticket was inspected and with what verdict; no name, no place beyond the day",
        ),
        Text("Kopierte Tickets finden", "Find copied tickets"),
        OPERATOR,
        (Period(SCAN, SCAN_DAYS),),
        (Category.TECHNICAL,),
        DUTY,
        "memory",
    ),
    RetentionRule(
        ("shown_key",),
        Text(
            "Der Schlüssel des Tages, mit dem Kontrollen desselben Tickets zusammenfinden",
            "The key of the day, by which inspections of one ticket find together",
        ),
        Text("Kopierte Tickets finden", "Find copied tickets"),
        OPERATOR,
        (Period(SCAN, MARK_DAYS),),
        (Category.TECHNICAL,),
        DUTY,
        "memory",
    ),
)
