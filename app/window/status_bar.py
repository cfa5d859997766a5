from __future__ import annotations

import itertools

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n.texts import tr
from app.runtime import model_folders
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session
from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, ROW_PADDING, look
from app.widgets.basics.labels import QuietLabel
from app.window.bar import Bar
from editor.model.image import Image
from editor.model.selection import Selection

_SHOWN = Changes.HEAD | Changes.PIXELS | Changes.DOCUMENT | Changes.ENGINE | Changes.SELECTION


class StatusBar(Bar):
    """Foot of the window: offline, device, models; size, depth and profile, zoom.

    Signals:
        zoom_asked(), models_asked(): the label was clicked.
        upright_asked(): the label with the view's angle was clicked.
    """

    zoom_asked = Signal()
    upright_asked = Signal()
    models_asked = Signal()

    def __init__(
        self, session: Session, scheduler: UiScheduler, parent: QWidget | None = None
    ) -> None:
        super().__init__("status", 29, "top", parent)
        self._session = session
        self._scheduler = scheduler
        self._narrow = self._hidden = False
        self._download = ""
        self.offline = QuietLabel("", self)
        self.offline.setObjectName("status-offline")
        self.device = QuietLabel("", self)
        self.device.setObjectName("status-device")
        self.models = QuietLabel("", self)
        self.models.setObjectName("status-models")
        self.models.set_clickable(tr("Show the models"))
        self.size_label = QuietLabel("", self)
        self.size_label.setObjectName("status-size")
        self.depth_label = QuietLabel("", self)
        self.depth_label.setObjectName("status-depth")
        self.selection = QuietLabel("", self)
        self.selection.setObjectName("status-selection")
        self.angle = QuietLabel("", self, weight=MEDIUM, token="text")
        self.angle.setObjectName("status-angle")
        self.angle.set_clickable(tr("View upright"))
        self.angle.hide()
        self.zoom = QuietLabel("", self, weight=MEDIUM, token="text", least=60)
        self.zoom.setObjectName("status-zoom")
        self.zoom.set_clickable(tr("Zoom"))
        row = self._row = QHBoxLayout(self)
        row.setSpacing(20)
        for widget in (self.offline, self.device, self.models):
            row.addWidget(widget)
        row.addStretch(1)
        self._of_picture = (
            self.selection, self.size_label, self.depth_label, self.angle, self.zoom,
        )  # fmt: skip
        for widget in self._of_picture:
            row.addWidget(widget)
        self.zoom.clicked.connect(self.zoom_asked)
        self.angle.clicked.connect(self.upright_asked)
        self.models.clicked.connect(self.models_asked)
        session.changed.connect(self._on_changed)
        look().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        """The words stand right of the shield, which is as large as the text."""
        self._row.setContentsMargins(look().px(32), 1, ROW_PADDING, 0)

    def _on_changed(self, changes: Changes) -> None:
        if changes & _SHOWN:
            self._scheduler.later(self.refresh)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words in windows with less room."""
        self._narrow = narrow
        self.refresh()

    def set_picture_hidden(self, hidden: bool) -> None:
        """Nothing of a picture that is not seen."""
        self._hidden = hidden
        for label in self._of_picture:
            label.setVisible(not hidden and (label is not self.angle or bool(label.text)))
        self.update()

    def show_zoom(self, percent: float, fitted: bool) -> None:
        """How large a pixel of the picture is, and whether the picture fits the canvas."""
        figure = f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        self.zoom.set_text(tr("Fit, {0}").format(figure) if fitted else figure)
        self.update()  # the line before it, where it had no text yet

    def show_angle(self, degrees: float) -> None:
        """How far the picture is turned on the screen, clockwise; a click makes it upright."""
        self.angle.set_text(f"{degrees:.0f}°" if degrees else "")
        self.angle.setVisible(bool(degrees) and not self._hidden)
        self.update()

    def show_download(self, text: str) -> None:
        """What is being fetched, in place of "Offline"; "" once nothing is."""
        self._download = text
        self.refresh()

    def refresh(self) -> None:
        """What is known about engine, models and picture."""
        whole = tr("Offline. Nothing leaves this computer.")
        offline = tr("Offline") if self._narrow else whole
        self.offline.set_text(self._download or offline)
        facts = self._session.engine_facts
        self.device.set_text(facts.device if facts is not None else tr("Engine is starting"))
        self.models.set_text(models_line())
        image = self._session.image
        self.size_label.set_text(f"{image.width} × {image.height}" if image is not None else "")
        self.depth_label.set_text(depth_line(image) if image is not None else "")
        self.selection.set_text(selection_line(self._session.view.selection))
        self.update()  # the lines between the facts are the bar's own

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the strip, shield or download, and thin lines between the facts."""
        super().paintEvent(event)
        t, painter, px = look().tokens, QPainter(self), look().px
        box = QRectF(px(12), 1, px(15), self.height() - 1)
        if self._download:
            paint_icon(painter, box, "download", t.text2, px(15))
        else:
            paint_icon(painter, box, "shield-check", t.ok, px(15))
        shown = [
            self.offline,
            self.device,
            self.models,
            *self._of_picture,
        ]
        shown = [w for w in shown if not w.isHidden() and w.text]
        first = next((label for label in shown if label in self._of_picture), None)
        for before, after in itertools.pairwise(shown):
            if before is self.models or after is first:
                continue
            x = (before.geometry().right() + after.x()) // 2
            painter.fillRect(x, self.height() // 2 - 6, 1, 13, t.line)


def models_line() -> str:
    """Which models there are."""
    models = model_folders.known()
    if not models.has_models:
        return tr("No models, tone and colour ready")
    return tr("Your models") if models.has_own else tr("Starter models")


def selection_line(selection: Selection | None) -> str:
    """How large the selection is: width and height of all that it touches, in pixels."""
    if selection is None:
        return ""
    box = selection.bounds
    return tr("Selection {0} × {1}").format(box.width, box.height)


def depth_line(image: Image) -> str:
    """Depth and profile of a picture, in an artist's words."""
    from app.canvas.qt_images import profile_name

    grey = tr("grey, ") if image.channels < 3 else ""
    depth = tr("{0}-bit").format(image.depth)
    return f"{grey}{depth}, {profile_name(image.meta.icc) or 'sRGB'}"
