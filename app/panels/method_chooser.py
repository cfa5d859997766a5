from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels import wording
from app.session.chosen_methods import AUTO, ChosenMethods
from app.session.model_need import show_models
from app.session.result_times import ResultTimes
from app.session.session import Session
from app.widgets.basics.choice import Choice
from app.widgets.prompt.method_menu import MethodRow
from app.widgets.prompt.prompt_box import PromptBox
from inference.request.jobs import Prepared
from inference.request.registry import METHODS, MethodInfo


class MethodChooser(QObject):
    """The choice of methods: what each does, how long it takes here, and what it needs.

    A dot says that a method that is chosen is not set as delivered.
    """

    def __init__(
        self, session: Session, chosen: ChosenMethods, times: ResultTimes, box: PromptBox
    ) -> None:
        super().__init__(box)
        self._session, self._chosen, self._times, self._box = session, chosen, times, box
        self._understood: Prepared | None = None
        infos = [info for info in METHODS.values() if not info.begins]
        choices = [Choice(AUTO, tr("Auto")), *(Choice(i.name, text_of(i.title)) for i in infos)]
        box.set_methods(choices, self._chosen.first)
        box.methods.set_rows(lambda: [self._auto(), *(self._row(info) for info in infos)])
        box.method.set_foot(
            ((tr("Settings of the method…"), "method_settings"), (tr("Models…"), show_models()))
        )
        box.method_chosen.connect(self._chosen.choose)
        box.methods.toggled.connect(self._chosen.toggle)
        self._chosen.changed.connect(self.refresh)
        session.method_settings.changed.connect(self.refresh)
        session.live_preview.understood.connect(self._on_understood)
        self.refresh()

    def refresh(self) -> None:
        """What the button says."""
        names = self._chosen.names or (AUTO,)
        self._box.methods.show_chosen(names)
        changed: Callable[[str], bool] = self._session.method_settings.is_changed
        self._box.method.set_mark(any(changed(name) for name in names))

    def _on_understood(self, found: Prepared) -> None:
        if not self._chosen.names:  # else its methods are the artist's choice, not Auto's
            self._understood = found

    def _auto(self) -> MethodRow:
        """With what it would take for the words in the box, where that is known."""
        limit = self._session.method_settings.time_limit()
        if limit is not None:
            sentence = tr("Tries what fits these words and this picture, within {0}")
            return MethodRow(AUTO, tr("Auto"), sentence=sentence.format(wording.duration(limit)))
        method = self._method_of_words()
        now = tr("Now: {0}").format(wording.method_title(method)) if method else ""
        sentence = tr("Picks what fits these words and this picture")
        return MethodRow(AUTO, tr("Auto"), now, sentence)

    def _method_of_words(self) -> str:
        found, text = self._understood, " ".join(self._box.text.split())
        if found is None or not found.methods or found.instruction.text != text:
            return ""
        return found.methods[0]

    def _row(self, info: MethodInfo) -> MethodRow:
        missing = self._session.model_choices.missing(info.name)
        seconds = self._times.seconds(info.name)
        need = link = action = ""
        if missing:
            need = tr("Needs {0}").format(", ".join(map(wording.role_title, missing)))
            link, action = tr("Add"), show_models(missing[0])
        elif info.needs_selection and self._session.view.selection is None:
            need, link, action = tr("Needs a selection"), tr("Select"), "tool_rectangle"
        return MethodRow(
            info.name,
            text_of(info.title),
            info.paper,
            text_of(info.summary).rstrip("."),
            tr("not timed yet") if seconds is None else wording.duration(seconds),
            seconds is not None,
            need,
            link,
            action,
        )
