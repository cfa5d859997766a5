from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.session.changes import Changes
from app.session.messages import Speaking, tr
from app.session.results import Results, Stage
from app.session.results import Slot as ResultSlot
from editor.model.edit import Instruction
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.model.selection import Selection
from editor.ranking import rank as ranking_rules
from editor.render.look import ResultBlend

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document, StoredJob


class Regarding(Speaking):
    """Where the artist is and what is looked at: idea, selection, results, fade and paint."""

    def __init__(self) -> None:
        super().__init__()
        self.document: Document | None = None
        self.selection: Selection | None = None
        self.results: Results | None = None
        self.looked_at: str | None = None
        """Key of the result on the canvas; None = the current picture."""
        self.compared: str | None = None
        self.opacity = 1.0
        self.paint: Selection | None = None
        self.paint_key: str | None = None
        """Key of the result that is painted into the one looked at."""

    @property
    def node(self) -> HistoryNode | None:
        """The history node at head."""
        if self.document is None or self.document.history.head is None:
            return None
        return self.document.history.current

    @property
    def image(self) -> Image | None:
        """The current picture's pixels, or None while they are still being made."""
        node = self.node
        return node.picture.image if node is not None and node.picture is not None else None

    @property
    def is_busy(self) -> bool:
        """True while a job runs: the Run button says Cancel."""
        return self.results is not None and self.results.stage.is_live

    def is_told(self, notice: str) -> bool:
        """Whether a notice that is given once per document was given here, now or years ago."""
        return self.document is not None and notice in self.document.told

    def tell(self, notice: str) -> bool:
        """Whether a notice is due; it is not any more from now on."""
        if self.is_told(notice):
            return False
        if self.document is not None:
            self.document.tell(notice)
        return True

    def _image_of(self, node_id: str) -> Image | None:
        assert self.document is not None
        picture = self.document.history.nodes[node_id].picture
        return picture.image if picture is not None else None

    # --- look -----------------------------------------------------------------------------------

    def look_at(self, key: str | None) -> None:
        """Put a result on the canvas, or the current picture again."""
        if key == self.looked_at:
            return
        if self.looked_at is not None and key is not None:
            self.compared = self.looked_at
        self.looked_at = key
        self._clear_finish()
        self.changed.emit(Changes.LOOK)

    def look_at_number(self, number: int) -> None:
        """0 = current picture, 1..9 = the result with that rank."""
        if number == 0:
            self.look_at(None)
        elif self.results is not None and number <= len(self.results.ordered):
            slot = self.results.ordered[number - 1]
            if slot.candidate is not None:
                self.look_at(slot.key)

    @property
    def look(self) -> ResultBlend | None:
        """What Keep this would keep."""
        if self.results is None or self.looked_at is None:
            return None
        first = self.results.slot(self.looked_at).candidate
        if first is None:
            return None
        second = None
        if self.paint_key is not None:
            second = self.results.slot(self.paint_key).candidate
        return ResultBlend(first, second, self.paint, self.opacity)

    def set_opacity(self, opacity: float) -> None:
        """Fade the result looked at: 0 = before, 1 = all of it."""
        opacity = min(1.0, max(0.0, opacity))
        if opacity != self.opacity and self.paint_key is None:
            self.opacity = opacity
            self.changed.emit(Changes.LOOK)

    def start_painting(self, key: str) -> None:
        """Paint parts of another result into the one looked at."""
        look = self.look
        if look is None or key == self.looked_at or self.results is None:
            return
        from editor.render.composite import output_size

        if self.results.source is not None:
            return
        image, other = self._image_of(self.results.parent), self.results.slot(key).candidate
        if image is None or other is None:
            return
        if output_size(image, look.first.patch) != output_size(image, other.patch):
            self.notice(tr("These two results differ in size."))
            return
        self.opacity = 1.0
        self.paint_key = key
        self.paint = None
        self.changed.emit(Changes.LOOK)

    def set_paint(self, paint: Selection | None, *, quiet: bool = False) -> None:
        """The brushed coverage of the second result; `quiet` if the canvas shows it already."""
        self.paint = paint
        if not quiet:
            self.changed.emit(Changes.LOOK)

    def stop_painting(self) -> None:
        """Take the second result away again."""
        self.paint, self.paint_key = None, None
        self.changed.emit(Changes.LOOK)

    def _clear_finish(self) -> None:
        self.opacity, self.paint, self.paint_key = 1.0, None, None

    def set_aside(self, key: str) -> None:
        """Dim a result; again brings it back."""
        if self.results is not None:
            self.results = replace(self.results, set_aside=self.results.set_aside ^ {key})
            self.changed.emit(Changes.RESULTS)

    def _show_results_of_head(self) -> None:
        """That idea's own results come back: those started from it, else those that made it."""
        self.results = None
        if self.document is None or self.document.history.head is None:
            return
        head = self.document.history.current
        stored = self.document.results(head.id)
        kept: str | None = None
        if not stored and head.parent is not None:
            keys = {c.key for c in head.candidates}
            stored = tuple(
                j
                for j in self.document.results(head.parent)
                if keys & {c.key for c in j.candidates}
            )
            kept = head.id
        if stored:
            self.results = restored(stored[-1], kept)

    # --- selection --------------------------------------------------------------------------------

    def fit_selection(self) -> None:
        """A selection of another size than the picture (a crop in between) goes."""
        image, selection = self.image, self.selection
        if image is None or selection is None:
            return
        if (selection.width, selection.height) != (image.width, image.height):
            self.set_selection(None)

    def set_selection(self, selection: Selection | None) -> None:
        """Where the next edit may act; None = everywhere."""
        self.selection = selection
        self.changed.emit(Changes.SELECTION)


def restored(stored: StoredJob, kept: str | None) -> Results:
    """The results of a job as the document holds them; `kept`: the idea made from them."""
    by_key = {s.key: s for s in stored.scores}
    said = {c.request.instruction for c in stored.candidates}
    return Results(
        job=stored.job,
        parent=stored.parent,
        instruction=said.pop() if len(said) == 1 else Instruction(""),
        selection=stored.selection,
        stage=Stage.RANKED,
        slots=tuple(
            ResultSlot(c.request, candidate=c, score=by_key.get(c.key)) for c in stored.candidates
        ),
        ranking=stored.ranking or ranking_rules.rank(stored.scores),
        kept=kept,
    )
