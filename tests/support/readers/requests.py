"""What comes by HTTP and over the bus: bodies, forms, headers, paths."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from functools import partial
from types import SimpleNamespace
from typing import cast

import httpx
from application.api.applications import questions
from application.api.applications.body import read as read_form
from application.api.codes.codes import batch_id_of
from application.api.documents.uploads import UploadBudget, read_upload
from application.api.drafts.body import document_id_in_draft, draft_id_of, read_parts, seen_version
from application.api.pages import precheck as precheck_page
from application.api.pages.code import number_of
from application.api.pages.pages import Pages, typed_of
from application.api.pages.school.visits import pupil_id_of
from application.api.prechecks import EXAMPLE as PRECHECK
from application.api.prechecks import read as read_precheck
from application.api.requests import (
    application_id_of,
    document_id_of,
    invitation_id_of,
    person_id_of,
    ticket_id_of,
)
from application.api.school.answers import read_answers
from application.checks.class_list import MOST_BYTES, read_class_list
from application.checks.content import examine
from application.checks.key_tables import school_keys
from application.checks.private_data import without_private_data
from application.domain.code_text import read_code
from application.form import EXAMPLE, DraftChange, merge_parts, read_draft
from application.web.apply.share import read_share
from application.web.apply.situation import Situation
from application.web.apply.steps import STEPS
from application.web.apply.typed import read_typed
from application.workflow import Workflow
from eligibility import presets, simulating
from eligibility.api.pages.entrances import _typed as entrances_typed
from eligibility.api.pages.pages import Form, fields, is_id
from eligibility.rules import facts_json
from eligibility.rules.own_form.document import read_form as read_own_form
from eligibility.rules.rule_set import conditions
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import ValidationError
from shared.birth_dates import parse_birth_date
from shared.errors import Invalid, Problem, Unavailable
from shared.events import ApplicationWithdrawn
from shared.formats import read_day
from shared.http.clients import Proxies, client_of
from shared.http.coding import choose_coding
from shared.http.edge import _declared_length
from shared.http.json_bodies import fault_of
from shared.http.problems import language_of
from shared.identity import Identity, Unauthenticated
from shared.identity.issuer_keys import _object
from shared.sign_in.session import Sessions
from starlette.datastructures import Headers
from support.application.documents import END, MULTIPART, PDF, PHOTO, field, file
from support.eligibility.rule_set_document import ESCHENBORN
from support.own_forms import BUS
from support.readers import google
from support.readers.trial import Reader
from wallet_pass.api.apple import _http_date, _read_tag, _scrubbed, _uuid
from wallet_pass.apple.push import _reason
from wallet_pass.domain.colours import Colour
from wallet_pass.google.callback import NotGooglesCallback
from wallet_pass.google.rest import _seconds

HEADER = 16_384
"""Bytes: more than httptools lets in of one header or path."""
UPLOAD = 1_000_000
"""Ten of them may be sent; a tenth shows how the work grows, and the corpus is put to it in seconds."""
TEXT_ERRORS = (Problem, ValueError)


def text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """Headers and paths are bytes that become text, one letter each or by UTF-8."""

    def both(content: bytes) -> None:
        read(content.decode("latin-1"))
        read(content.decode("utf-8", "replace"))

    return both


class Asked:
    """A request as far as the readers look at it."""

    def __init__(self, content: bytes = b"", **headers: str) -> None:
        self.headers = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        self.cookies = {"desk": headers.get("cookie", ""), "desk_sign_in": headers.get("cookie", "")}
        self.client = SimpleNamespace(host="127.0.0.1")
        self._content = content

    async def body(self) -> bytes:
        return self._content

    async def stream(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._content), 65_536):
            yield self._content[at : at + 65_536]


def form_of(content: bytes) -> None:
    if problem := fault_of(content):
        raise problem
    told = SimpleNamespace(applications=SimpleNamespace(problems_of=_nothing))
    asyncio.run(read_form(content, cast(Workflow, told), cast(datetime, None)))


async def _nothing(*_: object) -> list[object]:
    return []


def precheck_of(content: bytes) -> None:
    if problem := fault_of(content):
        raise problem
    told = SimpleNamespace(prechecks=SimpleNamespace(problems_of=_nothing))
    asyncio.run(read_precheck(content, cast(Workflow, told), cast(datetime, None)))


async def _precheck_page(content: bytes) -> None:
    request = cast(Request, Asked(content, content_type="application/x-www-form-urlencoded"))
    told = SimpleNamespace(directory=SimpleNamespace(search=_nothing))
    asks = precheck_page.Asks(Pages("https://antrag.example"), cast(Workflow, told), school_keys())
    await asks.answer(await typed_of(request), "de", datetime(2026, 11, 30, tzinfo=UTC))


async def _apply_pages(content: bytes) -> None:
    """Each page of an application, read as it was typed."""
    request = cast(Request, Asked(content, content_type="application/x-www-form-urlencoded"))
    typed = await typed_of(request)
    situation = Situation({"course": {"annex": "A", "full_time": False}}, None, school_keys(), date(2026, 11, 30))
    for step in STEPS:
        reading = read_share(typed, situation) if step.page == "share" else read_typed(step, typed, situation)
        with contextlib.suppress(Problem):
            DraftChange.of(reading.parts)


def draft_of(content: bytes) -> None:
    """Read, saved, and read again for whoever comes back."""
    if problem := fault_of(content):
        raise problem
    change = read_parts(content)
    form = merge_parts("{}", change.differing("{}"))
    read_draft(form)
    assert not change.differing(form)


def change_of(content: bytes) -> None:
    if problem := fault_of(content):
        raise problem
    questions.read_change(content)


def facts_of(content: bytes) -> None:
    if problem := fault_of(content):
        raise problem
    facts_json.read(content)


def json_body(content: bytes) -> None:
    for kind in ("", "application/json", content[:200].decode("latin-1")):
        if problem := fault_of(content, kind):
            raise problem


async def _upload(content: bytes, kind: str) -> None:
    async with read_upload(cast(Request, Asked(content, content_type=kind)), "key", "account", UploadBudget()):
        pass


def uploaded(content: bytes) -> None:
    media_type = examine(content)
    if isinstance(media_type, str):
        without_private_data(content, media_type)


def token(content: bytes) -> None:
    asyncio.run(IDENTITY.caller("Bearer " + content.decode("latin-1")))


def provider(content: bytes) -> None:
    KeySet.import_key_set({"keys": _object(content)["keys"]})


def session(content: bytes) -> None:
    request = cast(Request, Asked(cookie=content.decode("latin-1")))
    SESSIONS.read(request)
    SESSIONS._attempts(request, cast(datetime, None))


def ids(value: str) -> None:
    ours = application_id_of, document_id_of, ticket_id_of, draft_id_of, document_id_in_draft, person_id_of, pupil_id_of
    for read in (*ours, invitation_id_of, batch_id_of, number_of, read_code, _uuid, is_id):
        with contextlib.suppress(Problem):
            cast(Callable[[str], object], read)(value)


def push_answer(content: bytes) -> None:
    _reason(httpx.Response(410, content=content))


def client(value: str) -> None:
    for trusted in ("2", "127.0.0.0/8 fd00::/8"):
        client_of(cast(Request, Asked(x_forwarded_for=value)), Proxies.parse(trusted))


def length(content: bytes) -> None:
    _declared_length({"headers": [(b"content-length", content)]})


def places(content: bytes) -> None:
    entrances_typed(Form([("points", content.decode("utf-8", "replace"))]))


KEYS = KeySet([ECKey.generate_key("P-256", {"kid": "a"})])
IDENTITY = Identity("https://idp.example", "schulticket", keys=KEYS)
TOKEN = jwt.encode(
    {"alg": "ES256", "kid": "a", "typ": "at+jwt"},
    {"iss": "https://idp.example", "aud": "schulticket", "sub": "x", "exp": int(time.time()) + 3600},
    KEYS.keys[0],
).encode()
SESSIONS = Sessions("s" * 64, "desk", https=True)
JPEG_PDF = PDF.replace(
    b"trailer", b"3 0 obj<</Length 9/Filter/DCTDecode>>stream\n\xff\xd8\xff\xd9\nendstream\nendobj\ntrailer"
)
JPEG = b"\xff\xd8\xff\xe1\0\x08Exif\0\0\xff\xc0\0\x0b\x08\0\x08\0\x08\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0?\0\x2a\xff\xd9"
HEIC = (
    b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\x30meta\0\0\0\0\0\0\0\x10iloc\0\0\0\0\x44\0\0\0\0\0\0\x14iinf\0\0\0\0\0\x01\0\0\0\x08infe"
    b"\0\0\0\x18mdat" + bytes(16)
)
WITHDRAWN = (
    b'{"event_id":"00000000-0000-0000-0000-000000000001","occurred_at":"2026-01-01T00:00:00Z","authority_id":"1",'
    b'"application_id":"00000000-0000-0000-0000-000000000002"}'
)
JSON_ERRORS = (Problem, RequestValidationError)

REQUESTS: dict[str, Reader] = {
    "JSON body": Reader(json_body, b'{"a": {"b": [1, "x"]}}', JSON_ERRORS),
    "application": Reader(form_of, json.dumps(EXAMPLE).encode(), JSON_ERRORS, 150),
    "pre-check": Reader(precheck_of, json.dumps(PRECHECK).encode(), JSON_ERRORS, 150),
    "form of the pre-check": Reader(
        lambda content: asyncio.run(_precheck_page(content)),
        b"street=Waldstr.&house_number=5&postal_code=33602&city=Bielefeld&school=Gymnasium&grade=07",
        (Problem,),
        150,
    ),
    "pages of an application": Reader(
        lambda content: asyncio.run(_apply_pages(content)),
        b"pupil-last_name=Ana&pupil-birth_date=3.+Mai+2007&claims-health-weeks=12&sibling-0=2015&funded-0=yes",
        (Problem,),
        150,
    ),
    "change": Reader(change_of, b'{"answer": {"text": "Ja."}}', JSON_ERRORS, 150),
    "parts of a draft": Reader(draft_of, json.dumps(EXAMPLE).encode(), JSON_ERRORS, 150),
    "version of a draft": Reader(text(seen_version), b'"3-0123456789abcdef"', (Problem,), 20, HEADER),
    "facts": Reader(facts_of, b'{"grade": "03", "distance_m": 1, "school": {"form": "G"}}', JSON_ERRORS, 150),
    "form with a file": Reader(
        lambda content: asyncio.run(_upload(content, MULTIPART)),
        field("kind", "other") + file(PHOTO) + b"\r\n" + END,
        (Problem,),
        150,
    ),
    "type of a form with a file": Reader(
        text(lambda kind: asyncio.run(_upload(b"--b--", kind))), MULTIPART.encode(), (Problem,), 50, HEADER
    ),
    "upload: picture": Reader(uploaded, PHOTO, (), 3000, UPLOAD),
    "upload: JPEG": Reader(uploaded, JPEG, (), 3000, UPLOAD),
    "upload: HEIC": Reader(uploaded, HEIC, (), 3000, UPLOAD),
    "upload: PDF": Reader(uploaded, JPEG_PDF, (), 4000, UPLOAD),
    "rule set": Reader(
        lambda content: presets.from_text(content.decode("utf-8")),
        ESCHENBORN.encode(),
        (Problem, UnicodeDecodeError),
        6000,
    ),
    "own form": Reader(
        lambda content: read_own_form(content.decode("utf-8")),
        json.dumps(BUS, ensure_ascii=False).encode(),
        (Problem, UnicodeDecodeError),
        3000,
    ),
    "condition": Reader(
        lambda content: conditions.check(content.decode("utf-8", "replace")),
        b"distance_m > 1500.0 && grade == '03'",
        (),
        100,
    ),
    "cases as CSV": Reader(
        partial(simulating.from_body, most=2000), b"label;grade;distance_m\na;03;1,5\n", (Problem,), 1500
    ),
    "cases as JSONL": Reader(
        lambda content: simulating.from_body(b"{" + content, 2000),
        b'"label": "a", "facts": {}}\n{"grade": "03"}',
        (Problem,),
        1500,
    ),
    "form of a page": Reader(
        lambda content: asyncio.run(
            fields(cast(Request, Asked(content, content_type="application/x-www-form-urlencoded")))
        ),
        b"pile=open&word=M%C3%BCller",
        (Problem,),
        1000,
    ),
    "places typed": Reader(places, b"51.7, 8.7 Tor\n51.8; 8.8", (Problem,), 100),
    "token": Reader(token, TOKEN, (Unauthenticated,), 50, HEADER),
    "keys of the provider": Reader(
        provider, json.dumps(KEYS.as_dict()).encode(), (ValueError, KeyError, TypeError, JoseError), 1000
    ),
    "session": Reader(session, b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c", (), 50, HEADER),
    "class list": Reader(
        lambda content: read_class_list(content, "168890"),
        b"Schulnummer;Nachname;Vorname;Geburtsdatum;Klasse\n168890;Muster;Mia;01.03.2015;5b\n",
        (Problem,),
        1500,  # in a thread
        MOST_BYTES,
    ),
    "answers of a class list": Reader(
        text(read_answers), b'[{"of":"00000000-0000-0000-0000-000000000001","c":"5b"}]', (Problem,), 150
    ),
    "ids": Reader(text(ids), b"00000000-0000-0000-0000-000000000001", (), 20, HEADER),
    "language": Reader(text(language_of), b"de;q=0.8, en", (), 20, HEADER),
    "coding": Reader(text(lambda value: choose_coding(value, ("br", "gzip"))), b"br;q=0.8, *", (), 20, HEADER),
    "client": Reader(lambda content: client(content.decode("latin-1")), b"10.0.0.1, 2001:db8::1", (), 20, HEADER),
    "length": Reader(length, b"100", (), 20, HEADER),
    "date of a header": Reader(text(_http_date), b"Mon, 01 Jan 2024 00:00:00 GMT", (), 20, HEADER),
    "colour of a design": Reader(text(Colour.from_hex), b"#0b3c5d", (Invalid,), 20, HEADER),
    "tag of an update": Reader(text(_read_tag), b"001793000000000000", (), 20, HEADER),
    "complaint of a phone": Reader(text(_scrubbed), b"[2026-11-23] Web service error", (), 20, HEADER),
    "Google's callback": Reader(google.callback, google.CALLBACK, (NotGooglesCallback,), 100),
    "Google's keys": Reader(google.keys, google.KEYS, (NotGooglesCallback, Unavailable), 100),
    "pause that is asked for": Reader(text(partial(_seconds, now=datetime.now(UTC))), b"120", (), 20, HEADER),
    "answer to a push": Reader(push_answer, b'{"reason":"Unregistered","timestamp":1793000000000}', (), 20, 1_000_000),
    "day": Reader(text(read_day), b"01.02.2026", (ValueError,), 20, HEADER),
    "birth date": Reader(text(parse_birth_date), b"2015-06-00", (ValueError,), 20, HEADER),
    "event": Reader(ApplicationWithdrawn.model_validate_json, WITHDRAWN, (ValidationError,), 50, 1_000_000),
}
