from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.i18n.texts import tr
from app.panels.why_this_order import WhyThisOrder
from app.runtime.settings import Settings
from app.session.session import Session
from app.theme.theme import look
from app.window.shell import Shell


class ViewController(QObject):
    """How things are shown: theme, methods on the cards, why the results stand in this order.

    Signals:
        methods_shown(bool): every result should say how it was made, or no longer.
    """

    methods_shown = Signal(bool)

    def __init__(
        self, session: Session, shell: Shell, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._shell = shell
        self._settings = settings

    def why(self) -> None:
        """One sentence on number 1, and what counts how much; the list re-sorts meanwhile."""
        session = self._session
        if session.results is None or not session.results.ranking.places:
            return
        self._shell.toggle_popover(
            tr("Why this order"), lambda parent: WhyThisOrder(session, parent)
        )

    def show_methods(self, on: bool) -> None:
        """Method and settings on every card, remembered."""
        self._settings.set("show_methods", on)
        self.methods_shown.emit(on)

    def set_theme(self, name: str) -> None:
        """Dark, light, high contrast, or as the system; remembered."""
        self._settings.set("theme", name)
        look().set_choice(name)  # type: ignore[arg-type]  # one of the literals
