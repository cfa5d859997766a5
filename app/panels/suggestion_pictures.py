from __future__ import annotations

from PySide6.QtCore import QObject

from app.canvas.thumbnails import Thumbnails
from app.session.session import Session
from app.session.suggestion_previews import SuggestionPreviews
from app.widgets.prompt.chip_picture import ChipPicture
from app.widgets.prompt.chips import ChipRow
from editor.render.result_blend import ResultBlend


class SuggestionPictures(QObject):
    """Puts the previews of the suggestions into their chips."""

    def __init__(
        self,
        session: Session,
        previews: SuggestionPreviews,
        chips: ChipRow,
        thumbnails: Thumbnails,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._previews = session, previews
        self._chips, self._thumbnails = chips, thumbnails
        self._previews.changed.connect(self.refresh)
        session.suggestion_feed.ready.connect(self.refresh)
        thumbnails.ready.connect(self._on_thumbnail)

    def refresh(self) -> None:
        """All places and the pictures that are there, together."""
        self._chips.set_pictures(
            {one.text: self._picture(one.text) for one in self._previews.wanted}
        )

    def _picture(self, text: str) -> ChipPicture:
        candidate, image = self._previews.candidates.get(text), self._session.image
        if candidate is None or image is None:
            return ChipPicture(has_place=True)
        drawn = self._thumbnails.of_look(image, ResultBlend(candidate), self._previews.selection)
        return ChipPicture(drawn, has_place=True)

    def _on_thumbnail(self, name: str) -> None:
        if any(one.key == name for one in self._previews.candidates.values()):
            self.refresh()
