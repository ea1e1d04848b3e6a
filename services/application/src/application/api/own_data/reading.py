"""All that is kept of an account, put together to be read, and as an archive to be taken along."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from shared.calendar import day_in_berlin
from shared.errors import Language
from shared.retention import RetentionRule

from application.api.applications import answers
from application.api.applications.copies import Copies
from application.checks import SchoolKeys
from application.domain.ids import Owner
from application.web.apply.situation import Situation
from application.web.kept import KeptPlace, kept_places
from application.web.own_data import ReadablePart, file_line, file_names, machine_copy, parts_of_form, readable_parts
from application.web.templates import render
from application.workflow import Workflow
from application.workflow.own_data import AccountData, BegunDraft, OwnApplication

READABLE = {"de": "Meine-Daten.html", "en": "My-data.html"}
MACHINES = "data.json"
NAMES = {"de": "Meine-Daten.zip", "en": "My-data.zip"}
CHUNK = 64 * 1024
IN_MEMORY = 4 * 1024 * 1024
"""What is larger lies in a file without a name until it is sent."""


@dataclass(frozen=True)
class ReadApplication:
    """An application as its family reads it. `timeline`: moments and texts."""

    id: str
    name: str
    school_year: str
    school: str
    status: str
    parts: Sequence[ReadablePart]
    documents: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, datetime]]
    timeline: Sequence[tuple[datetime, str]]


@dataclass(frozen=True)
class ReadDraft:
    """What was begun and not handed in."""

    id: str
    begun_at: datetime
    parts: Sequence[ReadablePart]
    documents: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ReadAccount:
    """All of it. `documents` have a line, and the place of the file in the archive."""

    applications: Sequence[ReadApplication]
    drafts: Sequence[ReadDraft]
    helps: int
    """With so many applications of others."""


class OwnDataReader:
    """`kept`: what this service keeps, and how long."""

    def __init__(self, workflow: Workflow, keys: SchoolKeys, public_url: str, kept: Sequence[RetentionRule]) -> None:
        self._workflow, self._keys, self._public_url, self._kept = workflow, keys, public_url, kept
        self._copies = Copies(workflow, keys)

    def kept(self, language: Language) -> list[KeptPlace]:
        """What is kept of families, where, for how long, why and for whom."""
        return kept_places(self._kept, language)

    async def read(self, owner: Owner, language: Language, now: datetime) -> ReadAccount:
        """In the reader's language."""
        return await self._read(await self._workflow.own_data.of(owner), language, now)

    async def archive(self, owner: Owner, language: Language, now: datetime) -> IO[bytes]:
        """A page to be read, the same for programs, and each document as it was handed in."""
        data = await self._workflow.own_data.of(owner)
        account = await self._read(data, language, now)
        page = render("own_data_file.html", language, account=account, made_at=now, kept=self.kept(language))
        told = {str(each.view.application.id): self._told(each, now) for each in data.applications}
        copy = json.dumps(machine_copy(data, told, self._kept, now), ensure_ascii=False, indent=1)
        file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(READABLE[language], page)
                archive.writestr(MACHINES, copy)
                await self._add_files(archive, data)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    async def _add_files(self, archive: zipfile.ZipFile, data: AccountData) -> None:
        """A piece at a time: nobody holds all documents of a family at once."""
        names = file_names(data)
        for each in data.files:
            # what is a picture or a PDF is packed already
            with archive.open(zipfile.ZipInfo(names[str(each.id)], _moment(each.added_at)), "w") as member:
                number = 0
                while (part := await self._workflow.own_data.part(each, number)) is not None:
                    await asyncio.to_thread(member.write, part)
                    number += 1

    async def _read(self, data: AccountData, language: Language, now: datetime) -> ReadAccount:
        files = file_names(data)
        helps = {row["application_id"] for row in data.rows["person"] if row["ended_at"] is None}
        mine = {str(each.view.application.id) for each in data.applications}
        return ReadAccount(
            [await self._application(each, files, language, now) for each in data.applications],
            [await self._draft(each, files, language) for each in data.drafts],
            len(helps - mine),
        )

    async def _application(
        self, one: OwnApplication, files: dict[str, str], language: Language, now: datetime
    ) -> ReadApplication:
        view = one.view
        found = answers.answer(view, self._public_url, now)
        schools = await self._copies.schools(json.loads(view.application.form))
        return ReadApplication(
            str(view.application.id),
            f"{found.pupil.first_name} {found.pupil.last_name}",
            view.application.school_year,
            view.school.name if view.school else view.application.school_number,
            getattr(found.status_text, language),
            readable_parts(view, schools, self._keys, language),
            [(file_line(each, language), files[str(each.id)]) for each in view.documents],
            [(each.name, each.since) for each in one.people],
            [(each.at, getattr(each.text, language)) for each in found.timeline],
        )

    async def _draft(self, begun: BegunDraft, files: dict[str, str], language: Language) -> ReadDraft:
        form = json.loads(begun.draft.form)
        schools = await self._copies.schools(form)
        school = schools.get(str(form.get("school_number")))
        situation = Situation(form, school, self._keys, day_in_berlin(begun.draft.begun_at))
        return ReadDraft(
            str(begun.draft.id),
            begun.draft.begun_at,
            parts_of_form(situation, schools, language),
            [(file_line(each, language), files[str(each.id)]) for each in begun.documents],
        )

    def _told(self, one: OwnApplication, now: datetime) -> dict[str, Any]:
        told: dict[str, Any] = answers.answer(one.view, self._public_url, now).model_dump(mode="json")
        return told


async def pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Of a file, which is closed afterwards."""
    try:
        while piece := await asyncio.to_thread(file.read, CHUNK):
            yield piece
    finally:
        file.close()


def _moment(at: datetime) -> tuple[int, int, int, int, int, int]:
    """As archives write it; the first that they can is 1980."""
    return max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second
