from __future__ import annotations

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.runtime.settings import Settings
from app.session.session import Session
from app.widgets.basics.choice import Choice
from app.widgets.prompt.prompt_box import PromptBox
from inference.request.registry import METHODS


class MethodChooser:
    """The choice of a method; a dot says that the one chosen is not set as delivered."""

    def __init__(self, session: Session, settings: Settings, box: PromptBox) -> None:
        self._session, self._box = session, box
        choices = [Choice("auto", tr("Auto"), sentence=tr("Takes the method that fits best."))]
        for info in METHODS.values():
            if not info.begins:  # that is how a document begins, no way to change one
                title, summary = text_of(info.title), text_of(info.summary)
                choices.append(Choice(info.name, title, sentence=summary))
        box.set_methods(choices, str(settings["method"]))
        box.method_chosen.connect(lambda method: settings.set("method", method))
        box.method_chosen.connect(lambda _: self._mark())
        session.method_settings.changed.connect(lambda _: self._mark())
        self._mark()

    @property
    def method(self) -> str:
        """Name of the method that was chosen, "auto" where that is left to the program."""
        return self._box.method.current

    def _mark(self) -> None:
        self._box.method.set_mark(self._session.method_settings.is_changed(self.method))
