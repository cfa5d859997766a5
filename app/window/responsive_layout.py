from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.results import ResultsStage
from app.session.session import Session
from app.theme.theme import look
from app.window.regions import Regions

NARROW = 1280
"""Logical width, at the usual text size, under which Results and History share the column as
tabs."""
CROWDED = 800
"""Logical width, at the usual text size, under which method and count stand behind one button where
the column is beside the prompt: in large type they would leave no room for words."""
DRAWER = 900
"""Logical width under which the side column is a drawer over the canvas."""
SMALL = (640, 480)
"""Logical size under which tools and chips fold too."""
LEAST_DRAWER = 200
"""A drawer lower than this lies over the prompt as well."""
NARROW_SIDE = 276
"""Logical width of the side column in narrow windows."""
NARROW_CANVAS = 704
"""Logical width that the canvas keeps when the column grows with the text."""
WIDTH_REST_MS = 400
"""The width is written to the settings once the hand rests, not at every step of a drag."""
SIDE_WIDTHS = (280, 520)
"""Least and greatest width of the side column that is remembered."""


class ResponsiveLayout(QObject):
    """Folds what does not fit, at the widths of the design; nothing is ever cut off.

    Args:
        window: whose size counts.
        regions: its parts.
        session: its results open the drawer.
        settings: whether the side column is open, and how wide.
        on_top: stays above the drawer.

    Signals:
        side_shown(bool): the side column was opened or closed.
    """

    side_shown = Signal(bool)

    def __init__(
        self,
        window: QWidget,
        regions: Regions,
        session: Session,
        settings: Settings,
        on_top: QWidget,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._on_top = on_top
        self._regions = regions
        self._session = session
        self._settings = settings
        self._drawer_open = False
        self._job = ""
        self.only_picture = False
        """Everything but the picture is hidden."""
        regions.column.tab_changed.connect(self.arrange)
        regions.column.tab_asked.connect(lambda: self.show_side(True))
        self._width_rest = QTimer(self, singleShot=True, interval=WIDTH_REST_MS)
        self._width_rest.timeout.connect(self._remember_width)
        regions.split.splitterMoved.connect(lambda *_: self._width_rest.start())
        session.changed.connect(self._results_came)
        look().changed.connect(self.arrange)  # of another text size, perhaps

    @property
    def is_narrow(self) -> bool:
        """Results and History share the column as tabs."""
        return self._window.width() < look().px(NARROW)

    @property
    def is_drawer(self) -> bool:
        """The side column lies over the canvas instead of beside it."""
        return self._window.width() < DRAWER

    @property
    def shows_side(self) -> bool:
        """The side column is open, or would be if not only the picture were shown."""
        return self._drawer_open if self.is_drawer else bool(self._settings["side_visible"])

    def show_side(self, on: bool) -> None:
        """The side column, or more room for the picture."""
        if self.is_drawer:
            self._drawer_open = on
        else:
            self._settings.set("side_visible", on)
        self.arrange()

    def show_only_picture(self, on: bool) -> None:
        """Nothing but the picture, and back."""
        self.only_picture = on
        parts = self._regions
        for part in (
            parts.top, parts.rail, parts.options, parts.prompt, parts.status, parts.side,
        ):  # fmt: skip
            part.setVisible(not on)
        if not on:
            self.arrange()

    def arrange(self) -> None:
        """Everything in its place for the size the window has."""
        parts, width, height = self._regions, self._window.width(), self._window.height()
        thin, low = width < SMALL[0], height < SMALL[1]
        parts.top.set_folded(self.is_drawer)
        parts.top.set_compact(self.is_narrow)
        parts.rail.set_folded(thin or low)
        parts.options.set_narrow(self.is_narrow)
        parts.options.side.setVisible(self.is_drawer)
        parts.prompt.set_narrow(self.is_narrow)
        crowded = not self.is_drawer and width < look().px(CROWDED)
        parts.prompt.set_small(low=low, thin=thin, crowded=crowded)
        parts.status.set_narrow(self.is_narrow)
        parts.status.device.setVisible(not thin)
        parts.status.models.setVisible(not self.is_drawer)
        parts.column.set_tabbed(self.is_narrow)
        self._put_side()
        # The parts learn their new sizes after this; what depends on them comes then.
        QTimer.singleShot(0, self, self._settle)

    def _put_side(self) -> None:
        """The side column into the splitter or over the canvas."""
        side, split = self._regions.side, self._regions.split
        inside = split.indexOf(side) >= 0
        if self.is_drawer and inside:
            side.setParent(self._window)
        elif not self.is_drawer and not inside:
            split.addWidget(side)
            split.setStretchFactor(1, 0)
        hidden = self._regions.rooms.hides_picture
        side.setVisible(self.shows_side and not self.only_picture and not hidden)
        self._regions.options.side.setChecked(self.shows_side)
        self.side_shown.emit(self.shows_side)

    def _settle(self) -> None:
        split = self._regions.split
        if self.is_drawer:
            self._place_drawer()
        else:
            wanted = look().px(int(self._settings["side_width"]))
            if self.is_narrow:
                room = split.width() - NARROW_CANVAS
                wanted = max(NARROW_SIDE, min(look().px(NARROW_SIDE), room))
            split.setSizes([max(1, split.width() - wanted), wanted])
        if not self.is_narrow:
            self._regions.column.share()
        self._regions.column.place_tabs()

    def _place_drawer(self) -> None:
        window, parts = self._window, self._regions
        top = parts.stage.mapTo(window, parts.stage.rect().topLeft()).y()
        bottom = top + parts.stage.height()
        if bottom - top < LEAST_DRAWER:
            bottom = parts.status.y()
        width = min(300, window.width() - parts.rail.width())
        parts.side.setGeometry(window.width() - width, top, width, bottom - top)
        parts.side.raise_()
        self._on_top.raise_()

    def finish(self) -> None:
        """Write down now what waits to be written; for the end of the program."""
        if self._width_rest.isActive():
            self._width_rest.stop()
            self._remember_width()

    def _remember_width(self) -> None:
        if not self.is_narrow:
            least, most = SIDE_WIDTHS
            width = round(self._regions.side.width() / look().text_scale)
            self._settings.set("side_width", min(most, max(least, width)))

    def _results_came(self, changes: Changes) -> None:
        """The drawer opens by itself when there is something to choose from.

        Not over the grid, which shows all there is and would be half covered.
        """
        results = self._session.results
        if not changes & Changes.RESULTS or results is None:
            return
        if results.stage is not ResultsStage.RANKED:
            return
        if results.job != self._job and results.seconds:
            self._job = results.job
            in_grid = self._regions.stage.view == "all"
            if self.is_drawer and not self._drawer_open and not in_grid:
                self.show_side(True)
