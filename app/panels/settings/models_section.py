from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.file_sizes import file_size_text
from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.settings.model_wording import model_name, model_sentence
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.empty_state import InfoCard, Nothing
from app.widgets.basics.labels import QuietLabel, Sentence
from inference.request.registry import METHODS

BESIDE = 820
"""Logical width from which models stand beside methods."""


@dataclass(frozen=True)
class ModelFact:
    """A model that was found.

    Attributes:
        role: what it is for.
        id: its own name.
        size: of its weights, bytes.
        starter: it came with the program.
    """

    role: str
    id: str
    size: int
    starter: bool = False


@dataclass(frozen=True)
class ModelFacts:
    """What the section says.

    Attributes:
        found: every model that can be used.
        missing: by method name, what it lacks, in words.
        refused: name and reason of each folder that is not used.
    """

    found: tuple[ModelFact, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()


class ModelsSection(QWidget):
    """Which methods work now and what others wait for; the models on this computer.

    Empty until `show_facts`: folders are read on a worker thread.
    """

    def __init__(self, folder: str, open_folder: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("models-section")
        self._folder = folder
        text = tr("Models are folders of safetensors files in {0}. Nothing is fetched by itself.")
        self.where = Sentence(text.format(folder), self)
        self.open = PushButton(tr("Open folder"), self, icon_name="folder-open")
        self.open.clicked.connect(lambda *_: open_folder())
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addWidget(self.where, 1)
        head.addWidget(self.open)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(34)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(18)
        rows.addLayout(head)
        rows.addLayout(self._columns)
        rows.addStretch(1)
        self._shown: list[QWidget] = [Sentence(tr("Looking into the folders"), self)]
        self._columns.addWidget(self._shown[0])

    def show_facts(self, facts: ModelFacts) -> None:
        """Show what was found."""
        for old in self._shown:
            self._columns.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [_methods(facts), _models(facts, self._folder)]
        for number, part in enumerate(self._shown):
            self._columns.addWidget(part, 3 - number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Models below the methods where there is no room beside them."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        beside = self.width() >= look().px(BESIDE)
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def _methods(facts: ModelFacts) -> QWidget:
    """Every method: those that work, then those that wait for a model."""
    ready, waiting = [], []
    for info in METHODS.values():
        lacks = facts.missing.get(info.name)
        title, text = text_of(info.title), text_of(info.summary)
        if lacks:
            needs = tr("Needs: {0}.").format(", ".join(lacks))
            waiting.append(InfoCard(title, f"{text} {needs}", icon_name="package"))
        else:
            ready.append(InfoCard(title, text, icon_name="check", token="ok"))
    return _column((tr("Ready"), ready), (tr("Waits for a model"), waiting))


def _models(facts: ModelFacts, folder: str) -> QWidget:
    """What is on this computer, and what cannot be used."""
    total = sum(model.size for model in facts.found)
    here: list[QWidget] = [
        InfoCard(
            model_name(model.role, model.id, starter=model.starter),
            model_sentence(model.role, model.size, starter=model.starter),
            icon_name="check",
            token="ok",
        )
        for model in facts.found
    ]
    if not here:
        text = tr("Put folders of safetensors files into {0}.").format(folder)
        here = [Nothing("package", tr("No models yet"), text, "")]
    refused = [InfoCard(title, why, icon_name="triangle-alert") for title, why in facts.refused]
    title = tr("On this computer")
    if total:
        title = tr("On this computer, {0}").format(file_size_text(total))
    return _column((title, here), (tr("Cannot be used"), refused))


def _column(*groups: tuple[str, Iterable[QWidget]]) -> QWidget:
    """Groups with their headings; an empty one is left out."""
    column = QWidget()
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(10)
    for title, cards in groups:
        shown = list(cards)
        if shown:
            rows.addWidget(QuietLabel(title, column, size=15, weight=SEMIBOLD, token="text"))
        for card in shown:
            rows.addWidget(card)
        if shown:
            rows.addSpacing(8)
    rows.addStretch(1)
    return column
