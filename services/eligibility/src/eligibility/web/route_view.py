"""The way to school as the page of a case shows it: drawn, measured, and what was doubtful about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from geography.model import FLAG_TEXTS
from geography.model.doubt import NAMELESS, names_of
from markupsafe import Markup
from shared.school_names import everyday_name

from eligibility.domain.kept_routes import KeptInterval, KeptRoute, KeptRoutes, tested_route
from eligibility.web.formatter import Formatter
from eligibility.web.route_map import Ruler, drawings, ruler
from eligibility.workflow import CaseFile


@dataclass(frozen=True)
class WayView:
    """`readings`: label and length of each; `flags`: what was doubtful about the measurement."""

    drawings: list[tuple[str, Markup]]
    """Title and picture; the first is the way that is tested."""
    ruler: Ruler | None
    readings: list[tuple[str, str]]
    flags: list[str]
    streets: str


def way(file: CaseFile, limit: int | None, say: Formatter) -> WayView | None:
    """`limit`: as the rules say from the facts, where no decision holds it yet."""
    decision = file.decision
    routes = file.case.routes or (decision.routes if decision else KeptRoutes())
    if file.case.state != "review" and decision and decision.routes:
        routes = decision.routes
    tested = tested_route(routes)
    if not tested:
        return None
    if decision is not None and file.case.state != "review":
        limit = decision.limit_m
    texts = [FLAG_TEXTS[flag] for flag in tested.get("flags", ()) if flag in FLAG_TEXTS]
    return WayView(
        drawings(routes, limit, say),
        ruler(tested, limit, say),
        list(_readings(routes, tested, limit, say)),
        [*(say.text(each) for each in texts), *_doubtful_places(tested, say)],
        ", ".join(
            f"{leg['street'] or say.text(NAMELESS)} {say.number(round(leg['metres']))} m"
            for leg in tested.get("legs", ())
        ),
    )


def _doubtful_places(tested: KeptRoute, say: Formatter) -> Iterator[str]:
    """The places on which the readings differ: what a ruling on each would settle."""
    places = names_of(tested.get("doubts", ()))
    if places is not None:
        yield say.t("Zweifelhaft: ", "In doubt: ") + say.text(places)


def _readings(routes: KeptRoutes, tested: KeptRoute, limit: int | None, say: Formatter) -> Iterator[tuple[str, str]]:
    interval = tested.get("interval") or KeptInterval()
    if "nearest" in routes:
        attended = routes.get("attended") or {}
        yield say.t("Zur besuchten Schule", "To the school attended"), say.metres(attended.get("metres"))
        nearest = everyday_name(routes["nearest"].get("school_name") or "")
        which, which_en = (f" ({nearest}, maßgeblich)", f" ({nearest}, counts)") if nearest else (
            " (maßgeblich)", " (counts)")  # fmt: skip
        yield (
            say.t(f"Zur nächstgelegenen Schule{which}", f"To the nearest school{which_en}"),
            say.metres(tested["metres"], limit),
        )
    else:
        yield say.t("Kürzester Fußweg (maßgeblich)", "Shortest walk (counts)"), say.metres(tested["metres"], limit)
    if limit is not None:
        yield say.t("Entfernungsgrenze: mehr als", "Limit: more than"), say.limit(limit)
        over = tested["metres"] - limit
        text = say.metres(abs(over))
        yield (
            say.t("Abstand zur Grenze", "Distance from the limit"),
            (say.t(f"{text} darüber", f"{text} above") if over > 0 else say.t(f"{text} darunter", f"{text} below")),
        )
    if interval:
        yield (
            say.t("Kürzeste Lesart der Karte", "Shortest reading of the map"),
            say.metres(interval.get("lenient_m"), limit),
        )
        strict = interval.get("strict_m")
        none = say.t("kein Weg", "no way")
        yield (
            say.t("Längste Lesart der Karte", "Longest reading of the map"),
            none if strict is None else say.metres(strict, limit),
        )
    safe = tested.get("without_hazards")
    if safe:
        none = say.t("kein Weg", "no way")
        yield (
            say.t("Ohne Gefahrenstellen", "Without hazards"),
            none if safe.get("metres") is None else say.metres(safe["metres"], limit),
        )
