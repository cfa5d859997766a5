from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.changes import Changes
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from editor.model.history import HistoryNode
from editor.model.score import Gates
from editor.ranking.learn import learn_weights
from editor.ranking.weights import Weights, is_ranked_by_sides, sides_of, usual_of
from editor.storage.choice_file import ChoiceFile, StoredChoice, choices_of

FILE: Final = "kept-choices.jsonl"
"""Beside the settings; it never leaves the computer."""

OFF, DOCUMENT, ALL = "off", "document", "all"
"""What the ranking learns from (the setting `rank_learn`)."""


class LearntRanking(QObject):
    """Weights of the ranking: where the sliders stand, moved by what the artist keeps.

    Each kept result is written down with its siblings once it is on disk; once there are enough
    (`editor.ranking.learn.LEAST_CHOICES`) the weights are learnt from that. Results in the list
    stay as they are: only the next ones are ranked by it.

    Signals:
        changed(): other weights, or another number of choices.
    """

    changed = Signal()

    def __init__(
        self,
        settings: Settings,
        work: ThreadPool,
        binding: DocumentBinding,
        driver: EditDriver,
        failed: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        """Reads the choices on a worker thread.

        Args:
            settings: sliders and switch; the choices lie beside it.
            work: threads for the file.
            binding: the open document.
            driver: its weights are kept up to date.
            failed: called where the file cannot be read or written.
            parent: of Qt.
        """
        super().__init__(parent)
        self._settings, self._work, self._binding = settings, work, binding
        self._driver, self._failed = driver, failed
        self._file = ChoiceFile(settings.path_beside(FILE))
        self._stored: list[StoredChoice] = []
        self._changes: deque[Callable[[], None]] = deque()
        self._changing = Lock()
        self._learnt: Weights | None = None
        work.run(lambda _: self._file.read(), self._take, failed)
        self._apply()

    @property
    def scope(self) -> str:
        """What is learnt from: `OFF`, `DOCUMENT` or `ALL`."""
        return str(self._settings["rank_learn"])

    @property
    def sliders(self) -> Weights:
        """Where the sliders stand."""
        names = ("rank_words", "rank_picture", "rank_beauty")
        return Weights(*(float(self._settings[name]) for name in names))

    @property
    def count(self) -> int:
        """Choices that can be learnt from, of this document or of all."""
        return len(choices_of(self._stored, self._only()))

    @property
    def learnt(self) -> Weights | None:
        """What was learnt; None where that is switched off or there are too few choices."""
        return self._learnt

    def set_scope(self, scope: str) -> None:
        """Learn from this document, from all, or not; the list is sorted again."""
        self._settings.set("rank_learn", scope)
        self._sort_again()

    def set_sliders(self, weights: Weights) -> None:
        """Move the sliders, about which is learnt; the list is sorted again."""
        self._settings.set("rank_words", weights.words)
        self._settings.set("rank_picture", weights.picture)
        self._settings.set("rank_beauty", weights.beauty)
        self._sort_again()

    def forget(self) -> None:
        """Delete the choices of the scope, in memory at once and then on disk."""
        only = self._only()
        self._stored = [one for one in self._stored if only is not None and one.document != only]
        self._change_file(lambda: self._file.forget(only))
        self._sort_again()

    def on_kept(self, node_id: str) -> None:
        """A result was kept and is on disk: write down what it was chosen over."""
        document = self._binding.document
        node = document.history.nodes.get(node_id) if document is not None else None
        choice = _choice(self._document(), node) if node is not None else None
        if choice is None or self.scope == OFF:
            return
        self._stored.append(choice)
        self._change_file(lambda: self._file.add(choice))
        self._apply()

    def on_changed(self, changes: Changes) -> None:
        """Another document may have been opened."""
        if changes & Changes.DOCUMENT and self.scope == DOCUMENT:
            self._apply()

    def _take(self, stored: list[StoredChoice]) -> None:
        self._stored = [*stored, *self._stored]
        self._apply()

    def _change_file(self, change: Callable[[], None]) -> None:
        """Change the file on a worker thread, after all that was asked for before.

        Else what is forgotten could be written behind it.
        """
        self._changes.append(change)

        def oldest() -> None:
            with self._changing:
                self._changes.popleft()()

        self._work.run(lambda _: oldest(), lambda _: None, self._failed, 0)

    def _apply(self) -> None:
        self._driver.weights = self._learn()
        self.changed.emit()

    def _sort_again(self) -> None:
        self._driver.set_weights(self._learn())
        self.changed.emit()

    def _learn(self) -> Weights:
        """What counts from now on: the sliders, moved by the choices."""
        stored = [] if self.scope == OFF else self._stored
        self._learnt = learn_weights(choices_of(stored, self._only()), self.sliders)
        return self._learnt or self.sliders

    def _only(self) -> str | None:
        return self._document() if self.scope == DOCUMENT else None

    def _document(self) -> str:
        """A name that stays when the file is moved: that of its first idea."""
        document = self._binding.document
        roots = document.history.roots() if document is not None else ()
        return roots[0] if roots else ""


def _choice(document: str, node: HistoryNode) -> StoredChoice | None:
    """What keeping this node says; None where results were painted together or not comparable."""
    instructions = {one.request.instruction for one in node.siblings}
    if len(node.candidates) != 1 or len(instructions) != 1 or node.ranking is None:
        return None
    results = []
    usual = usual_of(place.score for place in node.ranking.places if place.score is not None)
    for place in node.ranking.places:
        score = place.score
        if score is not None and is_ranked_by_sides(score):
            sides = sides_of(score, score.gates or Gates(), usual)
            if sides is not None:
                results.append((place.key, sides))
    if len(results) < 2 or len(results) < len(node.ranking.places):
        return None
    keys = " ".join(sorted(key for key, _ in results))
    run = hashlib.blake2b(keys.encode(), digest_size=16).hexdigest()
    return StoredChoice(document, run, node.candidates[0].key, tuple(results))
