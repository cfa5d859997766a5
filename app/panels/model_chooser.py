from __future__ import annotations

from PySide6.QtCore import QObject

from app.i18n.texts import tr
from app.session.chosen_methods import ChosenMethods
from app.session.session import Session
from app.widgets.basics.choice import Choice
from app.widgets.prompt.prompt_box import PromptBox
from inference.methods.generate import INFO as GENERATE
from inference.request.registry import METHODS

_LONGEST, _NARROW = 22, 12
"""Longest name in the menu, and on the button of a narrow window; the tooltip has it whole."""


class ModelChooser(QObject):
    """The choice of a model beside the method, where several can serve it."""

    def __init__(self, session: Session, chosen: ChosenMethods, box: PromptBox) -> None:
        super().__init__(box)  # the session, which lives longer, then calls nothing that is gone
        self._session, self._chosen, self._box = session, chosen, box
        self._models = session.model_choices
        self._models.changed.connect(self.refresh)
        chosen.changed.connect(self.refresh)
        box.model_chosen.connect(lambda model: self._models.choose(self.method(), model))

    def method(self) -> str:
        """The method whose model is chosen; with Auto the first that changes what is pictured."""
        if self._session.document is None:
            return GENERATE.name
        chosen = self._chosen.names
        if chosen:
            return chosen[0]
        return next(i.name for i in METHODS.values() if i.roles and not i.begins)

    def refresh(self) -> None:
        """Offer the models of the method."""
        method = self.method()
        offered = self._models.offered(method)
        choices = [
            Choice(
                one.id,
                _short(one.id, _LONGEST),
                _short(one.id, _NARROW),
                f"{one.id}, {one.megabytes} MB",
            )
            for one in offered
        ]
        if choices:
            sentence = tr("Takes the model that fits the picture, else the first by name.")
            choices.insert(0, Choice("", tr("Any model"), sentence=sentence))
        self._box.set_models(choices, self._models.chosen(method))


def _short(name: str, most: int) -> str:
    """A name cut in its middle, where names of models differ least."""
    if len(name) <= most:
        return name
    half = (most - 1) // 2
    return f"{name[:half]}…{name[-half:]}"
