"""A screen of its own with the real program on it, driven by mouse and keyboard.

Nothing here reaches into the program: keys and mouse go through X, what it did is read from the
trace (`PENTIMENTO_TRACE`) it writes, and from its document through the command line.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
from PIL import ImageGrab

from tests.end2end.network_recorder import recording

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "xdotool")
State = dict[str, Any]


class Ended(AssertionError):
    """The program ended while something was expected of it."""


def missing() -> str:
    """What this machine lacks to show a window, or ""."""
    if not sys.platform.startswith("linux"):
        return "drives an X display"
    lacking = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"needs {' and '.join(lacking)} (make env installs them)" if lacking else ""


class Desktop:
    """An X display with one window of the program at a time. A context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        size: tuple[int, int] = (1440, 900),
        scale: float = 1.0,
        settings: dict[str, Any] | None = None,
    ) -> None:
        """Args: `size` of screen and window in device pixels, `scale` as `QT_SCALE_FACTOR`."""
        self.folder, self.size = folder, size
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.trace_file = folder / "trace.jsonl"
        self.log = folder / "program.log"
        self._lines: list[dict[str, Any]] = []
        self._read = 0
        self._rest = b""
        self._mark = 0
        self.program: subprocess.Popen[bytes] | None = None
        self._window = ""
        # No movement: what is awaited is there at once, and pictures of it are the same each time.
        chosen = {
            "theme": "dark", "motion": "off", "starter_card_seen": True, "start_with": "last",
            **(settings or {}),
        }  # fmt: skip
        if not (self.home / "settings.json").exists():
            (self.home / "settings.json").write_text(json.dumps(chosen), "utf-8")
        self._screen = self._start_screen()
        self.env = {
            **os.environ,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(scale),
            "PENTIMENTO_HOME": str(self.home),
            "PENTIMENTO_TRACE": str(self.trace_file),
            "PENTIMENTO_NO_WARMUP": "1",
            "PYTHONFAULTHANDLER": "1",  # a crash tells in the log where it was
            **recording(folder),
        }
        self.env.pop("WAYLAND_DISPLAY", None)
        self.env.pop("HF_HUB_OFFLINE", None)  # the program sets it

    def _start_screen(self) -> subprocess.Popen[bytes]:
        reading, writing = os.pipe()
        width, height = self.size
        screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            screen.wait()
            raise RuntimeError("Xvfb found no free display")
        self.display = f":{number}"
        return screen

    def __enter__(self) -> Desktop:
        return self

    def __exit__(self, *_: object) -> None:
        if self.program is not None and self.program.poll() is None:
            self.kill()
        self._screen.terminate()
        self._screen.wait()

    # --- the program --------------------------------------------------------------------------

    def start(self, file: Path | None = None) -> State:
        """Start the program; returns its first state with a picture on the canvas."""
        self._take_lines()
        self._mark = len(self._lines)
        with self.log.open("ab") as log:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "app", *([str(file)] if file is not None else [])],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )
        self.wait("window_usable")
        self._window = self._do(
            "search", "--sync", "--onlyvisible", "--name", "Pentimento"
        ).split()[0]
        self._do("windowmove", self._window, "0", "0")
        self._do("windowsize", self._window, *map(str, self.size))
        self.focus()
        return self.until(lambda s: s["drawn"] and s["pixels"], "a picture on the canvas")

    def focus(self) -> None:
        """Keys go to the window; without a window manager nobody else says so."""
        self._do("windowfocus", "--sync", self._window)

    @property
    def engine(self) -> psutil.Process | None:
        """The child with the engine, as far as the trace knows it."""
        for line in reversed(self.lines("engine_ready")):
            with contextlib.suppress(psutil.NoSuchProcess):
                return psutil.Process(line["pid"])
        return None

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.program is not None
        with contextlib.suppress(ProcessLookupError):
            self.program.send_signal(signal.SIGKILL)
        self.program.wait()

    def quit(self) -> int:
        """Ctrl+Q; returns the exit code."""
        assert self.program is not None
        self.key("ctrl+q")
        return self.program.wait()

    def children(self) -> list[psutil.Process]:
        """The program's children now."""
        assert self.program is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            return list(psutil.Process(self.program.pid).children(recursive=True))
        return []

    def run(self, *words: str | Path) -> str:
        """A command of the program, as typed in a terminal; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *map(str, words)],
            cwd=ROOT,
            env={**self.env, "PENTIMENTO_TRACE": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    # --- the trace ----------------------------------------------------------------------------

    def _take_lines(self) -> None:
        if not self.trace_file.exists():
            return
        with self.trace_file.open("rb") as file:
            file.seek(self._read)
            fresh = file.read()
        self._read += len(fresh)
        whole, _, self._rest = (self._rest + fresh).rpartition(b"\n")
        for line in whole.split(b"\n"):
            with contextlib.suppress(ValueError):  # a killed program's last line may be half a line
                self._lines.append(json.loads(line))

    def lines(self, what: str = "", *, ever: bool = False) -> list[dict[str, Any]]:
        """Trace lines of this start (or of all starts)."""
        self._take_lines()
        found = self._lines if ever else self._lines[self._mark :]
        return [line for line in found if what in ("", line["what"])]

    @property
    def state(self) -> State:
        """The window as it said last."""
        return next(reversed(self.lines("state")), {})

    def wait(self, what: str, *, after: int = 0) -> dict[str, Any]:
        """Wait for the trace line number `after` (0 = first) of this start; returns it."""
        line: dict[str, Any] = self._poll(
            lambda: next(iter(self.lines(what)[after:]), None), f"“{what}” in the trace"
        )
        return line

    def until(self, holds: Callable[[State], Any], what: str) -> State:
        """Wait until the window's state holds; returns that state."""

        def look() -> State | None:
            state = self.state
            return state if state and holds(state) else None

        return self._poll(look, what)

    def _poll(self, look: Callable[[], Any], what: str) -> Any:
        """Look until there is something. Only the hang guard of the suite limits it."""
        try:
            while not (found := look()):
                assert self.program is not None
                if self.program.poll() is not None:
                    raise Ended(f"ended while waiting for {what}; {self._complaint()}")
                time.sleep(0.02)
        except Ended:
            raise
        except BaseException as error:  # the hang guard: say what did not come
            error.add_note(f"waited for {what}; {self._complaint()}")
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                self.shot(self.folder / "stuck.png")
            raise
        return found

    def _complaint(self) -> str:
        log = self.log.read_text("utf-8", "replace")[-1500:] if self.log.exists() else ""
        return f"last state {self.state}; it said: {log}"

    # --- mouse and keyboard -------------------------------------------------------------------

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def key(self, *keys: str) -> None:
        """Press keys in xdotool's names: "ctrl+z", "Return", "2"."""
        self._do("key", "--delay", "15", *keys)

    def type(self, text: str) -> None:
        """Type words."""
        self._do("type", "--delay", "8", text)

    def say(self, text: str) -> None:
        """Put words into the prompt box, whatever stood there, and press Enter."""
        self.key("ctrl+l")
        self.until(lambda s: "prompt" in s["focus"], "caret in the box")
        self.key("ctrl+a")
        self.type(text)
        self.until(lambda s: s["words"] == text, f"“{text}” in the box")
        self.key("Return")

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Where a pixel of the picture is on the screen."""
        left, top, zoom = self.state["picture"]
        return round(left + x * zoom), round(top + y * zoom)

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        """Press at the first point (in picture pixels), move through the others, let go."""
        places = [self.place(*p) for p in points]
        words = ["mousemove", *map(str, places[0]), "mousedown", "1"]
        for (x0, y0), (x1, y1) in itertools.pairwise(places):
            for step in range(1, 7):
                x, y = x0 + (x1 - x0) * step // 6, y0 + (y1 - y0) * step // 6
                words += ["mousemove", str(x), str(y), "sleep", "0.01"]
        self._do(*words, "mouseup", "1")

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a point of the screen."""
        self._do("mousemove", str(x), str(y), "click", str(button))

    def wheel(self, x: int, y: int, notches: int) -> None:
        """Turn the wheel up at a point of the screen."""
        self._do("mousemove", str(x), str(y), "click", "--repeat", str(notches), "4")

    def away(self) -> None:
        """Pointer out of everything's way."""
        self._do("mousemove", str(self.size[0] - 2), str(self.size[1] - 2))

    def shot(self, path: Path) -> Path:
        """A picture of the screen, PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        ImageGrab.grab(xdisplay=self.display).save(path)
        return path
