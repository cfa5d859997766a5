"""The committed documents. They lie packed, because most pages of a small one are empty."""

from __future__ import annotations

import lzma
from pathlib import Path

FOLDER = Path(__file__).parent
_ENDING = ".pentimento.xz"
_UNKNOWN = ("damaged", "newer", "foreign")
"""Files that are refused; they serve the command lines."""


def names() -> list[str]:
    """Of the documents that open."""
    found = sorted(path.name.removesuffix(_ENDING) for path in FOLDER.glob(f"*{_ENDING}"))
    return [name for name in found if name not in _UNKNOWN]


def unpacked(name: str, folder: Path) -> Path:
    """A copy of a document in a folder."""
    target = folder / f"{name}.pentimento"
    target.write_bytes(lzma.decompress((FOLDER / f"{name}{_ENDING}").read_bytes()))
    return target


def pack(document: Path) -> Path:
    """Keep a document here."""
    target = FOLDER / f"{document.stem}{_ENDING}"
    target.write_bytes(lzma.compress(document.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    return target
