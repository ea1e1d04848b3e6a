"""Gauges of this service's work lists, for `/metrics`."""

from datetime import datetime

from shared.mail import waiting_since
from shared.runtime.operations import show_work

from application.store import SqlStore
from application.store.mails import MAIL

WAITING = waiting_since(MAIL)


def show_figures(store: SqlStore, now: datetime) -> None:
    """Mails that wait: many, or old ones, say that the server takes nothing."""
    show_work(store.session, "mails", WAITING, now)
