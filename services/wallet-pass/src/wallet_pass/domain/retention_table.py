"""What this service keeps of families, where, for how long, why, and for whom. Pure: one table, for the job that
deletes and for docs/data-protection.md."""

from dataclasses import dataclass

from shared.errors import Text
from shared.retention import DUTY, EVERY_SERVICE, NOBODY, WITH_APPLICATION, Category, Period, RetentionRule

NO_FAMILYS = frozenset(
    {
        "authority_rotation",
        "certificate_in_use",
        "design_picture",
        "google_callback",
        "pass_design",
        "remake",
        "update_counter",
    }
)
"""Tables without anything of a family: colours, with what passes are signed, which of Google's messages were heard (the
digest of a random word), how often passes have changed, how far they were made anew."""


@dataclass(frozen=True)
class RetentionTerms:
    """In days."""

    ended_pass_days: int = 90
    """After the last day of the ticket, or its revocation. Our own choice: until then a family may look up what was
    on it, and ask about a fine."""


def retention_rules(terms: RetentionTerms | None = None) -> tuple[RetentionRule, ...]:
    """All lines, with this installation's figures."""
    terms = terms or RetentionTerms()
    ended = Period(
        Text("letzter Tag oder Sperre des Tickets", "last day or revocation of the ticket"),
        terms.ended_pass_days,
        "WALLET_PASS_RETENTION_ENDED_PASS_DAYS",
    )
    return (
        _passes(ended),
        _told(ended),
        _devices(ended),
        _wallets(ended),
        *EVERY_SERVICE,
    )


def _passes(ended: Period) -> RetentionRule:
    return RetentionRule(
        ("pass", "package"),
        Text(
            "Der Pass: Name und Geburtsdatum des Kindes, Gültigkeit, Barcodes, Datei für das Telefon",
            "The pass: the child's name and birth date, validity, barcodes, file for the phone",
        ),
        Text("Das Ticket auf dem Telefon oder auf Papier zeigen", "Show the ticket on a phone or on paper"),
        Text(
            "die Familie; Google, wenn sie den Pass dort speichert",
            "the family; Google, where it saves the pass there",
        ),
        (ended, WITH_APPLICATION),
        (Category.IDENTITY, Category.TICKET),
        DUTY,
        "memory",
    )


def _told(ended: Period) -> RetentionRule:
    return RetentionRule(
        ("ticket_told", "ended_link"),
        Text(
            "Sperren und Änderungen eines Tickets; Prüfsummen von Links, die zu nichts mehr führen",
            "Revocations and changes of a ticket; digests of links that lead nowhere any more",
        ),
        Text("Ein gesperrtes Ticket zeigt sich als gesperrt", "A revoked ticket shows that it is"),
        NOBODY,
        (ended, WITH_APPLICATION),
        (Category.TICKET,),
        DUTY,
        "memory",
    )


def _devices(ended: Period) -> RetentionRule:
    return RetentionRule(
        ("registration", "device"),
        Text(
            "Welche Telefone und Uhren den Pass haben, und unter welcher Nummer Apples Push-Dienst sie kennt",
            "Which phones and watches have the pass, and the number by which Apple's push service knows them",
        ),
        Text("Ein geändertes oder gesperrtes Ticket erreicht sie", "A changed or revoked ticket reaches them"),
        Text("Apple (nur die Nummer)", "Apple (the number alone)"),
        (ended, WITH_APPLICATION),
        (Category.TICKET,),
        DUTY,
        "memory",
    )


def _wallets(ended: Period) -> RetentionRule:
    return RetentionRule(
        ("google_wallets",),
        Text(
            "Wie oft der Pass in Google Wallet gespeichert und gelöscht wurde, nicht, von wem",
            "How often the pass was saved into Google Wallet and deleted there, not by whom",
        ),
        Text("Zählen, wie viele Pässe in Wallets liegen", "Count how many passes are in wallets"),
        NOBODY,
        (ended, WITH_APPLICATION),
        (Category.TICKET,),
        DUTY,
        "memory",
    )
