"""A made-up language: every text of the program between ⟦ and ⟧ and in accented letters.

What stands in the window outside the brackets, or in plain letters, was not translated. Places for
values (`{0}`, `{name:,}`, `%1`, `%n`), tags and entities stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


def longer(text: str) -> str:
    """A text 40 % longer, as translations are."""
    more = "xxxxx " * (1 + len(text) // 15)
    return text + " " + more[: max(0, 4 * len(text) // 10 - 1)].strip() if text.strip() else text


class PseudoTranslator(QTranslator):
    """Has every text of every context, made by a function of the English one."""

    def __init__(self, made: Callable[[str], str]) -> None:
        super().__init__()
        self._made = made

    def translate(
        self, context: str, text: str, comment: str | None = None, number: int = -1
    ) -> str:
        return self._made(text)

    def isEmpty(self) -> bool:
        return False


@contextmanager
def pseudo_locale(made: Callable[[str], str] = marked) -> Iterator[None]:
    """The window's texts and the messages of editor and engine in this language."""
    translator = PseudoTranslator(made)
    QCoreApplication.installTranslator(translator)
    messages.use(Catalogue({code: made(text) for code, text in english().items()}))
    try:
        yield
    finally:
        messages.use(None)
        QCoreApplication.removeTranslator(translator)
