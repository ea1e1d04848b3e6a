"""The way in a notice: the drawing of the geography, with lengths written as the law's texts write them."""

from typing import Any

from geography.drawing.picture import svg

from eligibility.rules import texts


def draw_route(content: dict[str, Any]) -> str | None:
    """SVG of the way that the notice holds; None where it holds none. Older notices hold its line only."""
    way = content.get("route")
    if not way:
        return None
    limit = way.get("limit_m")
    before = "layout" not in content
    return svg(
        way,
        alt=content["picture_alt"],
        metres=lambda value: texts.metres(value, limit)[0],
        in_words_of_before=before,
    )
