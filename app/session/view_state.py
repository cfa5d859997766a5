from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.i18n.texts import tr
from app.session.changes import Changes, Notify
from app.session.current_results import CurrentResults
from app.session.messages import Messages
from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.result_blend import ResultBlend


@dataclass(frozen=True)
class Looking:
    """Which results are looked at and how, to go back there; see `ViewState`."""

    looked_at: str | None = None
    compared: str | None = None
    opacity: float = 1.0
    paint: Selection | None = None
    paint_key: str | None = None


class ViewState:
    """What is looked at, and how: result, comparison, strength, paint, live preview, selection.

    Attributes:
        selection: where the next edit may act, None for everywhere.
        looked_at: key of the result on the canvas, None for the current picture.
        compared: key of the result beside it.
        opacity: strength of the change, 0 = before, 1 = all of the result.
        paint: coverage of the second result over the first.
        paint_key: key of the result that is painted into the one looked at.
        live: what the words in the box would do, shown on the canvas and never kept.
        live_note: what is said of it over the canvas, "" for the usual words.
    """

    def __init__(
        self,
        results: CurrentResults,
        image_of: Callable[[str], Image | None],
        messages: Messages,
        notify: Notify,
    ) -> None:
        """`image_of(node id)`: the pixels of an idea, None while they are being made."""
        self._results = results
        self._image_of = image_of
        self._messages = messages
        self._notify = notify
        self.selection: Selection | None = None
        self.looked_at: str | None = None
        self.compared: str | None = None
        self.opacity = 1.0
        self.paint: Selection | None = None
        self.paint_key: str | None = None
        self.live: Candidate | None = None
        self.live_note = ""

    # --- look -----------------------------------------------------------------------------------

    @property
    def look(self) -> ResultBlend | None:
        """What Keep this would keep."""
        results = self._results.value
        if results is None or self.looked_at is None:
            return None
        first = results.slot(self.looked_at).candidate
        if first is None:
            return None
        second = results.slot(self.paint_key).candidate if self.paint_key is not None else None
        return ResultBlend(first, second, self.paint, self.opacity)

    def look_at(self, key: str | None) -> None:
        """Put a result on the canvas, or the current picture again."""
        live, self.live = self.live, None
        if key == self.looked_at:
            if live is not None:
                self._notify(Changes.LOOK)
            return
        if self.looked_at is not None and key is not None:
            self.compared = self.looked_at
        self.looked_at = key
        self._reset_finish()
        self._notify(Changes.LOOK)

    def look_at_number(self, number: int) -> None:
        """0 = current picture, 1..9 = the result with that rank."""
        results = self._results.value
        if number == 0:
            self.look_at(None)
        elif results is not None and number <= len(results.ordered):
            slot = results.ordered[number - 1]
            if slot.candidate is not None:
                self.look_at(slot.key)

    def set_live(self, candidate: Candidate | None, note: str = "") -> None:
        """Show on the canvas what the words in the box would do; None takes it away."""
        if candidate is self.live and note == self.live_note:
            return
        self.live, self.live_note = candidate, note
        if candidate is not None and self.looked_at is not None:
            self.looked_at = None  # so that Keep this never means another picture than is seen
            self._reset_finish()
        self._notify(Changes.LOOK)

    def set_aside(self, key: str) -> None:
        """Dim a result; again brings it back."""
        results = self._results.value
        if results is not None:
            self._results.value = replace(results, set_aside=results.set_aside ^ {key})
            self._notify(Changes.RESULTS)

    # --- strength and paint ---------------------------------------------------------------------

    def set_opacity(self, opacity: float) -> None:
        """Set the strength of the change looked at: 0 = before, 1 = all of it."""
        opacity = min(1.0, max(0.0, opacity))
        if opacity != self.opacity and self.paint_key is None:
            self.opacity = opacity
            self._notify(Changes.LOOK)

    def start_painting(self, key: str) -> None:
        """Paint parts of another result into the one looked at."""
        look, results = self.look, self._results.value
        if look is None or key == self.looked_at or results is None:
            return
        from editor.render.composite import output_size

        if results.source is not None:
            return
        image, other = self._image_of(results.parent), results.slot(key).candidate
        if image is None or other is None:
            return
        if output_size(image, look.first.patch) != output_size(image, other.patch):
            self._messages.notice(tr("These two results differ in size."), until=Changes.LOOK)
            return
        self.opacity = 1.0
        self.paint_key = key
        self.paint = None
        self._notify(Changes.LOOK)

    def set_paint(self, paint: Selection | None, *, quiet: bool = False) -> None:
        """The brushed coverage of the second result; `quiet` if the canvas shows it already."""
        self.paint = paint
        if not quiet:
            self._notify(Changes.LOOK)

    def stop_painting(self) -> None:
        """Take the second result away again."""
        self.paint, self.paint_key = None, None
        self._notify(Changes.LOOK)

    # --- selection ------------------------------------------------------------------------------

    def set_selection(self, selection: Selection | None) -> None:
        """Where the next edit may act; None = everywhere."""
        self.selection = selection
        self._notify(Changes.SELECTION)

    def fit_selection(self, image: Image | None) -> None:
        """Drop a selection of another size than the picture (a crop in between)."""
        if image is None or self.selection is None:
            return
        if (self.selection.width, self.selection.height) != (image.width, image.height):
            self.set_selection(None)

    # --- start again (the caller says what changed) ---------------------------------------------

    def show_current(self) -> None:
        """Look at the current picture and at no result."""
        self.looked_at = self.compared = None
        self._reset_finish()

    @property
    def looking(self) -> Looking:
        """What `look_again` goes back to."""
        return Looking(self.looked_at, self.compared, self.opacity, self.paint, self.paint_key)

    def look_again(self, looking: Looking) -> None:
        """Look at what was looked at before; the results must be those of then."""
        self.looked_at, self.compared = looking.looked_at, looking.compared
        self.opacity = looking.opacity
        self.paint, self.paint_key = looking.paint, looking.paint_key

    def clear(self) -> None:
        """As for a document that was just opened."""
        self.show_current()
        self.selection = self.live = None

    def _reset_finish(self) -> None:
        self.opacity, self.paint, self.paint_key = 1.0, None, None
