"""With what passes are signed, as it was seen last."""

from datetime import datetime

import sqlalchemy as sa
from shared.audit import trail
from shared.events import EVERY_AUTHORITY

from wallet_pass.domain.acts import PassAct
from wallet_pass.store.base import Tables
from wallet_pass.store.on_record import CERTIFICATE, CERTIFICATES_ACT
from wallet_pass.store.tables import CERTIFICATES, CertificateRow


class CertificateTables(Tables):
    """Certificates in use, in one session."""

    def keep_certificate(self, name: str, fingerprint: str, of: str, now: datetime) -> bool:
        """False where it is the one of before."""
        known = sa.select(CERTIFICATES.c.fingerprint).where(CERTIFICATES.c.name == name)
        if self.session.connection().execute(known).scalar_one_or_none() == fingerprint:
            return False
        self.session.merge(CertificateRow(name=name, fingerprint=fingerprint, of=of, since=now))
        self.session.flush()
        detail = {"name": name, "fingerprint": fingerprint}
        trail.note(
            self.session,
            chain=EVERY_AUTHORITY,
            by="wallet-pass",
            act=PassAct.CERTIFICATE_IN_USE,
            about=CERTIFICATES_ACT,
            at=now,
            detail=detail,
        )
        trail.keep(self.session, CERTIFICATE, name)
        return True
