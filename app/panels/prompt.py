from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.box_task import BoxTask
from app.panels.earlier_words import EarlierWords, words_on_the_way
from app.panels.explore_wait import ExploreWait
from app.panels.idle_explore import IdleExplore
from app.panels.method_chooser import MethodChooser
from app.panels.model_chooser import ModelChooser
from app.panels.read_as import ReadAs
from app.panels.suggestions import SuggestionsRow
from app.panels.wording import instruction_edit
from app.runtime import model_folders
from app.runtime.settings import Settings
from app.session.caption_draft import CaptionDraft
from app.session.changes import Changes, MessageKind
from app.session.chosen_methods import ChosenMethods
from app.session.result_times import ResultTimes
from app.session.results import ResultsStage
from app.session.session import Session
from app.session.word_attention import WordAttention
from app.session.words_of_edit import WordsOfEdit
from app.theme.theme import ROW_PADDING
from app.widgets.basics.message_line import LineMessage as Line
from app.widgets.prompt.diff import diff_text
from app.widgets.prompt.prompt_box import PromptBox
from editor.model.edit import Instruction
from inference.request.registry import METHODS

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document


class PromptPanel(QWidget):
    """Chips, the prompt box and its one line of messages.

    Signals:
        action_asked(str): id of the action behind a message's button.
        run_done(): focus goes to the canvas, so 1-9, C and Enter work right after Run.
    """

    action_asked = Signal(str)
    run_done = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._earlier = EarlierWords()
        self._low = self._narrow = self._thin = False
        self._words_of_captions = ""
        self._task: BoxTask | None = None
        self.setObjectName("prompt-dock")
        self.live = session.live_preview
        self.row = SuggestionsRow(session, settings, self)
        self.chips = self.row.chips
        self.suggestion_feed = self.row.suggestion_feed
        self.explore_wait = ExploreWait(session, self.suggestion_feed, self)
        self.box = PromptBox(self)
        self.chosen_methods = ChosenMethods(settings, self)
        times = ResultTimes(session.engine, session.driver, settings, self)
        self.method_chooser = MethodChooser(session, self.chosen_methods, times, self.box)
        self.model_chooser = ModelChooser(session, self.chosen_methods, self.box)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(ROW_PADDING, 10, ROW_PADDING, 12)
        column.setSpacing(7)
        column.addWidget(self.row)
        column.addWidget(self.box)
        self.captions = CaptionDraft(
            session.live_preview, session.binding, session.current_results, session.view,
            self.suggestion_feed, lambda: self.box.text, self,
        )  # fmt: skip
        session.changed.connect(self.captions.on_changed)
        self.attention = WordAttention(session.engine, session.binding, session.model_choices, self)
        session.changed.connect(self.attention.on_changed)
        self.read_as = ReadAs(session, self.box, self._methods, self.captions)
        self.set_narrow(False)
        self.box.count.set_current(str(settings["count"]))
        self.idle_explore = IdleExplore(session, lambda: self.box.text, self._explore, self)
        self.idle_explore.set_enabled(settings["explore_idle"])
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        box, session = self.box, self._session
        box.text_changed.connect(self._typed)
        box.run_asked.connect(lambda _: self.run())
        box.again_asked.connect(self.again)
        box.cancel_asked.connect(session.driver.cancel)
        box.up_asked.connect(self._to_chips)
        box.earlier_asked.connect(self.recall)
        box.count_chosen.connect(lambda n: self._settings.set("count", n))
        box.method.action_asked.connect(self.action_asked)
        box.button_clicked.connect(self.action_asked)
        box.selection_cleared.connect(lambda: session.view.set_selection(None))
        box.selection_clicked.connect(lambda: self.action_asked.emit("select_feather"))
        box.explore_asked.connect(self.explore)
        box.caption_asked.connect(lambda: self.action_asked.emit("edit_caption"))
        box.method_chosen.connect(self._show_captions)
        self.captions.changed.connect(self._on_captions)
        self.row.taken.connect(self.fill)
        self.row.run_asked.connect(self._take_and_run)
        self.row.left.connect(self.focus_prompt)
        self.row.explore_asked.connect(self.explore)
        self.row.retry_asked.connect(self.retry)
        self.explore_wait.ready.connect(self._explore)  # the focus stays where it is
        for signal in (self.suggestion_feed.seen, self.suggestion_feed.ready):
            signal.connect(self._say_hint)
        session.changed.connect(self._on_changed)
        session.kept.connect(self._on_kept)

    @property
    def for_pages(self) -> WordsOfEdit:
        """What the pages about the next edit work on."""
        return WordsOfEdit(self.captions, self.chosen_methods, self.attention)

    def set_task(self, task: BoxTask | None) -> None:
        """What the words in the box are for; None for an edit."""
        self._task = task
        self.box.set_verb(task.verb if task is not None else tr("Run"), explores=task is None)
        self.read_as.set_reading(task is None)
        self.live.stop()
        self._say_hint()
        self.refresh()

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words in windows with less room."""
        self.box.set_compact(narrow)
        self.row.set_narrow(narrow)
        self._narrow, self._thin = narrow, False
        self._say_hint()

    def set_small(self, *, low: bool, thin: bool, crowded: bool = False) -> None:
        """In small windows chips open from the box with ↑, and the box folds; see `PromptBox`.

        Args:
            low: there is little height.
            thin: there is little width.
            crowded: there is little width for words, as in large type.
        """
        self._low = low or thin
        self.row.setVisible(not self._low)
        self.box.set_folded(one_line=low or thin, tight=thin or crowded)
        margin = 6 if low else 12
        self._column.setContentsMargins(ROW_PADDING, margin if low else 10, ROW_PADDING, margin)
        self._thin = thin or crowded
        self._say_hint()

    def _say_hint(self) -> None:
        empty = self._session.document is None
        if self._task is not None:
            hint = self._task.hint
        elif empty:
            hint = tr("Say what a new picture shows")
        elif self._thin:
            hint = tr("Say what should change")
        else:
            hint = tr("Say what should change: “{0}”").format(self._example())
        self.box.set_hint(hint)

    def _example(self) -> str:
        caption = self.suggestion_feed.caption() if model_folders.known().has_models else ""
        if caption:  # the models know such pictures
            return tr("make it noon") if "night" in caption else tr("make it night")
        return tr("warmer") if self._narrow else tr("warmer, and lift the shadows a little")

    def _to_chips(self) -> None:
        if not self._low:
            self.chips.focus_first()
        else:
            self.chips.open_above(self.box)

    def load_words(self) -> None:
        """Load the vocabulary and look for models, before the first words are typed.

        Off the UI thread.
        """
        self._session.work.run(lambda ticket: import_module("editor.tone"), lambda _: None)
        self._session.model_choices.read()

    # --- doing ------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the text in the box; a question is answered with its first answer."""
        text = self.box.text.strip()
        if not text:
            return
        if self._session.clarification.question is not None and self._is_asked(text):
            self._session.clarification.answer(0)
            self.run_done.emit()
            return
        self._earlier.add(text)
        if self._task is not None:
            self._task.begin(text)
        elif self._session.document is None:
            self._session.new_picture.draw(text, count=self._settings["count"])
        else:
            methods = self._methods()
            self._session.edit.run(
                text,
                methods=methods,
                count=self._count(),
                instruction=self.captions.instruction(),
                settings=self.captions.settings(methods),
            )
        self.run_done.emit()

    def _is_asked(self, text: str) -> bool:
        results = self._session.results
        return results is not None and results.instruction.text == " ".join(text.split())

    def explore(self) -> None:
        """Every suggestion as a picture, side by side; the text in the box comes first."""
        document = self._session.document
        if document is not None and document.read_only:
            self._session.driver.may_start()  # says what is in the way
            self.run_done.emit()
        elif self._session.document is not None and not self.suggestion_feed.is_current:
            self.explore_wait.begin()
        elif self._explore():
            self.run_done.emit()

    def _explore(self) -> bool:
        text = " ".join(self.box.text.split())
        own = [Instruction(text)] if text else []
        said = text.casefold()
        rest = [i for i in self.suggestion_feed.instructions if i.text.casefold() != said]
        self._session.explore.run([*own, *rest], methods=self._methods())
        return self._session.is_busy

    def retry(self, kind: str) -> None:
        """The same words in another way; they stand in the box again."""
        results = self._session.results
        if results is None or kind not in {one.kind for one in self._session.retry.offers}:
            self._session.messages.say(None)  # it was offered for another picture or selection
            return
        self.box.set_text(results.instruction.text)
        self._session.retry.run(kind, count=self._settings["count"])
        self.run_done.emit()

    def set_live(self, mode: str) -> None:
        """When the canvas follows the words: auto, on or off; see `LivePreview.set_mode`."""
        self.live.set_mode(mode)
        self.read_as.refresh()

    def refine(self) -> None:
        """The explored result looked at, at full quality, its words in the box."""
        session = self._session
        if session.results is None or session.view.looked_at is None:
            return
        words = session.results.slot(session.view.looked_at).request.instruction.text
        self.box.set_text(words)
        session.explore.refine(count=self._settings["count"])
        self.run_done.emit()

    def again(self) -> None:
        """The same words with new seeds or other strengths; explored: one at full quality."""
        results = self._session.results
        if results is not None and results.explored:
            self.refine()
            return
        if self._session.current_results.are_new_pictures and results is not None:
            self._session.new_picture.draw(
                results.instruction.text,
                count=self._settings["count"],
                seed=results.slots[-1].request.seed + 1 if results.slots else 0,
            )
            return
        self._session.edit.run_again(self._count())
        self.run_done.emit()

    def fill(self, words: str) -> None:
        """Put words into the box, selected, so that typing replaces them."""
        self.box.set_text(words, select=True)
        self.focus_prompt()

    def _take_and_run(self, words: str) -> None:
        self.fill(words)
        self.run()

    def focus_prompt(self) -> None:
        """Put the caret into the box."""
        self.box.edit.setFocus()

    def recall(self, step: int) -> None:
        """Earlier (−1) and later (+1) words."""
        self.box.set_text(self._earlier.step(step, self.box.text))

    def _methods(self) -> tuple[str, ...]:
        return self.chosen_methods.names

    def _count(self) -> int:
        return self.chosen_methods.count(int(self._settings["count"]))

    # --- showing ----------------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.DOCUMENT | Changes.HEAD):
            self.model_chooser.refresh()
            self._say_hint()
        if changes & Changes.JOB and self._low and self._session.clarification.question is not None:
            self.row.answers.open_above(self.box)
        if changes & (Changes.MESSAGE | Changes.JOB | Changes.RESULTS | Changes.SELECTION):
            self.refresh()

    def _typed(self, text: str) -> None:
        if self._session.document is not None and not self._session.document.read_only:
            self._session.document.set_draft(text)
        message = self._session.messages.current
        if message is not None and message.kind is not MessageKind.PROGRESS:
            self._session.messages.say(None)
        self.row.set_words(text)
        self.read_as.soon()
        self.captions.follow_words()
        if self.captions.is_edited or self._task is not None:
            self.live.stop()  # the captions say it, not the words
        else:
            self.live.say(text, self._methods())
        self.refresh()

    def _show_captions(self, method: str) -> None:
        """A method that goes by captions was chosen: they are its first setting."""
        if self._session.document is not None and method in METHODS and METHODS[method].captions:
            self.action_asked.emit("caption")

    def _on_captions(self) -> None:
        """What changed in the captions stands in the box, unless there are words of the artist."""
        captions, text = self.captions.captions, self.box.text.strip()
        if self.captions.is_edited and text in ("", self._words_of_captions):
            instruction = Instruction("", captions.before, captions.after)
            self._words_of_captions = diff_text(instruction_edit(instruction))
            self.captions.expect_words(self._words_of_captions)
            self.box.set_text(self._words_of_captions)
        self.read_as.soon()

    def show_document(self, document: Document) -> None:
        """A document was opened: its earlier words, and what stood in the box."""
        self._earlier = EarlierWords(words_on_the_way(document))
        head = document.history.head
        kept = document.history.label(head) if head is not None else ""
        # A program that was killed right after a keep could not write that the box was emptied.
        self.box.set_text("" if " ".join(document.draft.split()) == kept else document.draft)
        self.live.stop()  # nothing follows a draft by itself

    def clear_words(self, words: str) -> None:
        """The box empties if these words still stand there; Alt+Up brings them back."""
        if " ".join(self.box.text.split()) == words:
            self.box.set_text("")

    def _on_kept(self, node_id: str) -> None:
        """The box empties; Alt+Up brings the words back."""
        document = self._session.document
        node = document.history.nodes.get(node_id) if document is not None else None
        # It is on disk a moment after Enter; what was typed meanwhile stays.
        if node is not None:
            self.clear_words(node.label)

    def refresh(self) -> None:
        """Button, progress line, messages, selection chip."""
        session, box = self._session, self.box
        results = session.results
        words = box.text.strip()
        if session.clarification.question is not None:
            # The same words run as the marked answer says; other words are asked anew.
            box.set_run_state("run" if words else "cancel", marked=not self._is_asked(words))
        elif session.is_busy:
            box.set_run_state("cancel")
        elif session.document is not None and session.document.read_only:
            box.set_run_state("nothing", tr("This document is open in another window."))
        elif not words:
            box.set_run_state("nothing", self._task.why_not if self._task is not None else "")
        elif (
            self._task is None
            and results is not None
            and results.stage is ResultsStage.RANKED
            and (results.instruction.text == " ".join(words.split()) and results.kept_node is None)
        ):
            box.set_run_state("again")
        else:
            box.set_run_state("run")
        running = session.is_busy and session.clarification.question is None
        box.set_progress(session.driver.progress if running else None)
        message = session.messages.current
        box.set_message(
            None
            if message is None
            else Line(
                message.kind.value, message.text, message.button, message.action,
                second_button=message.second_button, second_action=message.second_action,
            )
        )  # fmt: skip
        selection = session.view.selection
        box.set_selection(tr("Selection") if selection is not None else "")
