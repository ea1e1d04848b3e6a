"""What authorities upload: read apart, bounded in bytes, pixels, frames and time, and nothing but pixels is kept."""

import sys
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from support.wallet_pass import uploads
from wallet_pass.domain.colours import Colour
from wallet_pass.domain.pictures import FAULTS, MOST_BYTES, SHAPES, NoPicture, PictureFault, PictureKind, visible_part
from wallet_pass.pictures import child
from wallet_pass.pictures.making import UploadedPictures
from wallet_pass.pictures.reading import PictureReader
from wallet_pass.pictures.scaling import SCALES, circle, scale_picture

MAKER = UploadedPictures()
LOGO, ICON, THUMBNAIL = PictureKind.LOGO, PictureKind.ICON, PictureKind.THUMBNAIL
REFUSED: dict[str, tuple[Callable[[], bytes], PictureFault]] = {
    "a drawing": (lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', PictureFault.DRAWING),
    "a drawing behind a mark": (lambda: b"\xef\xbb\xbf\n <SVG onload='x()'/>", PictureFault.DRAWING),
    "a packed drawing": (lambda: b"\x1f\x8b\x08\x00", PictureFault.DRAWING),
    "a PDF": (lambda: b"%PDF-1.7", PictureFault.DRAWING),
    "HTML": (lambda: b"<html><script>x()</script>", PictureFault.NO_PICTURE),
    "a web page with a drawing": (lambda: b"<html><svg></svg>", PictureFault.DRAWING),
    "a GIF": (lambda: uploads.saved(uploads.logo(), "GIF"), PictureFault.OTHER_KIND),
    "a WEBP": (lambda: uploads.saved(uploads.logo(), "WEBP"), PictureFault.OTHER_KIND),
    "a TIFF": (lambda: uploads.saved(uploads.logo(), "TIFF"), PictureFault.OTHER_KIND),
    "an icon of Windows": (lambda: uploads.saved(uploads.icon(), "ICO"), PictureFault.OTHER_KIND),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic", PictureFault.OTHER_KIND),
    "nothing": (lambda: b"", PictureFault.NO_PICTURE),
    "only a mark": (lambda: b"\x89PNG\r\n\x1a\n", PictureFault.DAMAGED),
    "half a picture": (lambda: uploads.saved(Image.effect_noise((600, 200), 90))[:-3000], PictureFault.DAMAGED),
    "a head without rows": (lambda: uploads.png_that_says(600, 200), PictureFault.DAMAGED),
    "a bomb of dimensions": (lambda: uploads.png_that_says(60_000, 60_000), PictureFault.TOO_MANY_PIXELS),
    "a real bomb": (lambda: uploads.saved(Image.new("1", (20_000, 20_000))), PictureFault.TOO_MANY_PIXELS),
    "one line of a million": (lambda: uploads.png_that_says(20_000_000, 1), PictureFault.TOO_MANY_PIXELS),
    "too many bytes": (lambda: uploads.saved(uploads.logo()) + bytes(2_000_000), PictureFault.TOO_MANY_BYTES),
    "what moves": (uploads.moving, PictureFault.MOVING),
    "a million frames": (uploads.says_a_million_frames, PictureFault.MOVING),
    "nothing to see": (lambda: uploads.saved(Image.new("RGBA", (600, 200))), PictureFault.EMPTY),
    "a stamp": (lambda: uploads.saved(uploads.logo(60, 20)), PictureFault.TOO_SMALL),
    "a line": (lambda: uploads.saved(uploads.logo(1000, 10)), PictureFault.TOO_NARROW),
    "a bomb of text": (uploads.text_bomb, PictureFault.DAMAGED),
    "noise": (lambda: uploads.saved(Image.effect_noise((480, 150), 100).convert("RGB")), PictureFault.TOO_DETAILED),
}


def refusal(data: bytes, kind: PictureKind = LOGO) -> PictureFault:
    with pytest.raises(NoPicture) as refused:
        MAKER.make(data, kind)
    return refused.value.fault


@pytest.mark.parametrize(("draw", "fault"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_picture_for_a_pass_is_refused_with_its_reason(
    draw: Callable[[], bytes], fault: PictureFault
) -> None:
    assert refusal(draw()) is fault


def test_each_reason_says_what_to_do_in_both_languages() -> None:
    assert set(FAULTS) == set(PictureFault)
    for text in FAULTS.values():
        assert "Bitte" in text.de or "bitte" in text.de or "Nötig" in text.de or "höchstens" in text.de
        assert text.en != text.de


def test_shapes_are_those_of_the_kind() -> None:
    assert refusal(uploads.saved(uploads.logo(400, 300)), ICON) is PictureFault.NOT_SQUARE
    assert refusal(uploads.saved(uploads.logo(900, 300)), THUMBNAIL) is PictureFault.TOO_NARROW
    assert refusal(uploads.saved(uploads.icon(100)), ICON) is PictureFault.TOO_SMALL


def test_who_sent_a_logo_with_transparent_margins_hears_that_they_do_not_count() -> None:
    wide = Image.new("RGBA", (480, 150))
    wide.paste(uploads.logo(440, 110), (20, 20))
    assert refusal(uploads.saved(wide), LOGO) is PictureFault.TOO_SMALL
    assert "Durchsichtige Ränder zählen nicht" in FAULTS[PictureFault.TOO_SMALL].de
    assert "Transparent margins do not count" in FAULTS[PictureFault.TOO_SMALL].en


@pytest.mark.parametrize("kind", PictureKind)
def test_all_sizes_are_made_of_one_upload(kind: PictureKind) -> None:
    picture = MAKER.make(uploads.saved(uploads.icon(900)), kind)
    files = scale_picture(picture, kind, None)
    assert set(files) == {f"{kind}{suffix}.png" for suffix in SCALES}
    for suffix, scale in SCALES.items():
        image = Image.open(BytesIO(files[f"{kind}{suffix}.png"]))
        box = [side * scale for side in SHAPES[kind].box]
        assert image.width <= box[0] and image.height <= box[1]
        assert image.width == box[0] or image.height == box[1], "as large as the box allows"
        assert image.convert("RGBA").getchannel("A").getpixel((0, 0)) == 0, "what is nothing stays nothing"


@pytest.mark.parametrize("data", [uploads.photograph_with_secrets(), uploads.png_with_secrets()], ids=["JPEG", "PNG"])
def test_nothing_but_pixels_is_kept(data: bytes) -> None:
    assert b"SECRET" in data
    picture = MAKER.make(data, LOGO)
    for png in (picture.png, *scale_picture(picture, LOGO, Colour(0, 80, 40)).values()):
        assert b"SECRET" not in png
        image = Image.open(BytesIO(png))
        image.load()
        assert not image.getexif() and not {"icc_profile", "Author", "comment"} & set(image.info)


def test_a_photograph_stands_upright() -> None:
    picture = MAKER.make(uploads.photograph_with_secrets(), LOGO)
    assert picture.width == 3 * picture.height


def test_a_border_of_nothing_is_cut_off_a_logo() -> None:
    wide = Image.new("RGBA", (1200, 1200))
    wide.paste(uploads.logo(), (300, 500))
    picture = MAKER.make(uploads.saved(wide), LOGO)
    assert (picture.width, picture.height) == (450, 150)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_read(mode: str) -> None:
    plain = Image.new("L", (600, 200), 200)
    whole = {"I;16": 200 * 257, "1": 1}
    image = Image.new(mode, (600, 200), whole[mode]) if mode in whole else plain.convert(mode)
    picture = MAKER.make(uploads.saved(image), LOGO)
    red, green, blue, opacity = MAKER.pixels(picture).rgba[:4]
    assert (red, green, blue) == ((255, 255, 255) if mode == "1" else (200, 200, 200))
    assert opacity == 255


def test_a_print_shops_picture_is_read() -> None:
    data = uploads.saved(Image.new("CMYK", (600, 200), (0, 255, 255, 0)), "JPEG")
    red, green, blue, _ = MAKER.pixels(MAKER.make(data, LOGO)).rgba[:4]
    assert red > 200 and green < 60 and blue < 60


def test_a_profile_that_is_a_bomb_does_no_harm() -> None:
    try:
        MAKER.make(uploads.profile_bomb(), LOGO)
    except NoPicture as refused:
        assert refused.fault is PictureFault.DAMAGED


def test_the_same_upload_is_kept_as_the_same_bytes() -> None:
    data = uploads.saved(uploads.logo())
    assert MAKER.make(data, LOGO) == MAKER.make(data, LOGO)


def test_a_reader_that_hangs_is_ended() -> None:
    slow = PictureReader((sys.executable, "-c", "import time; time.sleep(60)"), seconds=0.5)
    with pytest.raises(NoPicture) as refused:
        slow.read(b"x", LOGO)
    assert refused.value.fault is PictureFault.TOO_SLOW


@pytest.mark.parametrize(
    "said",
    [
        "b'\\0' + bytes(8)",
        "b'\\0' + b'\\xff' * 9",
        "b'\\0' + (480).to_bytes(4, 'big') + (150).to_bytes(4, 'big') + bytes(10)",
        "b'\\0' + (1).to_bytes(4, 'big') * 2 + bytes(9)",
        "b'\\1' + b'\\xff' * 30",
        "b'x' * 9_000_000",
    ],
)
def test_a_reader_that_was_taken_over_can_send_pixels_and_nothing_else(said: str) -> None:
    taken = PictureReader((sys.executable, "-c", f"import sys; sys.stdout.buffer.write({said})"))
    with pytest.raises(NoPicture) as refused:
        taken.read(b"x", LOGO)
    assert refused.value.fault is PictureFault.DAMAGED


def test_a_reader_that_ends_before_it_was_told_all_is_heard() -> None:
    """A pipe holds less than that."""
    ends = PictureReader((sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'\\1drawing')"))
    with pytest.raises(NoPicture) as refused:
        ends.read(bytes(MOST_BYTES), LOGO)
    assert refused.value.fault is PictureFault.DRAWING


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_spoilt_file_ends_the_reader(data: st.DataObject) -> None:
    whole = bytearray(uploads.saved(uploads.logo(200, 160)))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    said = child.answer(bytes(whole), LOGO)
    assert said[:1] == child.PIXELS or PictureFault(said[1:].decode()) in PictureFault


def test_what_stands_out_is_seen_and_what_does_not_is_not() -> None:
    white = MAKER.pixels(MAKER.make(uploads.saved(uploads.logo()), LOGO))
    assert visible_part(white, Colour(0, 0, 0)) > 0.9
    assert visible_part(white, Colour(240, 240, 240)) == 0


def test_googles_circle_is_made_of_the_icon_or_else_of_the_logo() -> None:
    icon = MAKER.make(uploads.saved(uploads.icon()), ICON)
    logo = MAKER.make(uploads.saved(uploads.logo()), LOGO)
    for square in (icon, None):
        png = circle(square, logo, Colour(0, 80, 40))
        assert png is not None
        image = Image.open(BytesIO(png)).convert("RGB")
        assert image.size == (660, 660)
        assert image.getpixel((0, 0)) == (0, 80, 40)
    assert circle(None, None, Colour(0, 80, 40)) is None
