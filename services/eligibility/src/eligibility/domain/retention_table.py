"""What this service keeps of families, where, for how long, why, and for whom. Pure: one table, for the job that
deletes and for docs/data-protection.md."""

from dataclasses import dataclass

from shared.errors import Text
from shared.retention import (
    ACCOUNT_OF_IT,
    AUTHORITY,
    DUTY,
    ENDED_SESSION,
    EVERY_SERVICE,
    WITH_APPLICATION,
    Category,
    Period,
    RetentionRule,
)

NO_FAMILYS = frozenset(
    [
        "address",
        "audit_head",
        "authority",
        "door",
        "entrance",
        "entrance_set",
        "hazard",
        "import_run",
        "own_form",
        "rule_set",
        "rule_set_archive",
        "school",
        "signature_quota",
        "street",
    ]
)
"""Tables without anything of a family: map, registers, rules, and how many tickets an authority may have signed."""
FAMILY_AND_AUTHORITY = Text("die Familie, der Schulträger, das Gericht", "the family, the school authority, the court")


@dataclass(frozen=True)
class RetentionTerms:
    """In days."""

    removed_document_days: int = 90
    """After the family or the application service deleted the document: that there was one. Our own choice: as long as
    a name waits for its grant, so that what comes late finds it."""


def retention_rules(terms: RetentionTerms | None = None) -> tuple[RetentionRule, ...]:
    """All lines, with this installation's figures."""
    terms = terms or RetentionTerms()
    return (
        *_of_cases(),
        *_of_decisions(),
        *_of_families(),
        *_of_messages(terms),
        _TICKETS,
        _AUDIT,
        ENDED_SESSION,
        *EVERY_SERVICE,
    )


def _of_cases() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("case_file", "told", "told_change", "told_elsewhere", "renewal"),
            Text(
                "Der Fall: was die Familie mitgeteilt hat, gemessene Wege, Stand der Bearbeitung",
                "The case: what the family told, measured ways, how far it is",
            ),
            Text("Nach den Regeln des Schulträgers entscheiden", "Decide by the authority's rules"),
            AUTHORITY,
            (WITH_APPLICATION,),
            (Category.IDENTITY, Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; Art. 9 Abs. 2 Buchst. g DSGVO",
            "memory",
        ),
        RetentionRule(
            ("attendance",),
            Text("Was die Schule zum Besuch sagt", "What the school says of attendance"),
            Text("Nur wer die Schule besucht, bekommt ihr Ticket", "Only who attends the school gets its ticket"),
            AUTHORITY,
            (WITH_APPLICATION,),
            (Category.CIRCUMSTANCES,),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("override_proposal",),
            Text(
                "Vorschläge einer Person, die eine zweite bestätigt",
                "Proposals of a person, for a second one to confirm",
            ),
            Text("Vier Augen bei Abweichungen", "Four eyes on deviations"),
            AUTHORITY,
            (WITH_APPLICATION,),
            (Category.STAFF, Category.CIRCUMSTANCES),
            DUTY,
            "memory",
        ),
    )


def _of_decisions() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("decision",),
            Text("Entscheidungen mit Gründen, Strecken und Eigenanteil", "Decisions with reasons, ways and own share"),
            Text("Entscheidungen begründen und nachrechnen", "Give reasons, and compute them again"),
            FAMILY_AND_AUTHORITY,
            (WITH_APPLICATION,),
            (Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; §§ 37, 39 VwVfG NRW",
            "memory",
        ),
        RetentionRule(
            ("notice", "notice_pdf", "delivery", "dispatch", "dispatch_step"),
            Text(
                "Bescheide als Text und PDF, und wann sie wie zugestellt wurden",
                "Notices as text and PDF, and when and how they were delivered",
            ),
            Text("Bekanntgabe und Klagefrist belegen", "Account for delivery and the term of the action"),
            FAMILY_AND_AUTHORITY,
            (WITH_APPLICATION,),
            (Category.IDENTITY, Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; § 41 VwVfG NRW, § 58 VwGO",
            "memory",
        ),
    )


def _of_families() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("family_tie", "family_due", "not_siblings", "told_apart"),
            Text(
                "Welche Fälle zu Geschwistern gehören, und was eine Person dazu geklärt hat",
                "Which cases are of siblings, and what a person found out about it",
            ),
            Text("Eigenanteile von Geschwistern", "Own shares of siblings"),
            AUTHORITY,
            (WITH_APPLICATION,),
            (Category.CIRCUMSTANCES,),
            f"{DUTY}; § 2 SchfkVO",
            "memory",
        ),
        RetentionRule(
            ("child_mark", "told_child", "right_mark"),
            Text(
                "Prüfsummen mit Schlüssel, an denen dasselbe Kind erkannt wird, und warum ein Ticket nicht gelten soll",
                "Keyed digests by which one child is known, and why a ticket should not count",
            ),
            Text("Ein Kind hat ein Ticket", "A child has one ticket"),
            AUTHORITY,
            (WITH_APPLICATION,),
            (Category.TECHNICAL, Category.TICKET),
            DUTY,
            "memory",
        ),
    )


def _of_messages(terms: RetentionTerms) -> tuple[RetentionRule, ...]:
    removed = Period(
        Text("Löschung der Unterlage", "removal of the document"),
        terms.removed_document_days,
        "ELIGIBILITY_RETENTION_REMOVED_DOCUMENT_DAYS",
    )
    return (
        RetentionRule(
            ("question", "message"),
            Text("Fragen an die Familie und was sie schreibt", "Questions to the family, and what it writes"),
            Text("Den Sachverhalt klären", "Find out the facts"),
            Text("die Familie und der Schulträger", "the family and the school authority"),
            (WITH_APPLICATION,),
            (Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; § 24 VwVfG NRW",
            "memory",
        ),
        RetentionRule(
            ("document",),
            Text(
                "Dass es eine Unterlage gibt, ihre Art und Größe; ihr Inhalt liegt bei den Anträgen",
                "That there is a document, its kind and size; its content lies with the applications",
            ),
            Text("Unterlagen der Bearbeitung zuordnen", "Bring documents to whoever handles the case"),
            AUTHORITY,
            (removed, WITH_APPLICATION),
            (Category.TECHNICAL, Category.HEALTH, Category.BENEFITS),
            DUTY,
            "memory",
        ),
    )


_TICKETS = RetentionRule(
    ("ticket", "ticket_request"),
    Text(
        "Nummer und Zustand des Tickets, und wer darum gebeten hat, es zu ändern",
        "Number and state of the ticket, and who asked to change it",
    ),
    Text("Auskunft und Sperre durch den Schulträger", "The authority answers questions, and revokes"),
    AUTHORITY,
    (WITH_APPLICATION,),
    (Category.TICKET, Category.STAFF),
    DUTY,
    "memory",
)
_AUDIT = RetentionRule(
    ("audit",),
    Text(
        "Wer an welchem Fall was getan hat, als Kette; was eine Familie gesagt hat, steht nicht darin",
        "Who did what on which case, as a chain; nothing that a family said stands in it",
    ),
    Text("Eingriffe werden nachgewiesen", "Interventions can be proven"),
    Text("Rechnungsprüfung des Schulträgers", "the authority's auditors"),
    (Period(Text("bleibt auf Dauer", "stays for good")),),
    (Category.STAFF, Category.TECHNICAL),
    ACCOUNT_OF_IT,
    "memory",
)
