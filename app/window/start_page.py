from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.texts import tr
from app.runtime import model_folders
from app.runtime.settings import Settings
from app.session import open_document as opening
from app.session.changes import Changes
from app.session.model_need import show_models
from app.session.session import Session
from app.widgets.basics.empty_state import InfoCard, NothingTried, PictureTile

SAMPLES_SHOWN = 4


class StartPage(QObject):
    """What a newcomer finds where results will stand: a card about models, and other samples."""

    def __init__(
        self, place: NothingTried, thumbnails: Thumbnails, settings: Settings, session: Session
    ) -> None:
        super().__init__(place)  # pictures that come later than the window's end are dropped
        self._place = place
        self._thumbnails = thumbnails
        self._settings = settings
        self._session = session
        self._names: set[str] = set()
        self._open_file = ""
        thumbnails.ready.connect(self._on_thumbnail)
        session.changed.connect(self._on_changed)

    def show_card(self, clicked: Callable[[str], None]) -> None:
        """The card about models, until it was read; `clicked(action)` is called by its links."""
        if not self._settings["starter_card_seen"]:
            card = first_card(self._place)
            card.clicked.connect(clicked)
            self._place.set_card(card)

    def hide_card(self) -> None:
        """It was read."""
        self._settings.set("starter_card_seen", True)
        self._place.set_card(None)

    def show_samples(self) -> None:
        """Other samples to start with; their pictures come from worker threads."""
        numbered = list(enumerate(opening.samples()))[1:]
        others = [(n, s) for n, s in numbered if s.file.name != self._open_file]
        tiles = []
        for number, sample in others[:SAMPLES_SHOWN]:
            name = f"sample-{sample.file.stem}"
            self._names.add(name)
            picture = self._thumbnails.of_file(name, sample.file)
            tiles.append(PictureTile(str(number), sample.title, picture))
        self._place.set_samples(tiles)

    def _on_changed(self, changes: Changes) -> None:
        if not changes & (Changes.DOCUMENT | Changes.HISTORY):
            return
        document = self._session.document
        history = document.history if document is not None else None
        self._place.set_begun(history is not None and len(history.nodes) > 1)
        opened = history.nodes[history.roots()[0]].label if history is not None else ""
        if opened != self._open_file:
            self._open_file = opened
            if self._names:  # not before the window has been painted
                self.show_samples()

    def _on_thumbnail(self, name: str) -> None:
        if name in self._names:
            self.show_samples()


def first_card(parent: QWidget) -> InfoCard:
    """What a newcomer should know about the models that are there."""
    models = model_folders.known()
    link = tr("Models")
    if not models.has_models:
        title = tr("Tone and colour need no model")
        text = tr("Light, colour, sharpness and framing change by words, on any picture. "
                  "Repainting needs a model, and none is installed yet.")  # fmt: skip
    elif models.has_own:
        title = tr("Your models are ready")
        text = tr("What each of them can do stands under Models.")
    else:
        title = tr("Starter models are ready")
        text = tr("They know storybook scenes like these. "
                  "On photographs they change tone and colour.")  # fmt: skip
        link = tr("Add a model")
    links = ((show_models(), link), ("starter_seen", tr("Got it")))
    return InfoCard(title, text, links, parent)
