"""Passes of tickets that ended long ago go, and those of others stay."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from shared.events import TicketIssued
from shared.retention_job import RetentionReport, run_retention, task_of_ended
from support.databases import on_both
from support.record import faults
from support.wallet_pass.service import WalletService
from wallet_pass.domain.retention_table import RetentionTerms
from wallet_pass.store.tables import PACKAGE, PASSES, TOLD

KEPT = timedelta(days=RetentionTerms().ended_pass_days)


def run(place: WalletService, now: datetime, *, dry_run: bool = False) -> RetentionReport:
    tasks = [task_of_ended("passes", KEPT)]
    return asyncio.run(run_retention(place.database, tasks, now, dry_run=dry_run))


def rows(place: WalletService) -> int:
    counts = [sa.select(sa.func.count()).select_from(table) for table in (PASSES, TOLD, PACKAGE)]
    return place.database.read_now(lambda store: sum(int(store.session.execute(one).scalar_one()) for one in counts))


@on_both("url")
def test_a_pass_goes_so_long_after_its_tickets_last_day(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    mine = issued()
    later = issued(
        ticket_id=UUID(int=77), application_id=UUID(int=2), number=5, valid_until=mine.valid_until + timedelta(days=365)
    )
    for each in (mine, later):
        running.hear(each)
    over = mine.valid_until + KEPT
    assert not run(running, over - timedelta(minutes=1)).tables
    tried = run(running, over + timedelta(minutes=1), dry_run=True).tables
    assert tried["pass"] == 1 and rows(running) >= 2
    before = rows(running)
    assert run(running, over + timedelta(minutes=1)).tables == tried
    assert rows(running) == before - sum(tried.values())
    assert not run(running, over + timedelta(minutes=1)).tables
    assert faults(running.database) == []
