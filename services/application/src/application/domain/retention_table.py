"""What this service keeps of families, where, for how long, why, and for whom. Pure: one table, for the job that
deletes, for the families' page and for docs/data-protection.md."""

from dataclasses import dataclass

from shared.errors import Text
from shared.retention import (
    ACCOUNT_OF_IT,
    DUTY,
    ENDED_SESSION,
    EVERY_SERVICE,
    NOBODY,
    WITH_APPLICATION,
    Category,
    Period,
    RetentionRule,
)

from application.domain.retention_terms import RetentionTerms

NO_FAMILYS = frozenset({"school", "authority", "own_form", "ended_key"})
"""Tables without anything of a family: the directory, the questions that an authority adds, and random ids of keys that
were destroyed."""
FAMILY = Text("die Familie und wer ihr hilft", "the family and who helps it")
FAMILY_AND_AUTHORITY = Text(
    "die Familie und wer ihr hilft, der Schulträger", "the family and who helps it, the school authority"
)


@dataclass(frozen=True)
class ShortTerms:
    """Periods of what goes without its application, in days."""

    draft_days: int = 30
    opening_days: int = 730
    invitation_days: int = 7


def retention_rules(terms: RetentionTerms, short: ShortTerms | None = None) -> tuple[RetentionRule, ...]:
    """All lines, with this installation's figures."""
    short = short or ShortTerms()
    return (
        *_of_applications(terms),
        *_of_documents(terms, short),
        *_of_drafts(short),
        *_of_people(short),
        *_of_mails(),
        *_of_codes(),
        SCHOOLS_WORD,
        ENDED_SESSION,
        *EVERY_SERVICE,
    )


def case_periods(terms: RetentionTerms) -> tuple[Period, ...]:
    """Of an application, by what became of it."""
    action = terms.action_days
    return (
        Period(
            Text(
                "nie entschieden: Ende des Schuljahrs und letzte Nachricht",
                "never decided: end of the school year and last news",
            ),
            terms.undecided_days,
            "APPLICATION_RETENTION_UNDECIDED_DAYS",
        ),
        Period(
            Text("zurückgenommen, ohne dass bewilligt war: Rücknahme", "withdrawn without a grant: the withdrawal"),
            terms.withdrawn_days,
            "APPLICATION_RETENTION_WITHDRAWN_DAYS",
        ),
        Period(
            Text(
                f"abgelehnt: Ende der Klagefrist ({action} Tage nach der Entscheidung)",
                f"refused: end of the term of the action ({action} days after the decision)",
            ),
            terms.refused_days,
            "APPLICATION_RETENTION_REFUSED_DAYS",
        ),
        Period(
            Text(
                "bewilligt: letzter Tag der Bewilligung, frühestens Ende der Klagefrist",
                "granted: last day of the grant, not before the term of the action ends",
            ),
            terms.granted_days,
            "APPLICATION_RETENTION_GRANTED_DAYS",
        ),
    )


def _of_applications(terms: RetentionTerms) -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("application",),
            Text(
                "Der Antrag: Kind, Eltern, Anschrift, Schule, Schulweg, Geschwister, Angaben zu Gesundheit und "
                "Sozialleistungen, soweit die Familie sie macht",
                "The application: child, parents, address, school, way, siblings, what the family says of health and "
                "social benefits",
            ),
            Text("Über den Antrag entscheiden und die Entscheidung belegen", "Decide it, and account for the decision"),
            FAMILY_AND_AUTHORITY,
            case_periods(terms),
            (Category.IDENTITY, Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; Art. 9 Abs. 2 Buchst. g DSGVO",
            "memory",
        ),
        RetentionRule(
            ("news", "decision_digest"),
            Text(
                "Was zum Antrag geschehen ist: Fragen, Entscheidungen, Tickets",
                "What happened to it: questions, decisions, tickets",
            ),
            Text("Die Familie sieht, wie es steht", "The family sees how it stands"),
            FAMILY_AND_AUTHORITY,
            (WITH_APPLICATION,),
            (Category.CIRCUMSTANCES, Category.TICKET),
            DUTY,
            "memory",
        ),
    )


