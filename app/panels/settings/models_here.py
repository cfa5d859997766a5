"""What is on this computer: models, files that cannot be used, LoRA files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.file_sizes import file_size_text
from app.i18n.texts import tr
from app.panels.settings.lora_bases import missing_base
from app.panels.settings.model_cards import Computer
from app.panels.settings.model_rows import (
    HELPERS,
    UPSCALE,
    UPSCALER,
    added_folder,
    installed_entry,
    refused_content,
    row_content,
)
from app.session.lora_choices import LoraChoices
from app.session.model_choices import ModelChoices
from app.session.model_library import LibraryFacts, LibraryModel, ModelLibrary
from app.theme.theme import SEMIBOLD
from app.widgets.basics.empty_state import Nothing
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.models.lora_row import LoraRow
from app.widgets.models.model_row import ModelRow, RowContent
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.found_model import FoundAdapter, RefusedModel
from inference.request.settings import LORA


class ModelsHere(QWidget):
    """Rows of what was found, each with what can be done with it.

    Signals:
        show_asked(Path): a folder in the system's file manager.
        word_asked(str): a word that brings out a LoRA goes into the prompt.
        elsewhere_asked(str): a file, by its path, is to be converted into another folder.
        install_asked(str): a model of the catalogue, by its id.
    """

    show_asked = Signal(Path)
    word_asked = Signal(str)
    elsewhere_asked = Signal(str)
    install_asked = Signal(str)

    def __init__(
        self,
        library: ModelLibrary,
        loras: LoraChoices,
        choices: ModelChoices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._library, self._loras, self._choices = library, loras, choices
        self._rows: dict[str, ModelRow] = {}
        self._choosable: list[tuple[LibraryModel, ModelRow]] = []
        self._refused: dict[str, tuple[RefusedModel, ModelRow]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: tuple[object, ...] | None = None
        library.downloads.changed.connect(self._refresh_row)
        choices.changed.connect(self._refresh_choosable)

    def show_facts(self, facts: LibraryFacts, computer: Computer) -> None:
        """Show what was read; rows are made anew only where something else was found."""
        shown = computer, facts.found, facts.adapters, facts.refused, facts.added
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows, self._refused, self._choosable = {}, {}, []
        self._show_found(facts)
        self._show_refused(facts)
        loras = [one for one in facts.adapters if one.kind == LORA]
        self._show_loras([(one, missing_base(one, facts, computer)) for one in loras])

    def _show_found(self, facts: LibraryFacts) -> None:
        total = sum(model.bytes for model in facts.found)
        self._heading(tr("On this computer"), file_size_text(total) if total else "")
        for model in facts.found:
            state = self._library.downloads.state(model.entry) if model.entry else None
            row = self._row(row_content(model, facts, state, self._chosen()))
            row.asked.connect(partial(self._act, model))
            if model.role == UPSCALER or model.lends:
                self._choosable.append((model, row))
            if model.entry:
                self._rows[model.entry] = row
        if not facts.found:
            text = tr("Tone and colour need none. Install one, or add a folder of yours.")
            self._column.addWidget(Nothing("package", tr("No models yet"), text, ""))

    def _show_refused(self, facts: LibraryFacts) -> None:
        if facts.refused:
            self._column.addSpacing(22)
            self._heading(tr("Cannot be used yet"), "")
        for one in facts.refused:
            state = self._library.downloads.state(str(one.folder))
            row = self._row(refused_content(one, facts, state))
            self._refused[str(one.folder)] = one, row
            row.asked.connect(partial(self._act_on_refused, one))

    def _show_loras(self, loras: list[tuple[FoundAdapter, CatalogueEntry | None]]) -> None:
        if not loras:
            return
        self._column.addSpacing(22)
        self._heading(tr("LoRA"), tr("small styles on top of a model"))
        for one, base in loras:
            made_for = tr("for {0}").format(one.made_for) if one.made_for else ""
            install = ""
            if base is not None:
                made_for = tr("Made for {0}, which is not here.").format(one.made_for)
                install = tr("Install {0}").format(base.title)
            weight = self._loras.weight(one.folder)
            words = [(word, tr("Add “{0}” to the words").format(word)) for word in one.words]
            row = LoraRow(one.id, made_for, weight, tr("off"), self, words, install)
            if base is not None:
                row.base_asked.connect(partial(self.install_asked.emit, base.id))
            row.word_asked.connect(self.word_asked)
            row.setToolTip(str(one.folder))
            row.changed.connect(partial(self._loras.use, one.folder))
            self._column.addWidget(row)
        text = tr("They lie over every model that paints. One that was made for another model "
                  "is refused with its reason.")  # fmt: skip
        self._column.addSpacing(8)
        self._column.addWidget(Sentence(text, self, size=12))

    def _heading(self, title: str, detail: str) -> None:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 4)
        row.addWidget(QuietLabel(title, line, size=15, weight=SEMIBOLD, token="text", least=300))
        row.addWidget(QuietLabel(detail, line, size=13, least=300))
        row.addStretch(1)
        self._column.addWidget(line)

    def _row(self, content: RowContent) -> ModelRow:
        row = ModelRow(content, tr("What can be done with {0}").format(content.title), self)
        self._column.addWidget(row)
        return row

    def _refresh_row(self, name: str) -> None:
        facts, row = self._library.facts, self._rows.get(name)
        if facts is not None and name in self._refused:
            refused, its_row = self._refused[name]
            state = self._library.downloads.state(name)
            its_row.show_content(refused_content(refused, facts, state))
        if facts is None or row is None:
            return
        model = next((one for one in facts.found if one.entry == name), None)
        if model is not None:
            state = self._library.downloads.state(name)
            row.show_content(row_content(model, facts, state, self._chosen()))

    def _chosen(self) -> dict[str, str]:
        """Names of the models that were chosen here, by role."""
        helpers = {role: self._choices.helper(role) for role in HELPERS}
        return {UPSCALER: self._choices.chosen(UPSCALE), **helpers}

    def _refresh_choosable(self) -> None:
        """Another one is chosen."""
        facts, chosen = self._library.facts, self._chosen()
        if facts is None:
            return
        for model, row in self._choosable:
            state = self._library.downloads.state(model.entry) if model.entry else None
            row.show_content(row_content(model, facts, state, chosen))

    def _act(self, model: LibraryModel, action: str) -> None:
        downloads, facts = self._library.downloads, self._library.facts
        assert facts is not None
        match action:
            case "use":
                self._choices.choose(UPSCALE, model.id)
            case "by_factor":
                self._choices.choose(UPSCALE, "")
            case _ if action.startswith("lend:"):
                self._choices.choose_helper(action.removeprefix("lend:"), model.id)
            case _ if action.startswith("back:"):
                self._choices.choose_helper(action.removeprefix("back:"), "")
            case "verify":
                downloads.verify(model.entry)
            case "repair":
                downloads.repair(model.entry)
            case "remove":
                downloads.remove(model.entry)
            case "stop":
                downloads.stop(model.entry)
            case "forget":
                folder = added_folder(model.folder, facts)
                if folder is not None:
                    self._library.forget_folder(folder)
            case "show":
                self.show_asked.emit(model.folder)

    def _act_on_refused(self, refused: RefusedModel, action: str) -> None:
        facts = self._library.facts
        assert facts is not None
        match action:
            case "repair":
                self._library.downloads.repair(installed_entry(refused.folder, facts))
            case "convert":
                self._library.downloads.convert(refused.folder)
            case "elsewhere":
                self.elsewhere_asked.emit(str(refused.folder))
            case "stop":
                self._library.downloads.stop(str(refused.folder))
            case "show":
                self.show_asked.emit(refused.folder)
