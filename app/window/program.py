from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

_STARTED = time.perf_counter()

from PySide6.QtCore import QElapsedTimer, QTimer  # noqa: E402 - the clock starts before Qt loads
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtWidgets import QApplication, QMessageBox  # noqa: E402

from app.cli.output import REFUSED  # noqa: E402
from app.i18n import translation  # noqa: E402
from app.i18n.messages import text_of  # noqa: E402
from app.runtime import model_folders, paths  # noqa: E402
from app.runtime.gui_gc import GuiGarbageCollector  # noqa: E402
from app.runtime.inference_thread import InferenceThread  # noqa: E402
from app.runtime.memory import limit_arenas  # noqa: E402
from app.runtime.settings import Settings  # noqa: E402
from app.runtime.thread_pool import ThreadPool, Ticket  # noqa: E402
from app.runtime.trace import trace  # noqa: E402
from app.session import open_document as opening  # noqa: E402
from app.session.session import Session  # noqa: E402
from app.theme.icons import icon_names, icon_source  # noqa: E402
from app.theme.theme import MOTION, look  # noqa: E402
from app.window import window_place  # noqa: E402
from app.window.main_window import Window  # noqa: E402
from app.window.setting_effects import memory_bytes  # noqa: E402
from app.window.state_probe import StateProbe  # noqa: E402
from editor.errors import ExpectedError  # noqa: E402
from inference.ipc.domains import register_domains  # noqa: E402

HEARTBEAT_MS = 5

WARM = (
    "editor.storage.document",
    "editor.formats",
    "editor.render.color",
    "editor.render.composite",
    "app.canvas.qt_images",
    "inference.language.path",
    "inference.methods.adjust",
    "inference.workflow.tone_preview",
)
"""Modules that the first words and the first edit need; typing must not wait for the disk."""


class Program:
    """The application with its one window, in the order things must start and end."""

    def __init__(self, argv: Sequence[str]) -> None:
        QGuiApplication.setDesktopFileName("pentimento")
        existing = QApplication.instance()
        self.app = (
            existing if isinstance(existing, QApplication) else QApplication(["pentimento", *argv])
        )
        self.app.setApplicationName("Pentimento")
        translation.install(self.app)
        self.settings = Settings(paths.settings_file())
        look().set_choice(self.settings["theme"])
        look().set_surround(self.settings["surround"])
        look().set_text_scale(self.settings["text_size"] / 100)
        look().set_motion(MOTION[self.settings["motion"]])
        limit_arenas()
        self.collector = GuiGarbageCollector()
        self.work = ThreadPool()
        register_domains()
        model_folders.read()
        self.engine = InferenceThread(paths.home(), paths.model_places())  # empty ones may fill up
        self.engine.limit_memory(memory_bytes(self.settings["memory_limit"]))
        self.session = Session(self.engine, self.work, self.settings)
        self.window = Window(self.session, self.settings, paths.thumbnails())

        self._own_hook = sys.excepthook
        sys.excepthook = self._unexpected

    def _unexpected(
        self, kind: type[BaseException], error: BaseException, trace_: TracebackType | None
    ) -> None:
        """An error nobody caught: to the log, and as a sentence with Copy details."""
        self._own_hook(kind, error, trace_)
        if threading.current_thread() is threading.main_thread():
            self.session.messages.fail(error)

    def warm_up(self) -> None:
        """Load what the first edit needs, while the artist looks at the picture."""
        for name in WARM:
            self.work.run(partial(load_module, name), self._warmed, None, 9)
        self.work.run(read_words, self._warmed, None, 9)
        self.work.run(read_icons, self._warmed, None, 9)

    def _warmed(self, _: object) -> None:
        self.collector.settle()

    def open(self, names: Sequence[str]) -> None:
        """Open what was asked for, else what the settings say; Home is there in any case."""
        if names:
            self.window.controllers.file.open_path(Path(names[0]))
        elif self.settings["start_with"] == "last":
            self.open_last()

    def open_last(self) -> None:
        """Open what was open last, else a sample."""
        files = self.window.controllers.file
        last = opening.document_to_start_with(paths.state(), self.settings["last_document"])
        if last is not None:
            files.open_path(last)
        else:
            files.open_sample(0)

    def close(self) -> None:
        """End threads and child; quick, because nothing is unsaved."""
        sys.excepthook = self._own_hook
        self.session.close()
        self.engine.close()
        self.work.close()
        self.collector.stop()


