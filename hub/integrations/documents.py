"""Documents that staff put beside a topic: PDF, slides and texts.

What a file is, its content says, never its name; it is kept as it came and sent only as a
download. Office files are zip archives (ECMA-376 part 2; OASIS OpenDocument 1.3 part 2).
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from hub.exceptions import InvalidInput
from hub.i18n import _l

MAX_BYTES = 20 * 1024 * 1024
OPENXML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pptx": f"{OPENXML}.presentationml.presentation",
    "docx": f"{OPENXML}.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
MAIN_PARTS = {"ppt/presentation.xml": "pptx", "word/document.xml": "docx"}
MACROS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("basic/", "scripts/")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it came: its bytes, how its sender called it, what it is."""

    body: bytes
    shown_name: str
    ending: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.ending]


def read_document(sent: bytes, name: str) -> Document:
    """What was sent, if it is one of the four kinds. Raises InvalidInput(field="file")."""
    if len(sent) > MAX_BYTES:
        raise InvalidInput(_l("The file is too large: at most 20 MB."), field="file")
    ending = "pdf" if sent.startswith(b"%PDF-") else _kind_of_archive(sent)
    if ending is None:
        raise InvalidInput(
            _l("This file cannot be used. Send a PDF, PPTX, DOCX or ODP file."), field="file"
        )
    stem = Path(name.replace("\\", "/")).stem
    printable = "".join(c for c in stem if c.isprintable() and c not in "\"'<>;").strip()
    return Document(sent, f"{printable[:100] or 'document'}.{ending}", ending)


def _kind_of_archive(sent: bytes) -> str | None:
    """The kind of an office file, or None. Raises InvalidInput for one that holds programs."""
    if not sent.startswith(b"PK\x03\x04"):
        return None
    try:
        with ZipFile(BytesIO(sent)) as archive:
            names = [name.lower() for name in archive.namelist()]
            declared = b""
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    declared = entry.read(100)  # never more: it may be a bomb
    except (BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        return None
    if any(n.endswith(MACROS) or n.startswith(MACRO_FOLDERS) for n in names):
        raise InvalidInput(
            _l("This file holds macros, which are programs. Save it without them."), field="file"
        )
    if declared == MEDIA_TYPES["odp"].encode():
        return "odp"
    if "[content_types].xml" not in names:
        return None
    return next((ending for part, ending in MAIN_PARTS.items() if part in names), None)
