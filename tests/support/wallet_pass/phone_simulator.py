"""An iPhone as far as Apple publishes what it does with a pass: it registers, is pushed to, asks what has changed,
fetches, compares, unregisters. It shares no code with wallet_pass.

It is strict: an answer that Apple's documents do not name is an error.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol
from uuid import uuid4
from zipfile import ZipFile

from support.json import Json, text


class Answer(Protocol):
    """Of whichever HTTP client."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class Ask(Protocol):
    def __call__(self, method: str, url: str, *, headers: dict[str, str], content: bytes | None = None) -> Answer: ...


class Broken(Exception):
    """The service does what Apple's documents do not allow."""


@dataclass
class KeptPass:
    document: Json
    modified: str | None = None
    fetched: int = 0

    @property
    def serial_number(self) -> str:
        return text(self.document["serialNumber"])

    @property
    def is_void(self) -> bool:
        return bool(self.document.get("voided", False))

    @property
    def shows_code(self) -> bool:
        return bool(self.document.get("barcodes"))


@dataclass
class Phone:
    ask: Ask
    push_token: str = ""
    """As Apple's push service gave it."""
    library_id: str = field(default_factory=lambda: uuid4().hex)
    passes: dict[str, KeptPass] = field(default_factory=dict)
    tag: str | None = None
    hears_from: int = 0

    def add(self, package: bytes) -> bool:
        """Put a .pkpass into the wallet. Whether the service did not know of it before; a pass that names no service is
        just kept."""
        kept = KeptPass(_document(package))
        self.passes[kept.serial_number] = kept
        if "webServiceURL" not in kept.document:
            return False
        answer = self._on("POST", kept, json.dumps({"pushToken": self.push_token}).encode())
        if answer.status_code not in (200, 201):
            raise Broken(f"register: {answer.status_code}")
        return answer.status_code == 201

    def remove(self, serial_number: str) -> None:
        answer = self._on("DELETE", self.passes.pop(serial_number))
        if answer.status_code != 200:
            raise Broken(f"unregister: {answer.status_code}")

    def look(self) -> list[str]:
        """What it does when it is pushed to. Serial numbers of the passes that it has replaced."""
        self.hears_from += 1
        replaced = []
        for serial_number in self._changed():
            if serial_number not in self.passes:
                raise Broken("a pass that is not here")
            if self._fetch(self.passes[serial_number]):
                replaced.append(serial_number)
        return replaced

    def _changed(self) -> list[str]:
        first = next(iter(self.passes.values()))
        address = f"{_service(first)}/v1/devices/{self.library_id}/registrations/{_pass_type(first)}"
        answer = self.ask("GET", address + (f"?passesUpdatedSince={self.tag}" if self.tag else ""), headers={})
        if answer.status_code == 204:
            if answer.content:
                raise Broken("204 with a body")
            return []
        if answer.status_code != 200 or answer.headers["content-type"] != "application/json":
            raise Broken(f"list: {answer.status_code}")
        listed = json.loads(answer.content)
        if set(listed) != {"serialNumbers", "lastUpdated"} or not listed["serialNumbers"]:
            raise Broken("list: other keys, or nobody in it")
        if self.tag is not None and not listed["lastUpdated"] > self.tag:
            raise Broken("the tag does not sort behind the one before")
        self.tag = text(listed["lastUpdated"])
        return [text(each) for each in listed["serialNumbers"]]

    def _fetch(self, kept: KeptPass) -> bool:
        headers = _authorization(kept) | ({"If-Modified-Since": kept.modified} if kept.modified else {})
        address = f"{_service(kept)}/v1/passes/{_pass_type(kept)}/{kept.serial_number}"
        answer = self.ask("GET", address, headers=headers)
        if answer.status_code == 304:
            return False
        if answer.status_code != 200 or answer.headers["content-type"] != "application/vnd.apple.pkpass":
            raise Broken(f"fetch: {answer.status_code}")
        newer = _document(answer.content)
        for name in ("serialNumber", "passTypeIdentifier", "teamIdentifier", "authenticationToken", "webServiceURL"):
            if newer.get(name) != kept.document.get(name):
                raise Broken(f"{name} is another one in the update")
        if not re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", answer.headers["last-modified"]):
            raise Broken("Last-Modified")
        kept.document, kept.modified = newer, answer.headers["last-modified"]
        kept.fetched += 1
        return True

    def _on(self, method: str, kept: KeptPass, content: bytes | None = None) -> Answer:
        place = f"registrations/{_pass_type(kept)}/{kept.serial_number}"
        headers = _authorization(kept) | ({"Content-Type": "application/json"} if content else {})
        return self.ask(
            method, f"{_service(kept)}/v1/devices/{self.library_id}/{place}", headers=headers, content=content
        )


def _document(package: bytes) -> Json:
    document: Json = json.loads(ZipFile(BytesIO(package)).read("pass.json"))
    if ("webServiceURL" in document) is not ("authenticationToken" in document):
        raise Broken("an address without a token, or the other way round")
    if "authenticationToken" in document and len(text(document["authenticationToken"])) < 16:
        raise Broken("a token of less than 16 characters")
    return document


def _service(kept: KeptPass) -> str:
    return text(kept.document["webServiceURL"])


def _pass_type(kept: KeptPass) -> str:
    return text(kept.document["passTypeIdentifier"])


def _authorization(kept: KeptPass) -> dict[str, str]:
    return {"Authorization": f"ApplePass {text(kept.document['authenticationToken'])}"}
