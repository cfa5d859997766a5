from __future__ import annotations

from dataclasses import dataclass

from app.canvas.tools import SELECTORS
from app.i18n.texts import tr
from app.panels.stage import StagePanel
from app.session.results import Results
from app.session.session import Session
from app.session.word_attention import WordAttention
from app.window.options_bar import OptionsBar

SAMPLE_LABEL = "storybook-"
"""How the name of a picture that comes with the program begins."""


@dataclass(frozen=True)
class CanvasTitle:
    """What stands over the canvas.

    Attributes:
        title: what is shown.
        detail: one quiet remark, "" for none.
        preview: it is not kept yet.
    """

    title: str
    detail: str = ""
    preview: bool = False


def canvas_title(session: Session, pair: tuple[str, ...]) -> CanvasTitle | None:
    """What the canvas shows, in words; None where nothing is to be said.

    Args:
        session: what is looked at.
        pair: what is shown side by side, as the artist calls it; () for one picture.
    """
    results, node, document = session.results, session.node, session.document
    if session.view.live is not None and session.view.live_note:
        return CanvasTitle(tr("Pad preview"), session.view.live_note, preview=True)
    if session.view.live is not None:
        return CanvasTitle(tr("Live"), tr("What the words would do. Nothing is kept"), preview=True)
    if session.current_results.are_new_pictures and session.view.look is not None:
        detail = tr("It becomes a document when you keep it")
        return CanvasTitle(tr("A new picture"), detail, preview=True)
    if document is None:
        return CanvasTitle(tr("A new picture"))
    if pair:
        return CanvasTitle(
            tr("Comparing {0} and {1}").format(*pair), tr("Zoom and pan move together")
        )
    if session.view.look is not None and results is not None:
        title = tr("Result {0}").format(_rank(results, session.view.look.first.key))
        detail = tr("a preview")
        if session.view.paint_key is not None:
            brushed = _rank(results, session.view.paint_key)
            detail = tr("Brush result {0} into it").format(brushed)
        return CanvasTitle(title, detail, preview=True)
    if is_untouched_sample(session):
        return CanvasTitle(tr("A sample to start with"), tr("or"))
    if session.view.selection is not None:
        return CanvasTitle(tr("Selection"), tr("Outside stays exact"))
    if node is not None:
        return CanvasTitle(document.history.label(node.id))
    return None


def is_untouched_sample(session: Session) -> bool:
    """A picture that comes with the program is open, and nothing was tried on it."""
    node = session.node
    sample = node is not None and node.parent is None and node.label.startswith(SAMPLE_LABEL)
    return sample and session.results is None and session.view.live is None


def _rank(results: Results, key: str | None) -> int:
    """The place of a result in the list, 1 for the first; 0 for one that is not in it."""
    return next((n for n, slot in enumerate(results.ordered, 1) if slot.key == key), 0)


class OptionsPresenter:
    """Keeps the bar over the canvas in step with what is looked at."""

    def __init__(self, session: Session, stage: StagePanel, bar: OptionsBar) -> None:
        self._session = session
        self._stage = stage
        self._bar = bar
        self._awaited_word = ""  # of a caption, whose attention is on its way

    def show_attention(self, attention: WordAttention) -> None:
        """Show on the canvas where a word acts, or that it is being looked for."""
        self._stage.show_attention(attention.shown)
        self._awaited_word = attention.awaited
        self.refresh()

    def refresh(self) -> None:
        """What the canvas shows, and the controls that make sense beside it."""
        session, bar, stage = self._session, self._bar, self._stage
        pair, results = stage.pair, session.results
        title = canvas_title(session, pair)
        if self._awaited_word:
            title = CanvasTitle(tr("Looking where “{0}” acts").format(self._awaited_word))
        if stage.attention.word:
            detail = tr("The picture is grey while you point at a word")
            title = CanvasTitle(tr("Where “{0}” acts").format(stage.attention.word), detail)
        exported, size = stage.exported.title()
        if exported:
            title = CanvasTitle(exported, size)
        if title is not None:
            bar.set_text(title.title, title.detail, preview=title.preview)
        looks, painting = session.view.look is not None, session.view.paint_key is not None
        new = session.current_results.are_new_pictures
        bar.offer(
            opening=is_untouched_sample(session) and not exported,
            finishing=looks and (painting or not pair) and not new and not exported,
            painting=painting,
            can_paint=results is not None and len(results.finished) > 1 and not new,
            can_hold=(looks or bool(exported)) and stage.view in ("picture", "side"),
        )
        bar.strength.set_value(session.view.opacity)
        selects = stage.canvas.tools.tool in SELECTORS and stage.view != "map"
        usual = (painting or not looks) and not exported
        bar.show_tool_options(selects and session.document is not None and usual)
