"""What staff know of a ticket goes so long after its last day, with what was asked about it."""

import asyncio
from datetime import datetime, timedelta

import sqlalchemy as sa
from issuance.domain.inspection_retention import RetentionTerms
from issuance.domain.ticket import Ticket
from shared.retention_job import run_retention, task_of_ended
from support.issuance.inspection_house import House, ticket_stands
from support.record import faults

KEPT = timedelta(days=RetentionTerms().ended_ticket_days)


def test_tickets_that_ended_long_ago_go_with_the_requests_about_them(
    house_url: str, now: datetime, ticket: Ticket
) -> None:
    house = House(house_url, now)
    house.hear(house.requesting.state_changed, ticket_stands(ticket))
    house.who = "worker"
    body = {"reason": "Hausbesuch bei Familie"}
    assert house.http.post(f"/v1/tickets/{ticket.number}/suspensions", json=body).status_code == 202
    tasks = [task_of_ended("tickets", KEPT)]
    for days, tables in ((-1, {}), (1, {"known_ticket": 1, "revocation_request": 1})):
        at = ticket.valid_until + KEPT + timedelta(days=days)
        for dry_run in (True, False):
            report = asyncio.run(run_retention(house.database, tasks, at, dry_run=dry_run))
            assert report.tables == tables
    assert house.http.get(f"/v1/tickets/{ticket.number}").status_code == 404
    query = sa.text("SELECT count(*) FROM audit_content")
    assert house.database.read_now(lambda store: store.session.execute(query).scalar_one()) == 0
    assert faults(house.database) == []
