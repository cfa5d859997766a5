from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtCore import Slot as QtSlot

from app.i18n.texts import tr
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.runtime.trace import trace
from app.session.alike import AlikeResults
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.clarification import Clarification
from app.session.current_results import CurrentResults, results_of_head
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.engine_connection import EngineConnection
from app.session.explore import Explore
from app.session.kept_node import kept_node
from app.session.learnt_ranking import LearntRanking
from app.session.live_preview import LivePreview
from app.session.messages import Messages
from app.session.method_settings import MethodSettings
from app.session.model_choices import ModelChoices
from app.session.new_edit import NewEdit
from app.session.results import Results
from app.session.retry_offers import RetryOffers
from app.session.runs import Runs, results_with
from app.session.selection_follower import SelectionFollower
from app.session.session_view import SessionView, session_view
from app.session.suggestion_feed import SuggestionFeed
from app.session.text_to_image import NewPicture
from app.session.turn_picture import TurnPicture
from app.session.view_state import ViewState
from editor.model.history import HistoryNode
from editor.model.image import Image
from inference.request import jobs

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document


class Session(QObject):
    """What the window works on: the open document, what is looked at, and the live edit.

    It puts its parts together and does what takes several of them: changing the document, keeping a
    result, walking through the history. Panels use the parts and redraw what `changed` names.
    Nothing here touches widgets or blocks: others' threads and processes do the work.

    Attributes:
        messages, binding, view: the message line; the open document; what is looked at, and how.
        current_results, runs: the list of results; the runs of words on the same idea.
        model_choices, method_settings: the models to choose from; what is set for each method.
        driver, clarification, alike: the live edit; its one question; which results are one.
        learnt_ranking: what counts how much in the order, learnt from what is kept.
        edit, explore, new_picture, retry, turn_picture: the ways to begin an edit.
        live_preview, suggestion_feed: what the words would do; what could be said next.
        engine_facts: what the engine said of itself, None while it starts.
    """

    changed = Signal(object)
    """`Changes`: what panels should redraw."""

    kept = Signal(str)
    """Id of a node that is on disk now."""

    def __init__(self, engine: EngineConnection, work: ThreadPool, settings: Settings) -> None:
        super().__init__()
        self.engine, self.work = engine, work
        self.engine_facts: jobs.EngineReady | None = None
        notify = self.changed.emit
        self.messages = messages = Messages(notify, self)
        self.binding = binding = DocumentBinding(work, messages, notify, self)
        self.current_results = results = CurrentResults()
        self.view = view = ViewState(results, binding.image_of, messages, notify)
        self.runs = Runs(binding, results, view, notify)
        self.model_choices = choices = ModelChoices(work, settings, self)
        self.method_settings = MethodSettings(settings, self, model_defaults=choices.defaults)
        chosen = models, _ = choices.for_job, self.method_settings.for_job
        parts = engine, binding, results, view
        self.driver = driver = EditDriver(*parts, messages, notify, *chosen, self)
        self.learnt_ranking = learnt = LearntRanking(settings, work, binding, driver, messages.fail)
        self.kept.connect(learnt.on_kept)
        self.alike = AlikeResults(driver, results, view, messages, notify, self)
        self.clarification = Clarification(driver, results, messages, notify)
        self.edit = NewEdit(driver, binding, results, self.method_settings.time_limit)
        self.explore = Explore(driver, self.edit, results, view, messages)
        self.new_picture = NewPicture(driver, binding, results, work, messages, models)
        self.retry = RetryOffers(driver, self.edit, binding, results, view, messages)
        self.live_preview = LivePreview(*parts, settings, *chosen, self)
        feed = SuggestionFeed(engine, binding, results, work, messages, self, models)
        self.suggestion_feed = feed
        self.turn_picture = TurnPicture(binding, results, view, self._on_kept)
        self.selection_follower = follower = SelectionFollower(binding, view, work, messages)
        for part in (messages, learnt, follower, self.runs, self.retry, self.live_preview, feed):
            self.changed.connect(part.on_changed)
        binding.rendered.connect(self._on_rendered)
        binding.not_rendered.connect(self._on_not_rendered)
        engine.job_event.connect(self._on_event)

    # --- what is here ---------------------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        """The open document."""
        return self.binding.document

    @property
    def node(self) -> HistoryNode | None:
        """The history node at head."""
        return self.binding.node

    @property
    def image(self) -> Image | None:
        """The current picture's pixels, or None while they are still being made."""
        return self.binding.image

    @property
    def results(self) -> Results | None:
        """The results in the list."""
        return self.current_results.value

    @property
    def is_busy(self) -> bool:
        """True while a job runs: the Run button says Cancel."""
        return self.current_results.is_busy

    def snapshot(self) -> SessionView:
        """All that decides which actions make sense now."""
        history = self.document.history if self.document is not None else None
        return session_view(history=history, results=self.results, looked_at=self.view.looked_at)

    # --- document -------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Work on another document (or none); the old one is closed in the background."""
        self.driver.cancel()
        self.view.clear()
        self.current_results.value = None
        self.messages.discard()
        self.method_settings.clear_references()
        self.binding.bind(document)
        self.current_results.value = results_of_head(document)
        self.changed.emit(Changes.ALL)

    def close(self) -> None:
        """End live jobs and close the documents; what is under way to the disk is finished.

        Raises:
            DiskFull: something could not be written; that document stays open.
        """
        self.driver.cancel()
        self.binding.close()

    # --- keep, history --------------------------------------------------------------------------

    def keep(self) -> None:
        """Accept what is looked at: a node under the one its job started from; head goes there."""
        look, results, document = self.view.look, self.results, self.document
        if look is None or results is None or results.stage.is_live or document is None:
            return
        if not self.binding.may_write():
            return
        node = kept_node(look, results)
        future = self.binding.accept(node)
        self.driver.accept(results.job, look.first.key)
        self.current_results.value = replace(results, kept_node=node.id)
        self.view.show_current()
        self.binding.when_durable(future, lambda: self._on_kept(node))

    def _on_kept(self, node: HistoryNode) -> None:
        trace("kept", node=node.id)
        self.kept.emit(node.id)
        self.changed.emit(Changes.HISTORY | Changes.HEAD | Changes.LOOK | Changes.RESULTS)
        document = self.document
        if document is not None and len(document.history.children(node.parent or "")) > 1:
            text = tr("A new branch. The other one is still there.")
            self.messages.say(StatusMessage(MessageKind.NOTICE, text, seconds=6))
        self.messages.announce(tr("Kept: %1").replace("%1", node.label))

    def undo(self) -> None:
        """Go to the parent."""
        document = self.document
        if document is not None and document.history.can_undo:
            label = document.history.label(document.history.current.id)
            document.undo()
            self._on_moved()
            self.messages.announce(tr("Undone: %1").replace("%1", label))

    def redo(self) -> None:
        """Follow the trail."""
        document = self.document
        if document is not None and document.history.redo_target is not None:
            document.redo()
            self._on_moved()
            label = document.history.label(document.history.current.id)
            self.messages.announce(tr("Redone: %1").replace("%1", label))

    def go(self, node_id: str) -> None:
        """Go to any idea."""
        if self.document is not None and node_id != self.document.history.head:
            self.document.go(node_id)
            self._on_moved()

    def look_at_result_of(self, node_id: str, key: str) -> bool:
        """Go to an idea and look at a result beside it or from it; False if busy or unknown."""
        document = self.document
        found = results_with(document, node_id, key) if document is not None else None
        if found is None or self.is_busy:
            return False
        self.go(node_id)
        self.current_results.value = found
        self.view.looked_at = None
        self.changed.emit(Changes.RESULTS | Changes.JOB)
        self.view.look_at(key)
        return True

    def _on_moved(self) -> None:
        self.view.live = None
        self.messages.leave_picture()
        if not self.is_busy:
            self.view.show_current()
            self.current_results.value = results_of_head(self.document)
        self.changed.emit(Changes.OTHER_IDEA)

    # --- events ---------------------------------------------------------------------------------

    @QtSlot(object)
    def _on_event(self, event: jobs.Event) -> None:
        if isinstance(event, jobs.EngineReady):
            self.engine_facts = event.after(self.engine_facts)
            self.changed.emit(Changes.ENGINE)

    @QtSlot()
    def _on_rendered(self) -> None:
        self.changed.emit(Changes.PIXELS)

    @QtSlot(str, object)
    def _on_not_rendered(self, node_id: str, error: BaseException) -> None:
        from editor.render.composite import RenderCancelled

        if self.results is not None and self.results.parent == node_id:
            self.driver.give_up()
        if not isinstance(error, RenderCancelled):
            self.messages.fail(error)
