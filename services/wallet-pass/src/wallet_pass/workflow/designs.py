"""An authority chooses how its passes look; what it sends is checked before anybody's phone shows it."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from shared.database import Transactions
from shared.errors import Invalid, Text

from wallet_pass.domain.designs import Design
from wallet_pass.domain.pictures import (
    FAULTS,
    LEAST_VISIBLE,
    NoPicture,
    Picture,
    PictureFault,
    PictureKind,
    visible_part,
)
from wallet_pass.workflow.design_ports import PictureMaker
from wallet_pass.workflow.ports import Tables

NO_DESIGN = Text(
    "Eine solche Gestaltung gibt es nicht: Nennen Sie bitte all oder die Nummer eines Verkehrsunternehmens.",
    "There is no such design: please name all, or the number of a transport operator.",
)
_SINGLE = ThreadPoolExecutor(1, thread_name_prefix="design")
"""However many pictures are sent at once, one processor is enough for them, and the others stay free."""


@dataclass(frozen=True)
class DesignOf:
    """Whose passes are meant: an authority's, of all operators or of one."""

    authority_id: str
    organisation_id: int | None


@dataclass(frozen=True)
class ChosenDesign:
    """What counts for these passes."""

    design: Design
    is_own: bool
    """False: it is the authority's for all operators, or the usual one."""
    operators: tuple[int, ...]
    """For which the authority has one of their own."""
    passes: int = 0
    """How many are made again because of what was just chosen."""


@dataclass(frozen=True)
class Designs:
    """Of all authorities."""

    transactions: Transactions[Tables]
    pictures: PictureMaker
    clock: Callable[[], datetime]

    async def design(self, of: DesignOf) -> ChosenDesign:
        """As it is now."""
        return await self.transactions.read(lambda tables: _chosen(tables, of, 0))

    async def choose(self, of: DesignOf, design: Design, by: str) -> ChosenDesign:
        """Keep all but the pictures, which are sent one by one. The same design again changes nothing.

        Raises:
            Invalid: where it cannot be read, looks like a ticket that is not good, or hides its pictures.
        """
        design.check_chosen()
        before = await self.transactions.read(lambda tables: tables.design(of.authority_id, of.organisation_id))
        await self._check_visible(design, before.pictures)

        def step(tables: Tables) -> ChosenDesign:
            pictures = tables.design(of.authority_id, of.organisation_id).pictures
            return self._keep(tables, of, replace(design, pictures=pictures), by)

        return await self.transactions.write(step)

    async def drop(self, of: DesignOf, by: str) -> ChosenDesign:
        """Go back to the authority's general design, or to the usual one; nothing changes where none was chosen."""

        def step(tables: Tables) -> ChosenDesign:
            count = tables.drop_design(of.authority_id, of.organisation_id, self.clock(), by)
            return _chosen(tables, of, count)

        return await self.transactions.write(step)

    async def set_picture(self, of: DesignOf, kind: PictureKind, data: bytes, by: str) -> ChosenDesign:
        """Show this picture.

        1. read it in a confined process
        2. see that it stands out from the background
        3. keep it

        Raises:
            Invalid: with what to do.
        """
        # 1.
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(_SINGLE, self.pictures.make, data, kind)
        except NoPicture as error:
            raise _refused(error.fault) from error
        # 2.
        design = await self.transactions.read(lambda tables: tables.design(of.authority_id, of.organisation_id))
        await self._check_visible(design, {kind: picture})
        # 3.
        return await self.transactions.write(lambda tables: self._with(tables, of, {kind: picture}, by))

    async def drop_picture(self, of: DesignOf, kind: PictureKind, by: str) -> ChosenDesign:
        """Show the drawn bus again, or nothing; nothing changes where there is none."""

        def step(tables: Tables) -> ChosenDesign:
            own = tables.own_design(of.authority_id, of.organisation_id)
            if own is None or kind not in own.pictures:
                return _chosen(tables, of, 0)
            left = {each: picture for each, picture in own.pictures.items() if each is not kind}
            return self._keep(tables, of, replace(own, pictures=left), by)

        return await self.transactions.write(step)

    def _with(self, tables: Tables, of: DesignOf, pictures: Mapping[PictureKind, Picture], by: str) -> ChosenDesign:
        design = tables.design(of.authority_id, of.organisation_id)
        return self._keep(tables, of, replace(design, pictures={**design.pictures, **pictures}), by)

    def _keep(self, tables: Tables, of: DesignOf, design: Design, by: str) -> ChosenDesign:
        count = tables.set_design(of.authority_id, design, self.clock(), by, of.organisation_id)
        return _chosen(tables, of, count)

    async def _check_visible(self, design: Design, pictures: Mapping[PictureKind, Picture]) -> None:
        def hidden() -> bool:
            return any(
                visible_part(self.pictures.pixels(each), design.background) < LEAST_VISIBLE
                for each in pictures.values()
            )

        if await asyncio.get_running_loop().run_in_executor(_SINGLE, hidden):
            raise _refused(PictureFault.INVISIBLE)


def _chosen(tables: Tables, of: DesignOf, count: int) -> ChosenDesign:
    own = tables.own_design(of.authority_id, of.organisation_id)
    design = own or tables.design(of.authority_id, of.organisation_id)
    return ChosenDesign(design, own is not None, tuple(tables.operators_with_design(of.authority_id)), count)


def _refused(fault: PictureFault) -> Invalid:
    return Invalid(FAULTS[fault], field="picture", more={"reason": fault})
