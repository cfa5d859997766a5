"""A made-up language: every text of the program between ⟦ and ⟧ and in accented letters.

What stands in the window outside the brackets, or in plain letters, was not translated. Places for
values (`{0}`, `{name:,}`, `%1`, `%n`), tags and entities stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QTranslator

from app.i18n import messages
from editor.messages import Catalogue, english

_KEPT = re.compile(r"(\{[^}]*\}|%\d|%n|<[^>]*>|&\w+;|\n|\t)")
_ACCENTED = str.maketrans(
    "aceilnorsuyzACEILNORSUYZ", "åçéîłñøřšûýžÅÇÉÎŁÑØŘŠÛÝŽ"
)  # the other letters stay, so that it can be read


def marked(text: str) -> str:
    """A text in this language."""
    parts = _KEPT.split(text)
    return "⟦" + "".join(p if i % 2 else p.translate(_ACCENTED) for i, p in enumerate(parts)) + "⟧"


class PseudoTranslator(QTranslator):
    """Has every text of every context."""

    def translate(
        self, context: str, text: str, comment: str | None = None, number: int = -1
    ) -> str:
        return marked(text)

    def isEmpty(self) -> bool:
        return False


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """The window's texts and the messages of editor and engine in this language."""
    translator = PseudoTranslator()
    QCoreApplication.installTranslator(translator)
    messages.use(Catalogue({code: marked(text) for code, text in english().items()}))
    try:
        yield
    finally:
        messages.use(None)
        QCoreApplication.removeTranslator(translator)
