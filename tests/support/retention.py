"""The tables of what is kept, of all processes, beside the tables of their databases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from application.domain import retention_table as application
from application.domain.retention_terms import RetentionTerms as ApplicationTerms
from application.store.erasure import FAMILY_TABLES as APPLICATION_TABLES
from eligibility.domain import retention_table as eligibility
from eligibility.store.erasure import FAMILY_TABLES as ELIGIBILITY_TABLES
from issuance.domain import inspection_retention, signer_retention
from issuance.store.inspection.erasure import FAMILY_TABLES as INSPECTION_TABLES
from issuance.store.signer.erasure import FAMILY_TABLES as SIGNER_TABLES
from shared.bus.tables import metadata as shared_metadata
from shared.database.belongings import FamilyTables
from shared.retention import NO_FAMILYS, RetentionRule
from wallet_pass.domain import retention_table as wallet_pass
from wallet_pass.store.erasure import FAMILY_TABLES as PASS_TABLES


@dataclass(frozen=True)
class KeptByProcess:
    """One process: its table of what is kept, and its database."""

    name: str
    rules: Callable[[], Sequence[RetentionRule]]
    no_familys: frozenset[str]
    family_tables: FamilyTables

    @property
    def tables(self) -> dict[str, sa.Table]:
        """All of its database, with those that every service has."""
        return {**shared_metadata.tables, **self.family_tables.metadata.tables}

    @property
    def without_family(self) -> frozenset[str]:
        """Tables without a line."""
        return self.no_familys | NO_FAMILYS


PROCESSES = (
    KeptByProcess(
        "application",
        lambda: application.retention_rules(ApplicationTerms()),
        application.NO_FAMILYS,
        APPLICATION_TABLES,
    ),
    KeptByProcess("eligibility", eligibility.retention_rules, eligibility.NO_FAMILYS, ELIGIBILITY_TABLES),
    KeptByProcess("signer", signer_retention.retention_rules, signer_retention.NO_FAMILYS, SIGNER_TABLES),
    KeptByProcess("issuance", inspection_retention.retention_rules, inspection_retention.NO_FAMILYS, INSPECTION_TABLES),
    KeptByProcess("wallet-pass", wallet_pass.retention_rules, wallet_pass.NO_FAMILYS, PASS_TABLES),
)
