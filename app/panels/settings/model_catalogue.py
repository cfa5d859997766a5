"""The catalogue as cards: the one proposed on top, a filter, and what is not used at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.settings.model_cards import (
    CATEGORIES,
    Computer,
    card_content,
    in_category,
)
from app.panels.settings.model_needs import first_set, headline, proposed
from app.runtime.settings import Settings
from app.session.model_downloads import ModelDownloads
from app.session.model_library import LibraryFacts, ModelPlace
from app.theme.theme import look
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.scrolling import reveal
from app.widgets.basics.segments import Segment, ViewSwitch
from app.widgets.basics.switch import Switch
from app.widgets.models.model_card import CardButton, CardContent, CardGrid, ModelCard
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.catalogue.fits import CatalogueFit

CARD_WIDTH = 300
NARROW = 620
"""Logical width below which the switch stands under the filter."""


class ModelCatalogue(QWidget):
    """What can be installed.

    Signals:
        licence_asked(CatalogueEntry, QWidget): the licence on a card was clicked.
        elsewhere_asked(str): a model, by its id, is to be installed into another folder.
    """

    licence_asked = Signal(object, QWidget)
    elsewhere_asked = Signal(str)

    def __init__(
        self, downloads: ModelDownloads, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._downloads, self._settings = downloads, settings
        self._facts, self._computer = LibraryFacts(), Computer(None, 0)
        self._need = ""
        self._asking = ""
        self._shows_unused = False
        self._cards: dict[str, ModelCard] = {}
        self._proposal: ModelCard | None = None
        self.filter = ViewSwitch(
            [Segment(name, tr(title), "") for name, title, _ in CATEGORIES],
            tr("Part of the catalogue"),
            self,
            prefix="catalogue",
        )
        self.filter.chosen.connect(lambda _: self._refresh())
        self.only_fitting = Switch(tr("Fits this computer"), self)
        self.only_fitting.clicked.connect(self._refresh)
        self.grid = CardGrid(CARD_WIDTH, 2, self)
        self.unused = LinkButton("", self)
        self.unused.clicked.connect(self._show_unused)
        self.foot = Sentence(
            tr("Fetching needs the internet and starts only with a click. "
               "Pictures and words stay here."), self, size=12)  # fmt: skip
        fitting = QHBoxLayout()
        fitting.setSpacing(8)
        fitting.addWidget(QuietLabel(tr("Fits this computer"), self, size=13, least=300))
        fitting.addWidget(self.only_fitting)
        fitting.addStretch(1)
        self._choice = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._choice.addWidget(self.filter)
        self._choice.addStretch(1)
        self._choice.addLayout(fitting)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(12)
        self._rows.addLayout(self._choice)
        self._rows.addWidget(self.grid)
        self._rows.addWidget(self.unused)
        self._rows.addWidget(self.foot)
        self._rows.addStretch(1)
        downloads.changed.connect(self._refresh_card)

    def show_facts(self, facts: LibraryFacts, computer: Computer) -> None:
        """Show the catalogue as it is now."""
        self._facts, self._computer = facts, computer
        self._refresh()

    def show_need(self, need: str) -> None:
        """Put the model on top that is proposed for a need; "" for what to begin with."""
        self._need = need
        self._refresh()

    def install(self, name: str) -> None:
        """Install a model that something else here asks for; its card shows it, or asks first."""
        self.filter.set_current("all")
        self._act(name, "install")
        self._refresh()
        card = self._cards.get(name)
        if card is not None:
            card.foot.focus_first()
            reveal(card)

    @property
    def proposals(self) -> tuple[CatalogueEntry, ...]:
        """What the card on top would install."""
        here, entries = self._facts.installed, self._facts.catalogue
        if self._need:
            found = proposed(self._need, entries, here, self._computer)
            return (found,) if found is not None else ()
        if self._computer.device is None or here:
            return ()
        return first_set(entries, here, self._computer)

    def _refresh(self) -> None:
        self._show_proposal()
        shown = self._wanted()
        for entry in shown:
            if entry.id not in self._cards:
                card = ModelCard(self._card_content(entry), self.grid)
                card.setObjectName(f"card-{entry.id}")
                card.asked.connect(partial(self._act, entry.id))
                self._cards[entry.id] = card
            else:
                self._cards[entry.id].show_content(self._card_content(entry))
        self.grid.set_cards([self._cards[entry.id] for entry in shown])
        self.unused.setVisible(self._hidden > 0)
        text = tr("Show {0} more that this version does not use yet")
        self.unused.set_content(text.format(self._hidden))

    def _wanted(self) -> Sequence[CatalogueEntry]:
        """The entries of this part that are not here, those that fit first."""
        entries = [
            entry
            for entry in self._facts.catalogue.values()
            if entry.id not in self._facts.installed and in_category(entry, self.filter.current)
        ]
        entries.sort(key=lambda e: (not self._is_begun(e.id), self._computer.rank(e)))
        if self.only_fitting.isChecked():
            good = (CatalogueFit.FITS, CatalogueFit.SLOWER)
            entries = [e for e in entries if self._computer.fit(e) in good]
        used = [e for e in entries if self._computer.fit(e) is not CatalogueFit.UNUSED]
        self._hidden = 0 if self._shows_unused else len(entries) - len(used)
        return entries if self._shows_unused else used

    def _is_begun(self, name: str) -> bool:
        return self._downloads.state(name) is not None or name in self._facts.begun

    def _content(self, entry: CatalogueEntry) -> CardContent:
        running = self._downloads.running
        first = running[0] if running else ""
        before = self._facts.catalogue.get(first) if first != entry.id else None
        return card_content(
            entry,
            self._computer,
            self._downloads.state(entry.id),
            self._facts.begun.get(entry.id, 0),
            asks=self._asking == entry.id,
            waits_for=before.title if before is not None else "",
        )

    def _card_content(self, entry: CatalogueEntry) -> CardContent:
        """In the grid: the card on top has the gold button of the model that it proposes."""
        content = self._content(entry)
        on_top = bool(self._need) and entry in self.proposals
        return _with_gold(content, ()) if on_top else content

    def _show_unused(self) -> None:
        self._shows_unused = True
        self._refresh()

    # --- the card on top ------------------------------------------------------------------------

    def _show_proposal(self) -> None:
        content = self._proposal_content()
        if content is None:
            if self._proposal is not None:
                self._proposal.hide()
            return
        if self._proposal is None:
            self._proposal = ModelCard(content, self)
            self._proposal.setObjectName("card-proposed")
            self._proposal.asked.connect(self._act_on_proposal)
            self._rows.insertWidget(0, self._proposal)
        self._proposal.show_content(content)
        self._proposal.show()

    def _proposal_content(self) -> CardContent | None:
        """The model for the need, or the set to begin with; a sentence where none serves."""
        found = self.proposals
        if not found:
            title = headline(self._need)
            if not title or self._computer.device is None:
                return None
            none = tr("No model of the catalogue that fits this computer does this.")
            if self._is_served():
                none = tr("A model for this is on this computer.")
            return CardContent("", none, "", "", "", headline=title)
        if self._need:
            return self._for_need(found[0])
        return self._for_photographs(found)

    def _is_served(self) -> bool:
        return any(
            headline(model.role) == headline(self._need)
            for model in self._facts.found
            if model.place is not ModelPlace.STARTER
        )

    def _for_need(self, entry: CatalogueEntry) -> CardContent:
        made = self._content(entry)
        gold = () if self._asking not in ("", entry.id) else ("install", "fetch")
        buttons = _with_gold(made, gold).buttons
        sentence = f"{entry.title}. {made.sentence}"
        return CardContent(
            made.title, sentence, made.facts, made.licence, made.note, made.icon, made.token,
            made.share, buttons, headline(self._need),
        )  # fmt: skip

    def _for_photographs(self, entries: tuple[CatalogueEntry, ...]) -> CardContent:
        names = " · ".join(entry.title for entry in entries)
        text = tr("For photographs, which the models that come with the program do not know: {0}.")
        text = text.format(names)
        words = tr("Install {0} models").format(len(entries))
        gold = not self._asking  # else a card below has it
        buttons: tuple[CardButton, ...] = (CardButton("install", words, words, gold=gold),)
        note, icon, token = tr("All fit this computer"), "check", "ok"
        if self._asking == _SET:
            note, icon, token = (
                tr("Fetching needs the internet. Pictures and words stay here."), "info", "text2",
            )  # fmt: skip
            fetch = tr("Fetch {0} models").format(len(entries))
            stop = CardButton("cancel", "", tr("Do not fetch them"), "x")
            buttons = (CardButton("fetch", fetch, fetch, "download", gold=True), stop)
        return CardContent(
            "", text, "", "", note, icon, token, None, buttons,
            tr("A set for photographs on this computer"),
        )  # fmt: skip

    def _act_on_proposal(self, action: str) -> None:
        found = self.proposals
        if len(found) == 1 and self._need:
            self._act(found[0].id, action)
        elif action == "cancel":
            self._ask("")
        elif action == "install" and not self._settings["fetching_allowed"]:
            self._ask(_SET)
        else:
            self._allow()
            for entry in found:
                self._downloads.install(entry.id)

    # --- what is done ---------------------------------------------------------------------------

    def _act(self, name: str, action: str) -> None:
        match action:
            case "install" if not self._settings["fetching_allowed"]:
                self._ask(name)
            case "install" | "fetch":
                self._allow()
                self._downloads.install(name)
            case "elsewhere":
                self.elsewhere_asked.emit(name)
            case "pause":
                self._downloads.pause(name)
            case "cancel" if self._asking == name:
                self._ask("")
            case "cancel":
                self._downloads.cancel(name)
            case "licence":
                card = self._cards.get(name) or self._proposal
                assert card is not None
                self.licence_asked.emit(self._facts.catalogue[name], card)

    def _ask(self, name: str) -> None:
        """Ask on the card whether the internet may be used; "" for no longer."""
        self._asking = name
        self._refresh()

    def _allow(self) -> None:
        self._asking = ""
        self._settings.set("fetching_allowed", True)

    def _refresh_card(self, name: str) -> None:
        entry, card = self._facts.catalogue.get(name), self._cards.get(name)
        if entry is not None and card is not None:
            card.show_content(self._card_content(entry))
        self._show_proposal()

    def resizeEvent(self, event: object) -> None:
        """The switch under the filter where it does not fit beside it."""
        del event
        directions = QBoxLayout.Direction
        beside = self.width() >= look().px(NARROW)
        self._choice.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def _with_gold(content: CardContent, actions: Sequence[str]) -> CardContent:
    buttons = tuple(replace(one, gold=one.action in actions) for one in content.buttons)
    return replace(content, buttons=buttons)


_SET = "first set"
"""Stands for the card with several models where one's id would."""
