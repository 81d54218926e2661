"""Pictures that people send: content, size, metadata."""

from io import BytesIO

import pytest
from PIL import Image

from hub.exceptions import InvalidInput
from hub.integrations.pictures import MAX_BYTES, clean_picture


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 30), **options: object) -> bytes:
    out = BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    image = Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 0))
    image.save(out, kind, **options)
    return out.getvalue()


def with_exif() -> bytes:
    """Turned by a quarter, with a place and a maker."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation
    exif[0x010F] = "Spy Camera"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return picture(exif=exif.tobytes(), comment=b"secret comment")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_of_each_kind_becomes_a_jpeg(kind):
    made = clean_picture(picture(kind), "my photo.PNG")
    assert made.shown_name == "my photo.jpg"
    with Image.open(BytesIO(made.body)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (60, 30), "RGB")


def test_rule_18_nothing_of_the_metadata_is_left():
    made = clean_picture(with_exif(), "x.jpg")
    assert b"Spy" not in made.body and b"secret" not in made.body and b"Exif" not in made.body
    with Image.open(BytesIO(made.body)) as image:
        assert dict(image.getexif()) == {} and "comment" not in image.info
        assert image.size == (30, 60)  # turned upright first


def test_large_picture_becomes_smaller():
    with Image.open(BytesIO(clean_picture(picture(size=(4000, 1000)), "x").body)) as image:
        assert image.size == (2000, 500)


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"%PDF-1.4", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(50),
        picture()[:200], b"\xff\xd8\xff" + bytes(100), picture("GIF"), picture("BMP"),
        picture(size=(9000, 8000)),
        bytes(MAX_BYTES + 1),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_words(sent):
    with pytest.raises(InvalidInput) as refused:
        clean_picture(sent, "photo.jpg")
    assert refused.value.field == "picture" and "picture" in str(refused.value.message)


@pytest.mark.parametrize("name", ["../../etc/passwd", 'C:\\x\\evil".exe', "", "\x00\n", "a" * 500])
def test_name_is_only_shown_and_harmless(name):
    shown = clean_picture(picture(), name).shown_name
    assert shown.endswith(".jpg") and len(shown) <= 104
    assert not set(shown) & set('/\\"\n\x00')
