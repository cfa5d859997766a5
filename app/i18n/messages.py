"""Messages of the editor and the engine, in the language of the window."""

from __future__ import annotations

from editor.messages import Catalogue, Message, english


class _Language:
    """The catalogue in use; None stands for English, which is read when it is first needed."""

    catalogue: Catalogue | None = None


def use(catalogue: Catalogue | None) -> None:
    """Take all texts from this catalogue from now on; None for English."""
    _Language.catalogue = catalogue


def text_of(message: Message | None) -> str:
    """The text of a message in the artist's language; "" for none."""
    if message is None:
        return ""
    return (_Language.catalogue or english()).text(message)