def run(argv: Sequence[str]) -> int:
    """The window. `--startup-report` prints when it was usable, and ends."""
    report = "--startup-report" in argv
    names = [a for a in argv if not a.startswith("--")]
    try:
        paths.state()
    except paths.NoHome as error:
        return refuse_to_start(argv, error)
    program = Program(argv)
    window = program.window
    window_place.restore(window, program.settings)
    if names or program.settings["start_with"] != "home":
        window.regions.rooms.show_workspace()  # Home would be seen for a moment
    window.show()

    def usable() -> None:
        # Reached once the first paint and all events before it are done.
        spent = 1000 * (time.perf_counter() - _STARTED)
        trace("window_usable", ms=round(spent, 1))
        program.open(names)
        program.engine.start()
        if not report:
            program.warm_up()
        if report:
            state = {
                "usable_ms": round(spent, 1),
                "torch_in_process": "torch" in sys.modules,
                "rss_mb": _peak_mb(),
            }
            print(json.dumps(state), flush=True)
            QTimer.singleShot(0, window.close)

    QTimer.singleShot(0, lambda: QTimer.singleShot(0, usable))
    heart, probe = _Heart(), StateProbe(window)
    code = program.app.exec()
    heart.stop()
    probe.stop()
    program.close()
    trace("ended", code=code)
    return code


def refuse_to_start(argv: Sequence[str], error: ExpectedError) -> int:
    """Say why there is no window, also to who started it without a terminal; the exit code."""
    app = QApplication.instance() or QApplication(["pentimento", *argv])
    translation.install(app)
    print(f"pentimento: {error.message} {error.fix or ''}".rstrip(), file=sys.stderr, flush=True)
    parts = (text_of(error.message), text_of(error.fix))
    QMessageBox.critical(None, "Pentimento", "\n\n".join(filter(None, parts)))
    return REFUSED


def _peak_mb() -> float | None:
    """Most memory this process has held, MB; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def load_module(name: str, ticket: Ticket) -> None:
    """Import a module as an import statement does.

    PySide6 reads the source of every module at its first import statement, to learn whether it uses
    Qt's snake_case names; `importlib.import_module` would leave that to the UI thread.
    """
    del ticket
    __import__(name, fromlist=("__name__",))


def read_words(ticket: Ticket) -> None:
    """The first reading makes the tables of the vocabulary."""
    del ticket
    from editor.tone import names_scene, read

    read("warmer", has_selection=False, count=1)
    names_scene("warmer")


def read_icons(ticket: Ticket) -> None:
    """An icon that is first needed while typing or resizing must not be read then."""
    del ticket
    for name in icon_names():
        icon_source(name)


class _Heart:
    """Measures the event loop: the longest gap of each second goes into the trace."""

    def __init__(self) -> None:
        import os

        self._clock = QElapsedTimer()
        self._longest = 0
        self._timer = QTimer()
        if not os.environ.get("PENTIMENTO_TRACE"):
            return  # the window idles at 0 % CPU
        self._timer.setInterval(HEARTBEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._second = time.monotonic()
        self._clock.start()
        self._timer.start()

    def _beat(self) -> None:
        self._longest = max(self._longest, self._clock.restart())
        if time.monotonic() - self._second >= 1:
            trace("loop_gap", ms=self._longest)
            self._longest, self._second = 0, time.monotonic()

    def stop(self) -> None:
        """No more beats."""
        self._timer.stop()


def screenshot(path: Path, size: tuple[int, int] = (1440, 900)) -> None:
    """Draw the window with the document it would start with, and save it as PNG (offscreen)."""
    program = Program([])
    program.window.resize(*size)
    program.window.show()
    program.open_last()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        program.app.processEvents()
        time.sleep(0.01)
        if program.session.image is not None and program.window.regions.stage.is_drawn:
            break
    for _ in range(30):
        program.app.processEvents()
        time.sleep(0.01)
    program.window.grab().save(str(path))
    program.window.close()
    program.close()


__all__ = ["Program", "run", "screenshot"]
