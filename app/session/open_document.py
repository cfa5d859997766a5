from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editor.display_name import display_name
from editor.errors import UnsupportedImage
from editor.messages import Message
from editor.model.image import Image
from editor.model.picture import Picture

if TYPE_CHECKING:
    from editor.storage.document import Document

DOCUMENT_SUFFIX = ".pentimento"
_SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class OpenedDocument:
    """A document ready to be worked on, and what should be said about how it was opened."""

    document: Document
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A picture that comes with the program.

    Attributes:
        caption: what it shows, with everything named: suggestions must not offer what is there.
    """

    file: Path
    title: str
    caption: str


def open_file(path: Path, state_dir: Path, *, rest: bool = False) -> OpenedDocument:
    """Open a picture as a new untitled document, or a document as itself; for worker threads.

    Raises:
        ExpectedError: with a sentence; nothing was changed.
    """
    from editor.formats import open_image
    from editor.storage.document import Document

    # A document is known by its name and not read here: closing a handle of our own would drop
    # SQLite's POSIX locks if this program has it open already.
    if path.suffix == DOCUMENT_SUFFIX:
        return OpenedDocument(Document.open(path, rest=rest))
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise UnsupportedImage(
            Message(
                "file.cannot_read", name=display_name(path), reason=str(error.strerror or error)
            ),
            Message("do.open_another"),
        ) from error
    if head == _SQLITE_MAGIC:
        return OpenedDocument(Document.open(path, rest=rest))
    opened = open_image(path)
    document = Document.create(
        Picture.of(opened.image, path.name),
        label=path.name,
        state_dir=state_dir,
        source=opened.source,
    )
    return OpenedDocument(document, opened.notes)


def open_pixels(image: Image, label: str, state_dir: Path) -> OpenedDocument:
    """A new untitled document from pixels (pasted, made from words)."""
    from editor.storage.document import Document

    return OpenedDocument(
        Document.create(Picture.of(image, label), label=label, state_dir=state_dir)
    )


def open_encoded(data: bytes, label: str, state_dir: Path) -> OpenedDocument:
    """A new untitled document from a picture file's bytes (the clipboard's); for worker threads.

    Raises:
        ExpectedError: with a sentence; nothing was changed.
    """
    from editor.formats import open_image
    from editor.storage.document import Document

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(data)
        opened = open_image(path)
    document = Document.create(Picture.of(opened.image, label), label=label, state_dir=state_dir)
    return OpenedDocument(document, opened.notes)


@cache
def samples() -> tuple[Sample, ...]:
    """The pictures that come with the program, the first one first; read once."""
    folder = Path(str(resources.files("resources"))) / "samples"
    index = folder / "storybook.json"
    if not index.is_file():
        return ()
    rows: list[dict[str, Any]] = json.loads(index.read_text("utf-8"))
    return tuple(Sample(folder / r["file"], r["title"], r["full_caption"]) for r in rows)


def document_to_start_with(state_dir: Path, last: str) -> Path | None:
    """The document that was open when the program ended, else the newest untitled one.

    Not one that another window of the program has open: this one could only show it.
    """
    from editor.storage.document import Document
    from editor.storage.file import is_free

    if last and Path(last).is_file() and is_free(Path(last)):
        return Path(last)
    untitled = Document.untitled(state_dir)
    return max(untitled, key=lambda p: p.stat().st_mtime, default=None)
