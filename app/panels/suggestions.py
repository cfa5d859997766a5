from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.wording import edit_spans
from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.retry import FURTHER, KEEP, METHOD, RETRY, Retry, name_of
from app.session.session import Session
from app.session.suggestion_previews import SuggestionPreviews
from app.theme.theme import look
from app.widgets.basics.buttons import PushButton
from app.widgets.prompt.answers import AnswerRow
from app.widgets.prompt.chips import ChipData, ChipRow
from editor.model.edit import Suggestion
from inference.request.analysis import Question
from inference.request.registry import METHODS


class SuggestionsRow(QWidget):
    """Over the prompt box: what could be said next, or answers; Explore.

    Signals:
        taken(str), run_asked(str), left(): as in `ChipRow`.
        explore_asked()
        retry_asked(str): run the same words again in another way, see `Session.retry`.
    """

    taken = Signal(str)
    run_asked = Signal(str)
    left = Signal()
    explore_asked = Signal()
    retry_asked = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._retries: tuple[Retry, ...] = ()
        self._words = ""
        self.suggestion_feed = session.suggestion_feed
        self.chips = ChipRow(tr("Try next"), self)
        self.answers = AnswerRow(self)
        self.pages = QStackedWidget(self)
        self.pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        room = self.pages.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.pages.setSizePolicy(room)
        self.pages.addWidget(self.chips)
        self.pages.addWidget(self.answers)
        self.explore = PushButton(tr("Explore"), self, icon_name="layout-grid", height=30)
        self.explore.setObjectName("explore")
        self._asked: Question | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(8))
        row.addWidget(self.pages, 1)
        row.addWidget(self.explore)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.previews = SuggestionPreviews(
            session.engine, session.binding, session.current_results, session.view,
            session.model_choices.for_job, session.method_settings.for_job, self.suggestion_feed,
            self,
        )  # fmt: skip
        session.changed.connect(self.previews.on_changed)
        self.previews.set_enabled(settings["suggestion_previews"])
        self._connect()
        self.set_narrow(False)
        self.refresh_chips()

    def _connect(self) -> None:
        self.chips.taken.connect(lambda words: self._take(words, self.taken))
        self.chips.run_asked.connect(lambda words: self._take(words, self.run_asked))
        self.chips.left.connect(self.left)
        self.chips.refused.connect(self.suggestion_feed.refuse)
        self.chips.pin_asked.connect(self.suggestion_feed.pin)
        self.chips.refresh_asked.connect(self.suggestion_feed.others)
        self.answers.answered.connect(self._session.clarification.answer)
        self.answers.other_asked.connect(self._say_else)
        self.explore.clicked.connect(self.explore_asked)
        self.suggestion_feed.ready.connect(self.refresh_chips)
        self.suggestion_feed.waiting.connect(self.chips.set_waiting)
        self._session.changed.connect(self._on_changed)
        self.suggestion_feed.start()

    def set_narrow(self, narrow: bool) -> None:
        """Explore as its icon in windows with less room."""
        self.explore.set_content("" if narrow else tr("Explore"))
        name = tr("Explore: each suggestion as a picture, side by side")
        self.explore.explain_action(name, "explore")

    def refresh_chips(self) -> None:
        """All chips together, so that the row changes once."""
        found = self.suggestion_feed.shown
        chips = [chip_of(s, pinned=s.text in self.suggestion_feed.pinned) for s in found]
        self.chips.set_chips([*map(retry_chip, self._retries), *chips])
        self._say_explore()

    def _say_else(self) -> None:
        """None of the answers: the caret goes to the words, which stay."""
        self._session.clarification.leave()
        self.left.emit()

    def _take(self, chip: str, otherwise: SignalInstance) -> None:
        """A suggestion goes on to the box; a way to try again is taken at once."""
        kind = chip.removeprefix(RETRY)
        if kind == chip:
            otherwise.emit(chip)
        else:
            self.retry_asked.emit(kind)

    def set_words(self, words: str) -> None:
        """The text in the box: ways to try other words again would surprise, previews wait."""
        self.previews.pause()
        self._words = " ".join(words.split())
        self._find_retries()

    def _find_retries(self) -> None:
        results = self._session.results
        shown_words = results.instruction.text if results is not None else ""
        found = self._session.retry.offers if self._words in ("", shown_words) else ()
        if found != self._retries:
            self._retries = found
            self.refresh_chips()

    def _say_explore(self) -> None:
        why = ""
        if self._session.document is None:
            why = tr("Open a picture first.")
        elif not self.suggestion_feed.shown and self.suggestion_feed.is_current:
            why = tr("There are no suggestions yet.")
        self.explore.setEnabled(not why and not self._session.is_busy)
        name = tr("Explore: each suggestion as a picture, side by side")
        self.explore.explain_action(name, "explore", why)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (
            Changes.RESULTS | Changes.JOB | Changes.DOCUMENT | Changes.HEAD | Changes.SELECTION
        ):
            self._find_retries()
        if not changes & (Changes.JOB | Changes.DOCUMENT | Changes.MESSAGE):
            return
        question = self._session.clarification.question
        if question is None:
            self._asked = None
            self.pages.setCurrentWidget(self.chips)
        elif question != self._asked:
            self._asked = question
            self.answers.set_answers(question.answers)
            self.pages.setCurrentWidget(self.answers)
        self.pages.setVisible(self._session.document is not None)
        self._say_explore()


def retry_chip(retry: Retry) -> ChipData:
    """What may do better where nothing reached the artist's bar, as a chip that runs at once."""
    reason = {
        FURTHER: tr("“{0}”, followed more boldly."),
        KEEP: tr("“{0}”, holding on to the picture."),
        METHOD: tr("“{0}” by {1}."),
    }[retry.kind]
    by = text_of(METHODS[retry.methods[0]].title)
    return ChipData(
        RETRY + retry.kind, name_of(retry.kind), reason=reason.format(retry.text, by), fixed=True
    )


def chip_of(suggestion: Suggestion, *, pinned: bool = False) -> ChipData:
    """A suggestion as a chip: its words; what it changes and why in the tooltip."""
    spans = edit_spans(suggestion.edit)
    return ChipData(suggestion.text, suggestion.text, spans, text_of(suggestion.reason), pinned)
