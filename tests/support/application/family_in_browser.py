"""Families before real browsers, at a clock that a test sets: the pages on one port, the demo's identity provider on
another.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from application.checks.key_tables import school_keys
from application.domain.school import School
from application.workflow import MailOffice, workflow_on
from fastapi import Response
from local.identity import provider as demo
from playwright.sync_api import Browser, Page
from shared.identity import Caller
from shared.sign_in import Sessions
from support.application import directory
from support.application.address_book import AddressBook
from support.application.family_pages import PEOPLE, FamilyPlace, family_place
from support.browser import ColorScheme, watch
from support.databases import make_tables
from support.served import Served
from support.sign_in import SESSION_KEY, provider_at, settings_of

Result = TypeVar("Result")


@dataclass
class ServedPlace:
    url: str
    place: FamilyPlace


@contextmanager
def served_place(
    folder: Path,
    now: datetime,
    schools: Sequence[School] = directory.SCHOOLS,
    addresses: AddressBook | None = None,
    *,
    mails: bool = False,
) -> Iterator[ServedPlace]:
    url = f"sqlite:///{folder / 'application.db'}"
    make_tables(url, "application")
    database = directory.open_filled(url, *schools)
    identity, served = Served(), Served()
    back = f"{served.url}/family/sign-in/back"
    settings = settings_of(identity.url, folder, PEOPLE, {"family": back})
    identity.start(demo.app(settings, demo.load_key(settings.key_file)))
    provider = provider_at(identity.url, "family", back)
    office = MailOffice(served.url, bytes(32)) if mails else None
    workflow = workflow_on(database, school_keys(), addresses, office=office, code_key=directory.CODE_KEY)
    place = family_place(workflow, database, now, served.url, provider)
    served.start(place.app)
    yield ServedPlace(served.url, place)
    served.stop()
    identity.stop()
    database.close()


def settle(task: Coroutine[object, object, Result]) -> Result:
    """In a thread of its own: playwright's loop runs in this one."""
    told: list[Result] = []
    thread = threading.Thread(target=lambda: told.append(asyncio.run(task)))
    thread.start()
    thread.join()
    return told[0]


def open_window(  # all that a browser is told
    browser: Browser, width: int, language: str, scheme: ColorScheme = "light", *, script: bool = False
) -> Page:
    """Of a context of its own: another person's."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=script,
        locale="de-DE" if language == "de" else "en-GB", color_scheme=scheme,
    )  # fmt: skip
    page = context.new_page()
    watch(page)
    page.set_default_timeout(60_000)
    return page


def sign_in_by_cookie(page: Page, served: ServedPlace, who: str = "parent-1") -> None:
    """The way through the provider has a test of its own."""
    sessions, answer = Sessions(SESSION_KEY, "family", https=False), Response()
    parent = Caller(who, None, frozenset({"guardian"}))
    sessions.write(answer, sessions.begin(parent, who, "", served.place.clock[0], None))
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": served.url}])
