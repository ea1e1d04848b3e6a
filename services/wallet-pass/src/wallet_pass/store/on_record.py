"""Which rows are on record: the passes, how they look, and with what they are signed."""

import sqlalchemy as sa
from shared.audit.rows import Kind
from shared.events import EVERY_AUTHORITY

from wallet_pass.store.tables import CERTIFICATES, DESIGNS, PASSES, ROTATIONS

CERTIFICATES_ACT = "certificates"
"""What such acts are about."""


def _named(table: sa.Table, names: str) -> tuple[sa.ColumnElement[object], ...]:
    return tuple(table.c[name] for name in names.split())


PASS = Kind(
    "pass",
    PASSES.c.serial_number,
    (
        _named(
            PASSES,
            "token authentication_token ticket_id application_id authority_id number organisation_id product "
            "first_name last_name birth_date valid_from valid_until vdv qr revoked_at suspended early_end",
        ),
    ),
    chain=PASSES.c.authority_id,
    about=PASSES.c.application_id,
)
"""Without what is made of it: packages come and go, and a new design changes the moment of all of them."""
DESIGN = Kind(
    "design",
    DESIGNS.c.id,
    (
        _named(DESIGNS, "issuer_de issuer_en background foreground label"),
        _named(DESIGNS, "issuer_de issuer_en background foreground label wording logo icon thumbnail"),
    ),
    chain=DESIGNS.c.authority_id,
)
CERTIFICATE = Kind(
    "certificate",
    CERTIFICATES.c.name,
    (_named(CERTIFICATES, "fingerprint of since"),),
    chain=EVERY_AUTHORITY,
    about=CERTIFICATES_ACT,
)
ROTATION = Kind(
    "rotation",
    ROTATIONS.c.authority_id,
    (_named(ROTATIONS, "seconds digits is_on"),),
    chain=ROTATIONS.c.authority_id,
)
KINDS = (PASS, DESIGN, CERTIFICATE, ROTATION)
