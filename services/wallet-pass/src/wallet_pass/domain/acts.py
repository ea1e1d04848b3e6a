"""What is done to passes, their designs and certificates, as the audit trail keeps it. Pure."""

from shared.audit.acts import AuditAct

from wallet_pass.domain.passes import Validity


class PassAct(AuditAct):
    MADE = "made", "Pass erstellt", "Pass made"
    CHANGED = "changed", "Pass geändert", "Pass changed"
    SUSPENDED = "suspended", "Pass ausgesetzt", "Pass suspended"
    VOID = "void", "Pass ungültig gemacht", "Pass made void"
    DESIGN_SET = "design set", "Gestaltung der Pässe geändert", "Design of the passes changed"
    CERTIFICATE_IN_USE = "certificate in use", "Zertifikat in Gebrauch genommen", "Certificate taken into use"
    PRINTED = "printed", "Ticket zum Austeilen gedruckt", "Ticket printed to be handed out"
    LINK_RENEWED = "link renewed", "Link zum Ticket erneuert", "Link to the ticket renewed"
    LINK_ENDED = "link ended", "Link zum Ticket gesperrt", "Link to the ticket ended"
    ROTATION_SET = "rotation set", "Wechselnder Code gewählt", "Rotating code chosen"


CHANGED_TO = {
    Validity.GOOD: PassAct.CHANGED,
    Validity.SUSPENDED: PassAct.SUSPENDED,
    Validity.VOID: PassAct.VOID,
}
"""The act that says how a pass stands after it was changed."""
