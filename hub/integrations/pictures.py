"""Pictures that people send: looked into, and written anew without what came with them (Pillow)."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps

from hub.exceptions import InvalidInput
from hub.i18n import _l

MAX_BYTES = 8 * 1024 * 1024
MAX_SIDE = 2000  # pixels
MAX_PIXELS = 60_000_000  # what a telephone takes, and no bomb
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of ours, and how its sender called it."""

    body: bytes
    shown_name: str


def clean_picture(sent: bytes, name: str) -> Picture:
    """``sent`` as a JPEG of at most 2,000 pixels a side, turned upright, without any metadata.

    What it is, its content says, never its name. Raises InvalidInput(field="picture").
    """
    if len(sent) > MAX_BYTES:
        raise InvalidInput(_l("The picture is too large: at most 8 MB."), field="picture")
    try:
        with catch_warnings():
            simplefilter("error")  # Pillow warns of bombs
            body = _written_anew(sent)
    except InvalidInput:
        raise
    except Exception as error:  # whatever a forged file makes the decoder stumble over
        raise InvalidInput(
            _l("This is no picture that can be used. Send a JPEG, PNG or WebP file."),
            field="picture",
        ) from error
    stem = Path(name.replace("\\", "/")).stem
    printable = "".join(c for c in stem if c.isprintable() and c not in "\"'<>;").strip()
    return Picture(body, f"{printable[:100] or 'picture'}.jpg")


def _written_anew(sent: bytes) -> bytes:
    with Image.open(BytesIO(sent), formats=FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise InvalidInput(
                _l("The picture is too large: at most 60 million pixels."), field="picture"
            )
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        layer = upright.convert("RGBA")
    bare = Image.new("RGB", layer.size, "white")  # a new one: nothing of the old file's comments
    bare.paste(layer, mask=layer.getchannel("A"))
    out = BytesIO()
    bare.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
