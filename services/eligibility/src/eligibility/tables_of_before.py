"""What an earlier program kept otherwise is brought to today's form at each start, before anything is heard."""

from datetime import datetime
from functools import partial

from shared.database import Database
from shared.database.contents import move_all

from eligibility import presets
from eligibility.domain.ids import CaseId
from eligibility.domain.keys import Keys
from eligibility.rules.rule_set.content import RuleSetContent
from eligibility.store import Store
from eligibility.store.places.keys import write_keys
from eligibility.workflow.decision.duplicates import mark_again

MARKED_AT_ONCE = 500
"""Cases in one transaction."""


def move_pdfs(database: Database[Store]) -> None:
    """Printed notices of before go into their table: also at the start, where `migrate` was cut off. What still lies in
    its row would be printed a second time, and otherwise."""
    move_all(lambda after, limit: database.write_now(lambda store: store.move_pdfs(after, limit)))


def keep_presets(database: Database[Store], now: datetime) -> None:
    """What this program's presets hold is kept for good: a later program can compute their decisions again."""
    for name in presets.PRESETS:
        rules = presets.preset(name)
        database.write_now(partial(_archive, rules.version, rules.rule_set.content(), now))


def mark_children(database: Database[Store], keys: Keys) -> None:
    """Digests of children that an earlier program, or key, made, or that are missing: made anew before anything is
    heard."""
    after: CaseId | None = None
    while True:
        after = database.write_now(partial(_mark_page, keys, after))
        if after is None:
            return


def write_names(database: Database[Store]) -> None:
    """Names by which cases are found that an earlier program kept: written before anybody looks for them."""
    while database.write_now(lambda store: store.name_page(MARKED_AT_ONCE)):
        pass


def write_address_keys(database: Database[Store]) -> None:
    """Keys by which houses are found that an earlier program made otherwise."""
    write_keys(database)


def _mark_page(keys: Keys, after: CaseId | None, store: Store) -> CaseId | None:
    return mark_again(store, keys, after, MARKED_AT_ONCE)


def _archive(version: str, content: RuleSetContent, now: datetime, store: Store) -> None:
    store.archive(version, content, now)
