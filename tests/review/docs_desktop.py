"""What the scenes of the guide's pictures share: a window with a picture, words, the screenshot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from app.session.open_document import samples
from tests.end2end.desktop import Desktop

LARGEST = 350_000


def sample(name: str) -> Path:
    return next(s.file for s in samples() if name in s.file.stem)


def results(desktop: Desktop, words: str) -> None:
    desktop.say(words)
    desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")


def keep(desktop: Desktop) -> None:
    nodes = desktop.state["nodes"]
    desktop.key("Return")
    desktop.until(lambda s: s["nodes"] > nodes and s["pixels"] and not s["words"], "a kept idea")


def picture(desktop: Desktop, where: Path, *, away: bool = True) -> None:
    """Take the screen once two pictures of it, a moment apart, are the same.

    A photograph's colours need JPEG, whose sharpness is enough for words at this quality.
    """
    if away:
        desktop.away()
    last = b""
    for _ in range(20):
        time.sleep(0.7)
        with Image.open(desktop.shot(desktop.folder / "now.png")) as seen:
            now = seen.convert("RGB")
        if now.tobytes() == last:
            break
        last = now.tobytes()
    where.parent.mkdir(parents=True, exist_ok=True)
    if where.suffix == ".jpg":
        now.save(where, quality=90, subsampling=0, optimize=True)
        print(where, where.stat().st_size)
        return
    for colours in (None, 256, 128):
        if colours is None:
            now.save(where, optimize=True)
        else:
            now.quantize(colours, dither=Image.Dither.NONE).save(where, optimize=True)
        if where.stat().st_size <= LARGEST:
            print(where, where.stat().st_size, colours)
            return
    raise SystemExit(f"{where} stays too large")


@contextmanager
def started(folder: Path, file: Path) -> Iterator[Desktop]:
    """The window with a picture, once the engine is up and has suggested."""
    with Desktop(folder) as desktop:
        desktop.start(file)
        desktop.wait("engine_ready")
        desktop.until(lambda s: s["suggestions"], "suggestions")
        yield desktop
