from __future__ import annotations

from collections.abc import Callable

from app.i18n.texts import tr
from app.panels.pages.text_page import TextPage
from app.session.changes import Changes
from app.session.session import Session
from app.window.shell import Shell


class HistoryController:
    """The commands of the History menu; each acts on the current idea or on one by its id."""

    def __init__(self, session: Session, shell: Shell) -> None:
        self._session = session
        self._shell = shell

    def star_current(self) -> None:
        """Star the current idea, or take the star away."""
        if self._session.node is not None:
            self._session.binding.star(self._session.node.id)

    def rename_current(self) -> None:
        """The page with the name of the current idea."""
        if self._session.node is not None:
            self.rename(self._session.node.id)

    def note_current(self) -> None:
        """The page with the note of the current idea."""
        if self._session.node is not None:
            self.note(self._session.node.id)

    def commands(self, node_id: str) -> dict[str, Callable[[], object]]:
        """What the menu of an idea does."""
        session = self._session
        return {
            "go": lambda: session.go(node_id),
            "star": lambda: session.binding.star(node_id),
            "rename": lambda: self.rename(node_id),
            "note": lambda: self.note(node_id),
        }

    def go_to_sibling(self, step: int) -> None:
        """To the branch above (−1) or below (+1)."""
        document, node = self._session.document, self._session.node
        if document is None or node is None:
            return
        history = document.history
        row = history.children(node.parent) if node.parent is not None else history.roots()
        place = row.index(node.id) + step
        if 0 <= place < len(row):
            self._session.go(row[place])

    def rename(self, node_id: str) -> None:
        """The page with the name of an idea."""
        document = self._session.document
        if document is None:
            return

        def done(text: str) -> None:
            self._session.binding.rename(node_id, text.strip())
            self._shell.close_page()

        page = TextPage(
            tr("A name of your own for this idea."),
            document.history.label(node_id),
            done,
            lines=False,
        )
        self._shell.show_page("rename", tr("Name this idea"), page)

    def note(self, node_id: str) -> None:
        """The page with the note of an idea."""
        document = self._session.document
        if document is None:
            return

        def done(text: str) -> None:
            document.note(node_id, text.strip())
            self._session.changed.emit(Changes.HISTORY)
            self._shell.close_page()

        page = TextPage(
            tr("What you want to remember about this idea."),
            document.history.notes.get(node_id, ""),
            done,
            lines=True,
        )
        self._shell.show_page("note", tr("Note"), page)
