"""What is done to documents and codes, and who an application belongs to, as the audit trail keeps it. Pure."""

from shared.audit.acts import AuditAct


class DocumentAct(AuditAct):
    OPENED = "document opened", "Unterlage geöffnet", "Document opened"
    FORGOTTEN = (
        "openings forgotten",
        "Alte Einträge gelöscht, wer Unterlagen geöffnet hat",
        "Old entries of who opened documents deleted",
    )


class SchoolAct(AuditAct):
    CONFIRMED = "attendance confirmed", "Schulbesuch bestätigt", "Attendance confirmed"
    QUESTIONED = (
        "attendance questioned",
        "Die Schule hat andere Angaben als die Familie",
        "The school has other data than the family",
    )
    ENDED = "attendance ended", "Die Schule wird nicht (mehr) besucht", "The school is not attended (any more)"
    REOPENED = "attendance reopened", "Die Schule hat ihre Angabe zurückgenommen", "The school took its statement back"


class CodeAct(AuditAct):
    MADE = "codes made", "Codes für eine Klasse gemacht", "Codes made for a class"
    REVOKED = "codes revoked", "Codes einer Klasse gesperrt", "Codes of a class revoked"
    LETTER_PRINTED = "code letter printed", "Brief mit einem Code gedruckt", "Letter with a code printed"


class OwnerAct(AuditAct):
    CHANGED = (
        "owner changed",
        "Der Antrag gehört jetzt der volljährigen Schülerin oder dem volljährigen Schüler",
        "The application now belongs to the pupil, who is of age",
    )
