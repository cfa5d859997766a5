"""The sections that are forms: general, appearance, performance, privacy."""

from __future__ import annotations

from collections.abc import Callable

from app.i18n.file_sizes import file_size_text
from app.i18n.texts import tr
from app.panels.settings.form import Apply, Form
from app.panels.settings.preferences import APPEARANCE, GENERAL, PERFORMANCE, PRIVACY
from app.runtime import disk_cache, paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import Ticket
from app.session.session import Session

Act = Callable[[str], None]
"""Does an action of the window, by its id."""


def general(settings: Settings, apply: Apply, act: Act) -> Form:
    """How the window begins and what the pointer does."""
    form = Form(GENERAL, settings, apply)
    form.add_button(
        tr("Untitled documents"),
        tr("Documents without a name of their own lie beside settings and logs."),
        tr("Open folder"),
        lambda: act("open_home"),
    )
    form.rows.addStretch(1)
    return form


def appearance(settings: Settings, apply: Apply) -> Form:
    """Theme, text, motion."""
    form = Form(APPEARANCE, settings, apply)
    form.rows.addStretch(1)
    return form


class PerformanceSection(Form):
    """How much at once, what it works on, and what is kept on the disk to be quicker."""

    def __init__(self, session: Session, settings: Settings, apply: Apply) -> None:
        super().__init__(PERFORMANCE, settings, apply)
        self._session = session
        self._measuring = Ticket()
        self._device = self.add_row(tr("Works on"), "")
        self.cache, self.clear = self.add_button(tr("Small pictures"), "", tr("Clear"), self._clear)
        self.clear.setObjectName("clear-thumbnails")
        self.rows.addStretch(1)
        self.destroyed.connect(lambda: self._measuring.cancel())  # noqa: PLW0108 - the last one
        self.follow()

    def follow(self) -> None:
        """Show what is so now; the disk is read on a worker thread."""
        super().follow()
        facts = self._session.engine_facts
        self._device.set_help(facts.device if facts is not None else tr("Engine is starting"))
        self._measure(lambda ticket: disk_cache.size(paths.thumbnails()))

    def _show_size(self, size: int) -> None:
        text = tr("{0} on the disk, so that ideas and results appear at once.")
        self.cache.set_help(text.format(file_size_text(size)))
        self.clear.setEnabled(size > 0)

    def _clear(self) -> None:
        def empty(ticket: Ticket) -> int:
            del ticket
            disk_cache.clear(paths.thumbnails())
            return disk_cache.size(paths.thumbnails())

        self._measure(empty)

    def _measure(self, size: Callable[[Ticket], int]) -> None:
        """Show a size found on a worker thread; the last one asked for counts."""
        self._measuring.cancel()
        fail = self._session.messages.fail
        self._measuring = self._session.work.run(size, self._show_size, fail)


class PrivacySection(Form):
    """What stays here, and what is remembered."""

    def __init__(self, settings: Settings, apply: Apply, act: Act) -> None:
        super().__init__(PRIVACY, settings, apply)
        self.add_row(
            tr("Nothing leaves this computer"),
            tr(
                "Pictures and words stay here. Only the installation of a model, which you start, "
                "opens a connection."
            ),
        )
        self.add_button(
            tr("Recent documents"),
            tr("The list on Home. The documents themselves stay."),
            tr("Clear this list"),
            lambda: act("clear_recent"),
        )
        self.add_button(
            tr("Logs"),
            tr("Written on this computer only."),
            tr("Open folder"),
            lambda: act("open_home"),
        )
        self.rows.addStretch(1)
