"""Texts of the window outside a widget; inside one `self.tr` translates."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def tr(text: str) -> str:
    """A text in the artist's language; a literal where it is called, so that Qt's tools find it."""
    return QCoreApplication.translate("", text)


def N_(text: str) -> str:
    """A text of a table, unchanged: marked for translators, translated where it is shown.

    The name is gettext's.
    """
    return str(QT_TRANSLATE_NOOP("", text))
