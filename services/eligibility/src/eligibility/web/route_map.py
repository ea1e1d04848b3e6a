"""The tested way beside the limit: both readings on one scale. The drawing of the ways is the geography's own."""

from dataclasses import dataclass

from geography.drawing.picture import svg
from markupsafe import Markup
from shared.school_names import everyday_name

from eligibility.domain.kept_routes import KeptInterval, KeptRoute, KeptRoutes
from eligibility.web.formatter import Formatter

RULER_WIDTH, RULER_LEFT, RULER_RIGHT = 720, 16, 16


@dataclass(frozen=True)
class Mark:
    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Ruler:
    """Both readings and the limit on one scale, from 0 metres on the left."""

    width: int
    measured: Mark
    limit: Mark | None
    band: tuple[float, float]
    lenient: str
    strict: str | None
    beyond: bool
    """The measured way is longer than the limit."""


def drawings(routes: KeptRoutes, limit: int | None, say: Formatter) -> list[tuple[str, Markup]]:
    """Title and picture of each way; first the one that is tested. No map service hears of anybody's home.

    The picture escapes what is written on it, and has neither style nor script: it may stand in the page as it is.
    """
    nearest = routes.get("nearest") or {}
    name = everyday_name(nearest.get("school_name") or "") or say.t("nächstgelegene Schule", "nearest school")
    titled = (
        (say.t(f"Weg zur nächstgelegenen Schule ({name})", f"Way to the nearest school ({name})"), nearest),
        (say.t("Weg zur besuchten Schule", "Way to the school attended"), routes.get("attended") or {}),
    )
    found: list[tuple[str, Markup]] = []
    for title, way in titled:
        picture = svg(way, language=say.language, metres=lambda value: say.metres(value, limit)) if way else None
        if picture is not None:
            # each picture has its own clip: an id may stand once on a page
            own = picture.replace('id="map"', f'id="map-{len(found)}"').replace("url(#map)", f"url(#map-{len(found)})")
            found.append((title, Markup(own)))  # noqa: S704  # see above
    return found


def ruler(way: KeptRoute, limit_m: int | None, say: Formatter) -> Ruler:
    """`way`: the one that is tested against the limit."""
    measured = float(way["metres"])
    interval = way.get("interval") or KeptInterval()
    lenient = float(interval.get("lenient_m") or measured)
    strict = interval.get("strict_m", measured)
    longest = max(measured, float(strict or 0), float(limit_m or 0)) * 1.12 or 1.0
    scale = (RULER_WIDTH - RULER_LEFT - RULER_RIGHT) / longest

    def at(metres: float) -> float:
        return round(RULER_LEFT + metres * scale, 1)

    def mark(metres: float, text: str) -> Mark:
        x = at(metres)
        return Mark(x, text, "end" if x > RULER_WIDTH * 0.72 else "start" if x < RULER_WIDTH * 0.28 else "middle")

    return Ruler(
        RULER_WIDTH,
        mark(measured, f"{say.t('gemessen', 'measured')} {say.metres(measured, limit_m)}"),
        None
        if limit_m is None
        else mark(limit_m, say.t(f"Grenze {say.limit(limit_m)}", f"limit {say.limit(limit_m)}")),
        (at(lenient), at(float(strict) if strict is not None else longest)),
        say.metres(lenient, limit_m),
        None if strict is None else say.metres(float(strict), limit_m),
        limit_m is not None and measured > limit_m,
    )