def _of_documents(terms: RetentionTerms, short: ShortTerms) -> tuple[RetentionRule, ...]:
    sensitive = Period(
        Text(
            "Gesundheit, Sozialleistungen, Sorgerecht: Ende der Klagefrist, wenn nichts mehr geprüft wird",
            "health, benefits, custody: end of the term of the action, where nothing is under review",
        ),
        terms.sensitive_days,
        "APPLICATION_RETENTION_SENSITIVE_DAYS",
    )
    return (
        RetentionRule(
            ("document", "document_part"),
            Text("Unterlagen: Atteste, Bescheide, Nachweise", "Documents: certificates, notices, proofs"),
            Text("Angaben belegen, über die entschieden wird", "Prove what is decided about"),
            FAMILY_AND_AUTHORITY,
            (sensitive, WITH_APPLICATION),
            (Category.IDENTITY, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; Art. 9 Abs. 2 Buchst. g DSGVO",
            "memory",
        ),
        RetentionRule(
            ("document_opening",),
            Text("Wer von der Behörde welche Unterlage geöffnet hat", "Who of the authority opened which document"),
            Text("Zugriffe nachweisen", "Account for access"),
            Text("Datenschutz des Schulträgers", "the authority's data protection officer"),
            (Period(Text("Öffnung", "the opening"), short.opening_days, "APPLICATION_DOCUMENT_OPENINGS_DAYS"),),
            (Category.STAFF,),
            ACCOUNT_OF_IT,
            "memory",
        ),
    )


def _of_drafts(short: ShortTerms) -> tuple[RetentionRule, ...]:
    edit = Period(Text("letzte Änderung", "the last edit"), short.draft_days, "APPLICATION_DRAFT_DAYS")
    return (
        RetentionRule(
            ("draft", "draft_document", "draft_document_part"),
            Text("Angefangene Anträge mit ihren Unterlagen", "Applications that were begun, with their documents"),
            Text("Die Familie schreibt später weiter", "The family goes on later"),
            Text("die Familie allein", "the family alone"),
            (edit,),
            (Category.IDENTITY, Category.CIRCUMSTANCES, Category.BENEFITS, Category.HEALTH),
            f"{DUTY}; Art. 9 Abs. 2 Buchst. g DSGVO",
            "memory",
        ),
        RetentionRule(
            ("submitted_draft",),
            Text("Welcher Entwurf zu welchem Antrag wurde", "Which draft became which application"),
            Text("Ein Entwurf wird nicht zweimal abgeschickt", "A draft is not sent twice"),
            NOBODY,
            (WITH_APPLICATION,),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
    )


def _of_people(short: ShortTerms) -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("person",),
            Text("Wer beim Antrag hilft: Konto und Name", "Who helps with the application: account and name"),
            Text("Zugang für Helfende", "Access for those who help"),
            FAMILY,
            (WITH_APPLICATION,),
            (Category.IDENTITY,),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("invitation",),
            Text("Einladungen zum Helfen, ohne den Link selbst", "Invitations to help, without the link itself"),
            Text("Ein Link gilt einmal", "A link counts once"),
            FAMILY,
            (Period(Text("Einladung", "the invitation"), short.invitation_days, certainty="sure"),),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
    )


SCHOOLS_WORD = RetentionRule(
    ("school_statement",),
    Text("Was die Schule zum Besuch sagt", "What the school says of attendance"),
    Text("Nur wer die Schule besucht, bekommt ihr Ticket", "Only who attends the school gets its ticket"),
    Text("die Familie, der Schulträger, die Schule", "the family, the school authority, the school"),
    (WITH_APPLICATION,),
    (Category.CIRCUMSTANCES,),
    DUTY,
    "memory",
)


def _of_mails() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("contact",),
            Text(
                "Die E-Mail-Adresse der Familie, und ob sie bestätigt ist",
                "The family's e-mail address, and whether it is confirmed",
            ),
            Text("Die Familie erfährt, dass es etwas Neues gibt", "The family learns that there is news"),
            Text("die Familie; der Mailserver des Betreibers", "the family; the operator's mail server"),
            (WITH_APPLICATION,),
            (Category.IDENTITY,),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("mail", "asked_address"),
            Text(
                "Welche Hinweise hinausgingen und ob sie ankamen; die Adresse nur, bis die Nachricht gesendet ist",
                "Which hints were sent and whether they arrived; the address only until it is sent",
            ),
            Text(
                "Keine Frist beruht auf einem Hinweis, den niemand bekam", "No period rests on a hint that nobody got"
            ),
            Text("der Mailserver des Betreibers", "the operator's mail server"),
            (WITH_APPLICATION,),
            (Category.IDENTITY, Category.TECHNICAL),
            f"{DUTY}; § 41 Abs. 2a VwVfG",
            "memory",
        ),
    )


def _of_codes() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            ("access_code", "code_letter", "look_link", "pick_up_code"),
            Text(
                "Codes und Links für Familien ohne Konto, als Prüfsummen, und wann sie gebraucht wurden",
                "Codes and links for families without an account, as digests, and when they were used",
            ),
            Text("Zugang ohne Konto", "Access without an account"),
            FAMILY_AND_AUTHORITY,
            (Period(Text("Ablauf", "the end of its validity"), certainty="sure"), WITH_APPLICATION),
            (Category.TECHNICAL,),
            DUTY,
            "memory",
        ),
        RetentionRule(
            ("code_try",),
            Text("Wie oft jemand einen falschen Code eingab", "How often somebody typed a wrong code"),
            Text("Niemand kann Codes erraten", "Nobody can guess codes"),
            NOBODY,
            (Period(Text("letzter Versuch", "the last attempt"), 1, certainty="sure"),),
            (Category.TECHNICAL,),
            ACCOUNT_OF_IT,
            "memory",
        ),
    )
