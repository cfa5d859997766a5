from __future__ import annotations

from PySide6.QtCore import QLocale

from app.i18n.texts import tr


def file_size_text(size: int) -> str:
    """The size of a file, given in bytes: "2.4 MB", "840 kB"."""
    for unit, factor in ((tr("{0} GB"), 1e9), (tr("{0} MB"), 1e6)):
        if size >= factor:
            value = size / factor
            return unit.format(QLocale().toString(value, "f", 1 if value < 9.95 else 0))
    kilobytes = max(size / 1e3, 1.0) if size else 0.0  # only nothing is nothing
    return tr("{0} kB").format(QLocale().toString(kilobytes, "f", 0))
