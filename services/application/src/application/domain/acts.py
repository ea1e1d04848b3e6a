"""What is done to documents, as the audit trail keeps it. Pure."""

from shared.audit.acts import AuditAct


class DocumentAct(AuditAct):
    OPENED = "document opened", "Unterlage geöffnet", "Document opened"
    FORGOTTEN = (
        "openings forgotten",
        "Alte Einträge gelöscht, wer Unterlagen geöffnet hat",
        "Old entries of who opened documents deleted",
    )
