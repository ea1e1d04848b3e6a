"""Draws the front of a .pkpass as a phone would show it, near enough to see what an inspector sees.

Its places and sizes are those of a generic pass on a phone of 375 points, read out of the package alone: what the pass
does not say is not drawn.
"""

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from support.json import Json

FONT = (
    Path(__file__).parents[3]
    / "services/eligibility/src/eligibility/web/static/vendor/kern/fonts/fira-sans/FiraSans-Regular.woff2"
)
WIDTH, HEIGHT, SCALE, MARGIN = 351, 460, 2, 12


def draw_front(package: bytes, language: str) -> Image.Image:
    """The front, in `de` or `en`."""
    with ZipFile(BytesIO(package)) as reader:
        files = {name: reader.read(name) for name in reader.namelist()}
    return Front(files, language).image


class Front:
    def __init__(self, files: dict[str, bytes], language: str) -> None:
        self._files = files
        self._words = _strings(files[f"{language}.lproj/pass.strings"])
        document = json.loads(files["pass.json"])
        self._colours = {name: _colour(document[f"{name}Color"]) for name in ("background", "foreground", "label")}
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), self._colours["background"])
        self._draw = ImageDraw.Draw(self.image)
        self._head(document)
        generic = document["generic"]
        thumbnail = self._picture("thumbnail", (WIDTH - MARGIN - 90, 70))
        self._field(generic["primaryFields"][0], MARGIN, 76, 22, WIDTH - 2 * MARGIN - (98 if thumbnail else 0))
        self._row(generic["secondaryFields"], 168)
        self._row(generic["auxiliaryFields"], 214)
        if "barcodes" in document:
            self._code(document["barcodes"][0])

    def _head(self, document: Json) -> None:
        width = self._picture("logo", (MARGIN, 10))
        self._text(document.get("logoText", ""), MARGIN + width + 8, 24, 15, "foreground")
        self._field(document["generic"]["headerFields"][0], WIDTH - MARGIN - 100, 12, 15, 100)

    def _picture(self, kind: str, place: tuple[int, int]) -> int:
        """How wide it is, in points; 0 where there is none."""
        if f"{kind}@2x.png" not in self._files:
            return 0
        picture = Image.open(BytesIO(self._files[f"{kind}@2x.png"])).convert("RGBA")
        self.image.paste(picture, (place[0] * SCALE, place[1] * SCALE), picture)
        return picture.width // SCALE

    def _row(self, fields: Json, top: int) -> None:
        for place, field in enumerate(fields):
            room = (WIDTH - 2 * MARGIN) // max(2, len(fields))
            self._field(field, MARGIN + place * room, top, 15, room - 6)

    def _field(self, field: Json, left: int, top: int, size: int, room: int) -> None:
        self._text(self._word(field["label"]).upper(), left, top, 9, "label", room)
        lines = self._lines(self._word(field["value"]), size, room)
        for number, line in enumerate(lines):
            self._text(line, left, top + 13 + number * (size + 4), size, "foreground", room)

    def _lines(self, text: str, size: int, room: int) -> list[str]:
        """Two at most; a phone makes longer ones smaller."""
        if size < 20 or self._width(text, size) <= room or " " not in text:
            return [text]
        words, first = text.split(" "), ""
        while words and self._width(f"{first} {words[0]}", size) <= room:
            first = f"{first} {words.pop(0)}".strip()
        return [first, " ".join(words)]

    def _text(self, text: object, left: int, top: int, size: int, colour: str, room: int = WIDTH) -> None:
        said = str(text)
        while size > 8 and self._width(said, size) > room:
            size -= 1
        self._draw.text((left * SCALE, top * SCALE), said, self._colours[colour], _font(size))

    def _width(self, text: str, size: int) -> float:
        return self._draw.textlength(text, _font(size)) / SCALE

    def _word(self, german: object) -> str:
        return self._words.get(str(german), str(german))

    def _code(self, barcode: Json) -> None:
        content = str(barcode["message"]).encode(str(barcode["messageEncoding"]))
        symbol = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.Aztec, eci=0)
        code = Image.fromarray(symbol.to_image(scale=2, add_quiet_zones=True)).convert("RGB")
        left = (self.image.width - code.width) // 2
        self.image.paste(code, (left, self.image.height - code.height - 28 * SCALE))
        self._text(barcode["altText"], WIDTH // 2 - 26, HEIGHT - 22, 11, "foreground")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size * SCALE)


def _colour(text: str) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in text[4:-1].split(","))
    return red, green, blue


def _strings(content: bytes) -> dict[str, str]:
    lines = (line.removesuffix(";").split('" = "', 1) for line in content.decode("utf-16").splitlines() if line)
    return {key[1:]: value[:-1] for key, value in lines}
