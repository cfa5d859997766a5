"""The one place where these tests touch the program: where modules and classes get other names,
only this file follows them.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPointF, QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.canvas.display_tiles import WORKER
from app.runtime import paths
from app.runtime.inference_thread import InferenceThread
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session import open_document as opening
from app.session.session import Session
from app.theme.theme import look
from app.window.main_window import Window
from app.window.state_probe import StateProbe
from editor.storage.document import Document
from tests.characterisation.window.desk import Desk
from tests.characterisation.window.engines import InProcess, RealEngine
from tests.characterisation.window.timing import Clock


class CountedPool(ThreadPool):
    """The window's worker thread, which tells how much was asked of it."""

    asked = 0

    def run(self, *args: Any, **options: Any) -> Any:
        self.asked += 1
        return super().run(*args, **options)


class Driver:
    """The real window with the real session, workers and document; time and engine in hand."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        *,
        models: str = "none",
        settings: dict[str, Any] | None = None,
        size: tuple[int, int] = (1440, 900),
        real: RealEngine | None = None,
    ) -> None:
        """Args: `models` is none, stub (a folder with nothing that loads) or starter."""
        self.folder = folder
        self.app = app()
        self.clock = Clock()
        self.clock.install(monkeypatch)
        self._changes = 0
        self._probes = 0
        self._full: Document | None = None
        self._holder: subprocess.Popen[str] | None = None
        self.errors: list[str] = []
        """Exceptions that reached the event loop: mistakes of the program."""
        monkeypatch.setattr(sys, "excepthook", self._unexpected)
        self.asked: list[str] = []
        """What the system's file chooser was asked for."""
        self.answers: list[str] = []
        gc.disable()  # as the program does: cycles are collected on this thread alone
        self._models(models, monkeypatch)
        self._answer_choosers(monkeypatch)
        QLocale.setDefault(QLocale.c())
        QGuiApplication.clipboard().clear()
        chosen = {"theme": "dark", "motion": "off", "starter_card_seen": True}
        file = paths.settings_file()
        file.write_text(json.dumps(chosen | (settings or {})), "utf-8")
        self.settings = Settings(file)
        look().set_choice(self.settings["theme"])
        look().set_text_scale(1.0)
        look().set_motion(False)
        self.work = CountedPool(1)
        self.engine: Desk = InProcess(paths.models()) if real is None else real.desk()
        self.session = Session(self.engine, self.work, self.settings)
        self._durable: list[Callable[[], object]] = []
        self._hold_durable()
        self.session.changed.connect(self._count)
        self.window: QWidget = Window(self.session, self.settings, paths.home() / "thumbnails")
        self._window: Any = self.window
        self._probe: Any = StateProbe(self._window)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()

    def _unexpected(self, kind: type[BaseException], error: BaseException, _: object) -> None:
        """As the program does: it is said in the window."""
        self.errors.append(kind.__name__)
        self.session.messages.fail(error)

    # --- what is seen ---------------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """The program's own probe, and what it leaves out: selection, brush, the very pixels."""
        found: dict[str, Any] = dict(self._probe._facts())
        image, selection = self.session.image, self.session.view.selection
        brush = self._window.regions.stage.canvas.tools.brush
        found["image"] = image.pixel_digest if image is not None else ""
        found["brush"] = [round(brush.size, 2), round(brush.hardness, 2)]
        found["fade"] = round(self.session.view.opacity, 2)
        found["selected"] = ""
        if selection is not None:
            box, share = selection.bounds, float(selection.array().mean()) / 255
            place = f"{box.width} by {box.height} at {box.x}, {box.y}"
            found["selected"] = f"{place}, {100 * share:.1f} % of the picture"
        return found

    def place(self, x: float, y: float) -> QPointF:
        """Where a pixel of the picture is on the canvas."""
        left, top, zoom = self.facts()["picture"]
        corner = self.canvas.mapToGlobal(QPointF(0, 0))
        return QPointF(left + x * zoom, top + y * zoom) - corner

    @property
    def canvas(self) -> QWidget:
        found: QWidget | None = self.window.findChild(QWidget, "canvas")
        assert found is not None
        return found

    def saved_settings(self) -> dict[str, Any]:
        """The artist's settings on the disk, without what differs from machine to machine."""
        found: dict[str, Any] = json.loads(paths.settings_file().read_text("utf-8"))
        left_out = ("geometry", "last_document", "live_seconds", "method_seconds", "side_width")
        return {name: value for name, value in found.items() if name not in left_out}

    def files(self) -> list[str]:
        """Files beside the pictures: what was written by hand."""
        found = [f.name for f in self.folder.iterdir() if f.is_file()]
        return sorted(n for n in found if n[0] != "." and not n.endswith(("-wal", "-shm")))

    # --- coming to rest -------------------------------------------------------------------------

    def _count(self, _: object) -> None:
        self._changes += 1

    def settle(self) -> None:
        """Until nothing is under way: events, workers, disk, engine, then the window's timers."""
        with self._saying_what("rest"):
            while True:
                while self._round():
                    pass
                if not self.clock.fire_next() and not self._round():
                    return

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Until the probe says so; no timer of the window fires meanwhile."""
        with self._saying_what("what a step names"):
            while not holds(self.facts()):
                self._round()

    def let_pass(self, seconds: float) -> None:
        """So much time goes by, and what waited for it happens."""
        late = self.clock.long_now + 1000 * seconds
        while self.clock.fire_next(upto_ms=late):
            self.settle()
        self.clock.pass_to(late)
        self.settle()

    @contextmanager
    def _saying_what(self, awaited: str) -> Iterator[None]:
        """What never comes is ended by the hang guard of the suite; this says what it was."""
        try:
            yield
        except BaseException as error:
            facts = f"{self._state()}, {self.facts()}"
            error.add_note(f"waited for {awaited}: engine {self.engine.under_way}, {facts}")
            raise

    def _state(self) -> tuple[int, ...]:
        return (self._changes, self.work.asked - self._probes, self.clock.started, self.engine.told)

    def _round(self) -> bool:
        """One round of everything that works by itself; whether anything happened."""
        before = self._state()
        document = self.session.document
        if document is not None:
            document.flush()
        self._drain()
        moved = self._deliver_durable() or self.engine.turn()
        self._events()
        moved |= self._tiles_come()
        self._events()  # what they bring
        moved |= self._tiles_come()
        return moved or self._state() != before or self.engine.is_busy

    def _hold_durable(self) -> None:
        """Have what waits for the disk wait for the workers too: disk and workers race."""
        when_durable = self.session.binding.when_durable

        def held(future: Future[None], then: Callable[[], object]) -> None:
            when_durable(future, lambda: self._durable.append(then))

        self.session.binding.when_durable = held  # type: ignore[method-assign]

    def _deliver_durable(self) -> bool:
        waiting, self._durable = self._durable, []
        for then in waiting:
            then()
        return bool(waiting)

    @staticmethod
    def _tiles_come() -> bool:
        """Wait for the tiles that the canvas asked for; whether there were any."""
        idle = WORKER.wait_idle(0)
        WORKER.wait_idle()
        return not idle

    def _events(self) -> None:
        self.app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()

    def _drain(self) -> None:
        """Until the workers have done and delivered what was asked of them before this."""
        done: list[None] = []
        self._probes += 1
        self.work.run(lambda ticket: None, done.append, None, 99)
        while not done:
            self._events()
            QThread.usleep(200)

    # --- files and documents --------------------------------------------------------------------

    def open(self, name: str) -> None:
        """A file as it is given on the command line."""
        self._window.controllers.file.open_path(self.folder / name)

    def hold(self, name: str) -> None:
        """Another program has this document open."""
        code = (
            f"import sys; from pathlib import Path; from {Document.__module__} import Document\n"
            "d = Document.open(Path(sys.argv[1])); print(d.read_only, flush=True)\n"
            "sys.stdin.read(); d.close()"
        )
        self._holder = subprocess.Popen(
            [sys.executable, "-c", code, str(self.folder / name)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[3],
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline().strip() == "False"

    def fill_disk(self) -> None:
        """The disk has no room for the open document any more, and something waits for some."""
        self._limit(self.session.document, "used")
        document = self._full = self.session.document
        assert document is not None
        for number in range(1000):
            document.dismiss(f"{number} " + "words" * 400)
            if number % 20 == 19 and not document.flush():
                return
        raise AssertionError("the disk does not get full")

    def free_disk(self) -> None:
        """There is room again."""
        self._limit(self._full, "1073741823")
        self._full = None

    def _limit(self, document: Document | None, pages: str) -> None:
        assert document is not None
        writer: Any = document._writer

        def limit() -> None:
            if writer.connection is None:
                return
            used = writer.connection.execute("PRAGMA page_count").fetchone()[0]
            most = used if pages == "used" else pages
            writer.connection.execute(f"PRAGMA max_page_count={most}")

        writer.call(limit).result()

    def _models(self, models: str, monkeypatch: pytest.MonkeyPatch) -> None:
        if models == "starter":
            monkeypatch.delenv("PENTIMENTO_MODELS")
        elif models == "stub":
            (self.folder / "stub-models" / "nothing").mkdir(parents=True)
            monkeypatch.setenv("PENTIMENTO_MODELS", str(self.folder / "stub-models"))

    def _answer_choosers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def answer(_: object, title: str, start: str = "", kinds: str = "") -> tuple[str, str]:
            self.asked.append(f"{title}: {start}, {kinds}")
            name = self.answers.pop(0) if self.answers else ""
            return (str(self.folder / name) if name else "", "")

        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, staticmethod(answer))

    # --- the end --------------------------------------------------------------------------------

    def close(self) -> None:
        """Close window, threads and document."""
        if self._holder is not None:
            self._holder.communicate()
        if self._full is not None:  # else it could not be closed
            full = self._full
            self.free_disk()
            full.retry()
        self.window.close()
        self.engine.close()
        self.work.close()
        self.clock.forget()
        self.window.deleteLater()
        self._window = self._probe = None
        self._events()
        gc.enable()
        look().set_choice("dark")
        look().set_motion(None)


def app() -> QApplication:
    """The one application."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def start_real(folder: Path, *, models: bool) -> RealEngine:
    """The engine in its child process, shared by several sessions."""
    starter = Path(__file__).resolve().parents[3] / "resources" / "models" / "starter"
    os.environ.setdefault("PENTIMENTO_NO_WARMUP", "1")
    engine = RealEngine(InferenceThread(folder, (starter,) if models else ()))
    while engine.ready is None:
        app().processEvents()
        QThread.msleep(1)
    return engine


def ramp(width: int, height: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A picture with dark and light, warm and cool parts; the same on every machine."""
    across = np.linspace(20, 215, width).astype(np.uint8)
    down = np.linspace(40, 190, height).astype(np.uint8)
    made = np.empty((height, width, 3), np.uint8)
    made[:, :, 0], made[:, :, 1] = across[None, :], down[:, None]
    made[:, :, 2] = (across[None, ::-1] // 2) + (down[:, None] // 4)
    return made


def make_pictures(folder: Path) -> None:
    """The files that sessions open."""
    Pillow.fromarray(ramp(320, 240)).save(folder / "ramp.png")
    Pillow.fromarray(ramp(200, 280)).save(folder / "tall.png")
    Pillow.fromarray(ramp(240, 160)[:, :, 0]).save(folder / "grey.tif")
    Pillow.fromarray(ramp(320, 240)).save(folder / "small.jpg", quality=90)
    sample = opening.samples()[0].file  # under its own name: the program knows what it shows
    with Pillow.open(sample) as opened:
        opened.resize((128, 128)).save(folder / sample.name)
    (folder / "broken.png").write_bytes(b"\x89PNG no picture")
    (folder / "words.txt").write_text("no picture", "utf-8")
