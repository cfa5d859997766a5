"""A real window with a small document, and an engine that answers what a test sends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.canvas.display_tiles import WORKER
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from app.window.main_window import Window
from app.window.regions import Regions
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.session_cases import ScriptedEngine
from tests.waiting import finish_animations, fire_timers, settle, wait_for

QUIET_MS = 500
"""Longer than any timer that typing or resizing starts."""

LAST = 6
"""The priority of what workers do after everything but pictures of samples."""


class WindowFixture:
    """Args: `folder` takes document, settings and thumbnails; `document` opens a small picture."""

    def __init__(self, folder: Path, *, document: bool = True) -> None:
        self.engine = ScriptedEngine()
        self.work = ThreadPool(1)
        self.settings = Settings(folder / "settings.json")
        self.session = Session(self.engine, self.work, self.settings)
        if document:
            ramp = np.tile(np.arange(96, dtype=np.uint8)[None, :, None], (64, 1, 3))
            picture = Picture.of(Image.from_array(ramp))
            self.session.set_document(Document.create(picture, label="ramp", state_dir=folder))
        self.window = Window(self.session, self.settings, folder / "thumbnails")

    @property
    def parts(self) -> Regions:
        """The parts of the window."""
        return self.window.regions

    def show(self) -> None:
        """Show it, until it rests."""
        self.window.show()
        self.window.activateWindow()
        wait_for(self.window.isActiveWindow)
        self.settle()

    def resize(self, width: int, height: int) -> None:
        """Another size, until everything is in its place."""
        self.window.resize(width, height)
        self.settle()

    def settle(self) -> None:
        """Until it rests: workers, tiles, animations, and timers that follow typing or resizing.

        The timers fire at once, in their order: nobody waits for a clock.
        """
        while True:
            self._wait_for_workers()
            settle()
            self.window.scheduler.finish()
            moved = finish_animations((self.window, self.session))
            if not fire_timers((self.window, self.session), QUIET_MS) and not moved:
                return

    def _wait_for_workers(self) -> None:
        """Until tiles and workers have done and delivered what was asked of them before this."""
        WORKER.wait_idle()
        done: list[None] = []
        self.work.run(lambda ticket: None, done.append, None, LAST)
        wait_for(lambda: done)

    def wait(self, holds: Callable[[], bool]) -> None:
        """Until something holds."""
        wait_for(holds)

    def close(self) -> None:
        """Close window, session and threads."""
        self.window.close()
        self.work.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
