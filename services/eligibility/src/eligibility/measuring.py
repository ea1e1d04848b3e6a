"""The workflow's port RouteMeasurer: measures on the network, in threads of its own, never more at once than pays."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Final, TypeVar

from geography import Network, NetworkUnusable, check_age, load, measure, nearest
from geography.model import Address, Entrance, Measurement, NoWay, Point, School, UnusablePoint
from geography.model.ellipsoid import length
from geography.model.hazard_list import Hazard
from geography.model.house_number import INTERPOLATED_M
from geography.routing.hazards import Hazards, avoid_hazards, compile_hazards
from geography.routing.reach import MOST_AIMS
from shared.errors import Text, Unavailable

from eligibility.workflow.ports import ApplicationContext, MeasuredRoutes

Result = TypeVar("Result")
THREADS = 2
MOST_LISTS = 500
"""Lists of hazards kept compiled: an authority has one for each level of school."""
MOST_WAITING = 200
"""Measurements asked for by strangers beyond this are answered with 503 rather than kept waiting."""
BUSY = Text(
    "Gerade werden zu viele Wege gemessen. Bitte gleich noch einmal.",
    "Too many ways are being measured just now. Please try again.",
)


FLAG_OF_ORIGIN: Final = {"range": "home_counted_in_range", "interpolated": "home_interpolated"}


def _from(home: Address, way: Measurement) -> Measurement:
    """With what the origin of the home's place says of the measurement: an estimated place widens what is in doubt."""
    flag = FLAG_OF_ORIGIN.get(home.origin)
    if flag is None:
        return way
    told = replace(way, flags=tuple(sorted({*way.flags, flag})))
    if home.origin != "interpolated":
        return told
    strict_m = None if way.strict_m is None else way.strict_m + INTERPOLATED_M
    return replace(told, lenient_m=max(way.lenient_m - INTERPOLATED_M, 0.0), strict_m=strict_m)


class NetworkMeasurer:
    def __init__(self, network_file: Path) -> None:
        self._file = network_file
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="walk")
        self._waiting = 0
        self._hazards: dict[tuple[Hazard, ...], Hazards] = {}

    @cached_property
    def network(self) -> Network:
        """Memory-mapped; raises NetworkUnusable for a file that is none."""
        return load(self._file)

    async def routes(self, home: Address, school: School, found: ApplicationContext) -> MeasuredRoutes:
        """The way to the school attended, and the nearest of the schools alike where it is nearer than that."""
        return await self._run(partial(self._routes, home, school, found))

    def area(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the map, in degrees."""
        return self.network.bounds

    async def distance(self, start: Point, end: Point) -> Measurement:
        """One way between two points.

        Raises:
            NoWay, UnusablePoint.
            Unavailable: when too many are waiting.
        """
        if self._waiting >= MOST_WAITING:
            raise Unavailable(BUSY)
        return await self._run(partial(measure, self.network, start, [Entrance(end)]))

    async def example(self) -> tuple[Point, Point]:
        """The two ends of a street of this network."""
        arrays = self.network.arrays
        last = int(arrays["shape_start"][1]) - 1
        lat, lon = arrays["shape_lat"], arrays["shape_lon"]
        return Point(lat[0] / 1e7, lon[0] / 1e7), Point(lat[last] / 1e7, lon[last] / 1e7)

    async def warm_up(self) -> None:
        """Measure once, so that the kernels are compiled (two seconds after an installation, a third of one later) and
        the network's pages read before the first family waits for it."""
        await self._run(self._warm_up)

    def _warm_up(self) -> None:
        arrays = self.network.arrays
        lat, lon = arrays["shape_lat"], arrays["shape_lon"]
        last = int(arrays["shape_start"][1]) - 1
        home, entrance = Point(lat[0] / 1e7, lon[0] / 1e7), Entrance(Point(lat[last] / 1e7, lon[last] / 1e7))
        # one entrance, and more than a search is directed at: two shapes of the same kernel
        for entrances in ([entrance], [entrance] * (MOST_AIMS + 1)):
            with suppress(NoWay, UnusablePoint):
                measure(self.network, home, entrances)

    def close(self) -> None:
        """Waits for the routes that are being measured."""
        self._threads.shutdown(wait=True)

    def _routes(self, home: Address, school: School, found: ApplicationContext) -> MeasuredRoutes:
        entrances = found.entrances.get(school.number, ())
        try:
            attended = measure(self.network, home.point, entrances, home.street)
        except (NoWay, UnusablePoint) as reason:
            return MeasuredRoutes(reason)
        # on foot nobody is faster than the straight line: only schools nearer than that can be nearer at all
        known = {each.number: found.entrances[each.number] for each in found.alike if each.number in found.entrances}
        rivals = {
            number: places
            for number, places in known.items()
            if min(length(*home.point, *place.point) for place in places) < attended.metres
        }
        second = self._from_second_home(school, found)
        best = nearest(self.network, home.point, rivals, home.street, within_m=attended.metres) if rivals else None
        attended = _from(home, self._safe(home, attended, entrances, found))
        if best is None or best[1].metres >= attended.metres:
            return MeasuredRoutes(attended, second_home=second)
        number, way = best
        return MeasuredRoutes(attended, (number, _from(home, self._safe(home, way, rivals[number], found))), second)

    def _from_second_home(self, school: School, found: ApplicationContext) -> Measurement | None:
        home, entrances = found.second_home, found.entrances.get(school.number, ())
        if home is None:
            return None
        try:
            way = measure(self.network, home.point, entrances, home.street)
        except (NoWay, UnusablePoint):
            return None
        return _from(home, self._safe(home, way, entrances, found))

    def _safe(
        self, home: Address, way: Measurement, entrances: Sequence[Entrance], found: ApplicationContext
    ) -> Measurement:
        """With the second distance, where the authority has hazards for this pupil."""
        if not found.hazards:
            return way
        hazards = self._compiled(tuple(found.hazards))
        return avoid_hazards(self.network, way, home.point, entrances, street=home.street, hazards=hazards)

    def _compiled(self, listed: tuple[Hazard, ...]) -> Hazards:
        """Compiled once for each list, the oldest forgotten; two threads may compile the same one."""
        known = self._hazards.get(listed)
        if known is None:
            known = compile_hazards(self.network, listed)
            if len(self._hazards) >= MOST_LISTS:
                self._hazards.pop(next(iter(self._hazards)), None)
            self._hazards[listed] = known
        return known

    async def _run(self, work: Callable[[], Result]) -> Result:
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def open_measurer(file: Path, today: date, most_days: int) -> NetworkMeasurer:
    """Exits for a network file that cannot be used: it stops the start, not the first application.

    Args:
        most_days: an older map is not used; 0: any age.
    """
    measurer = NetworkMeasurer(file)
    try:
        check_age(measurer.network, today, most_days)
    except NetworkUnusable as error:
        raise SystemExit(f"setting ELIGIBILITY_NETWORK_FILE: {error}") from None
    return measurer
