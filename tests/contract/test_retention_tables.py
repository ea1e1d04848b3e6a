"""Every table that names a family has one line that says for how long it is kept, why, and for whom."""

from uuid import uuid4

import pytest
from issuance.domain import inspection_retention, signer_retention
from issuance.store.signer.waiting import DIGESTS_KEPT_FOR
from issuance.workflow.inspection import scan_log
from shared.bus.topology import MAX_AGE_SECONDS
from shared.retention import CATEGORIES, NAMES_A_FAMILY, STREAM_DAYS, Category, rules_by_table
from support.retention import PROCESSES, KeptByProcess

each_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)


@each_process
def test_every_table_has_one_line_or_holds_nothing_of_a_family(process: KeptByProcess) -> None:
    lines = rules_by_table(process.rules())
    assert set(lines) & process.without_family == set()
    unknown = (set(lines) | process.without_family) - set(process.tables)
    assert unknown == set(), "lines of tables that are not there"
    without = set(process.tables) - set(lines) - process.without_family
    assert without == set(), "say in the service's retention table for how long this is kept, or that it is no family's"


@each_process
def test_what_names_a_family_or_goes_with_one_is_no_table_without_a_line(process: KeptByProcess) -> None:
    by_column = {name for name, table in process.tables.items() if NAMES_A_FAMILY & set(table.c.keys())}
    by_erasure = {table.name for table in process.family_tables.of(uuid4())}
    assert (by_column | by_erasure) & process.without_family == set()


@each_process
def test_every_line_says_all_of_it_in_both_languages(process: KeptByProcess) -> None:
    for rule in process.rules():
        for text in (rule.content, rule.purpose, rule.recipients, *(each.since for each in rule.periods)):
            assert text.de.strip() and text.en.strip() and text.de != text.en
        assert rule.periods and rule.categories and rule.legal_basis
        assert all(each.days is None or each.days >= 0 for each in rule.periods)
        assert all(each.setting is None or each.days is not None for each in rule.periods)


def test_every_category_has_its_words() -> None:
    assert set(CATEGORIES) == set(Category)


def test_periods_that_code_fixes_are_as_the_code_has_them() -> None:
    assert STREAM_DAYS * 24 * 3600 == MAX_AGE_SECONDS
    assert DIGESTS_KEPT_FOR.days == signer_retention.DIGEST_DAYS
    assert scan_log.KEPT_FOR.days == inspection_retention.SCAN_DAYS
    assert scan_log.MARKS_KEPT_FOR.days == inspection_retention.MARK_DAYS
