"""A page to judge the window by: every state in every theme and size, beside the mock-ups.

    python -m tests.review.run [OUT]

Drawn offscreen by the real program with the real engine. The mock-ups are linked where they lie
(`../shared/ux`), not copied; without them the page shows the window alone.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.theme.theme import ThemeChoice
    from app.window.program import Program

ROOT = Path(__file__).resolve().parents[2]
MOCK_UPS = ROOT.parent / "shared" / "ux"
THEMES: tuple[ThemeChoice, ...] = ("dark", "light", "high-contrast")
SIZES = {
    1: ((1440, 900), (1024, 700), (860, 640), (600, 440), (480, 300)),
    2: ((1440, 900), (1024, 700), (720, 450)),
}
"""Logical sizes for each scaling; 720 × 450 at 200 % is a screen of 1440 × 900."""
IN_THE_DRAWER = ("results", "why", "history", "page")
"""States that are seen in the side column, where it is a drawer."""
WIDGETS = "widgets"
"""Folder of the widget gallery, beside the pictures of the window."""
SMALLEST = (1024, 700)
"""Windows smaller than this are drawn in the dark theme only."""

STATES = {
    "first": ("First run", "5-first-run-light.png"),
    "results": ("Results in ranking order", "1-results-dark.png"),
    "why": ("Why this order", "6-small-dark.png"),
    "compare": ("Two results, one zoom", "3-compare-light.png"),
    "all": ("All results", ""),
    "changes": ("Changes", ""),
    "selection": ("A selection", "2-running-dark.png"),
    "running": ("Running", "2-running-dark.png"),
    "history": ("A branch in the history", "4-history-dark.png"),
    "message": ("Words it does not know", ""),
    "page": ("A page over the column", ""),
    "empty": ("Nothing open", ""),
}


def main(words: list[str]) -> int:
    if words[:1] == ["--draw"]:
        draw(Path(words[1]), int(words[2]))
        return 0
    out = Path(words[0] if words else ROOT / "build" / "review").resolve()
    out.mkdir(parents=True, exist_ok=True)
    for scale in SIZES:
        with tempfile.TemporaryDirectory() as home:
            subprocess.run(
                [sys.executable, __file__, "--draw", str(out), str(scale)],
                cwd=ROOT,
                check=True,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "QT_QPA_PLATFORM": "offscreen",
                    "QT_SCALE_FACTOR": str(scale),
                    "PENTIMENTO_HOME": home,
                    "PENTIMENTO_NO_WARMUP": "1",
                },
            )
    subprocess.run(
        [sys.executable, "-m", "tests.review.gallery", str(out / WIDGETS), "--scale", "1"],
        cwd=ROOT,
        check=True,
    )
    page = out / "index.html"
    page.write_text(page_of(out), "utf-8")
    print(page)
    return 0


# --- drawing ------------------------------------------------------------------------------------


def draw(out: Path, scale: int) -> None:
    """Bring the program into each state once, and picture it in every size and theme."""
    from app.window.program import Program

    settings = {"motion": "off", "theme": "dark"}
    home = Path(os.environ["PENTIMENTO_HOME"])
    (home / "settings.json").write_text(json.dumps(settings), "utf-8")
    program = Program([])
    program.window.resize(1440, 900)
    program.window.show()
    program.open_last()
    program.engine.start()
    try:
        for name in steps(program):
            started = time.monotonic()
            picture(program, name, out, scale)
            print(f"{name} at {scale}00 %: {time.monotonic() - started:.1f} s", flush=True)
    finally:
        program.window.close()
        program.close()


def wait(program: Program, holds: Callable[[], Any], seconds: float = 120) -> None:
    """Let the program go on until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the program does not get there"
        program.app.processEvents()
        time.sleep(0.005)


def settle(program: Program, ms: int = 80) -> None:
    """Until nothing more is drawn: for a moment, and long enough for layouts to follow."""
    end = time.monotonic() + ms / 1000
    rounds = 0
    while time.monotonic() < end or rounds < 25:
        program.app.processEvents()
        time.sleep(0.004)
        rounds += 1


def steps(program: Program) -> Iterable[str]:
    """Bring the window into each state of `STATES`, in this order."""
    from app.session.results import ResultsStage
    from editor.model.rect import Rect
    from editor.model.selection import Selection

    session, window, controllers = program.session, program.window, program.window.controllers
    prompt = window.regions.prompt

    def say(text: str) -> None:
        prompt.box.set_text(text)
        prompt.run()

    def ranked() -> None:
        wait(program, lambda: session.results and session.results.stage is ResultsStage.RANKED)
        settle(program, 600)

    wait(program, lambda: window.regions.stage.is_drawn and session.image is not None)
    settle(program, 600)
    yield "first"
    say("warmer, and lift the shadows a little")
    ranked()
    yield "results"
    yield "why"
    window.shell.close_popover()
    session.view.look_at_number(2)
    window.regions.stage.set_view("side")
    yield "compare"
    window.regions.stage.set_view("all")
    yield "all"
    window.regions.stage.set_view("changes")
    settle(program, 600)
    yield "changes"
    window.regions.stage.set_view("picture")
    controllers.edit.keep()
    wait(program, lambda: session.document and len(session.document.history.nodes) == 2)
    wait(program, lambda: session.image is not None)
    session.undo()
    image = session.image
    assert image is not None
    part = Rect(image.width // 8, image.height // 6, image.width // 2, image.height // 2)
    session.view.set_selection(Selection.from_rect(part, image.width, image.height))
    window.action_set["tool_rectangle"].trigger()
    prompt.box.set_text("black and white with more contrast")
    settle(program, 700)
    yield "selection"
    prompt.run()
    wait(program, lambda: session.results and session.results.finished)
    yield "running"
    ranked()
    controllers.edit.keep()
    wait(program, lambda: session.document and len(session.document.history.nodes) == 3)
    wait(program, lambda: session.image is not None)
    session.view.set_selection(None)
    assert session.node is not None
    session.binding.star(session.node.id)
    settle(program, 400)
    window.regions.column.show_tab("history")
    yield "history"
    window.regions.column.show_tab("results")
    say("add a flock of birds")
    wait(program, lambda: session.messages.current is not None and not session.is_busy)
    yield "message"
    window.action_set["export"].trigger()
    yield "page"
    window.regions.side.close_page()
    controllers.file.close_document()
    settle(program, 300)
    yield "empty"


def picture(program: Program, state: str, out: Path, scale: int) -> None:
    """Picture the window as it is now, in all sizes and themes."""
    from app.theme.theme import look

    window = program.window
    for width, height in SIZES[scale]:
        window.resize(width, height)
        if window.responsive.is_drawer:
            window.responsive.show_side(state in IN_THE_DRAWER)
        if state == "why":
            window.shell.close_popover()
            settle(program)
            window.controllers.view.why()  # it goes when the window's size changes
        for theme in THEMES if (width, height) >= SMALLEST else THEMES[:1]:
            look().set_choice(theme)
            settle(program)
            window.grab().save(str(out / file_name(state, theme, (width, height), scale)))
    look().set_choice("dark")
    window.resize(1440, 900)
    settle(program)


def file_name(state: str, theme: str, size: tuple[int, int], scale: int) -> str:
    return f"{state}-{theme}-{size[0]}x{size[1]}-{scale}00.png"


# --- page ---------------------------------------------------------------------------------------

STYLE = """
body { background: #777; color: #fff; font: 14px/1.5 sans-serif; margin: 24px; }
h2 { margin: 48px 0 8px; } figure { margin: 0 16px 16px 0; display: inline-block; }
img { max-width: min(1440px, 96vw); display: block; } figcaption { padding: 4px 0; }
nav a { color: #fff; margin-right: 12px; }
"""


def page_of(out: Path) -> str:
    """The page, with every picture that is there."""
    parts = [f"<!doctype html><meta charset=utf-8><title>Pentimento</title><style>{STYLE}</style>"]
    links = "".join(f"<a href='#{s}'>{html.escape(t)}</a>" for s, (t, _) in STATES.items())
    parts.append(f"<h1>The window</h1><nav>{links}</nav>")
    for state, (title, mock_up) in STATES.items():
        parts.append(f"<h2 id='{state}'>{html.escape(title)}</h2>")
        drawn = MOCK_UPS / mock_up
        if mock_up and drawn.is_file():
            parts.append(_figure(Path(os.path.relpath(drawn, out)).as_posix(), "Mock-up", 1440))
        for scale, sizes in SIZES.items():
            for size in sizes:
                for theme in THEMES:
                    name = file_name(state, theme, size, scale)
                    if (out / name).is_file():
                        caption = f"{size[0]} × {size[1]}, {scale}00 %, {theme}"
                        parts.append(_figure(name, caption, size[0]))
    parts.append("<h2>Widgets</h2>")
    for drawn in sorted((out / WIDGETS).glob("*.png")):
        parts.append(_figure(f"{WIDGETS}/{drawn.name}", drawn.stem, 900))
    return "\n".join(parts)


def _figure(source: str, caption: str, width: int) -> str:
    return (
        f"<figure><a href='{source}'><img loading=lazy width={width} src='{source}' "
        f"alt='{html.escape(caption)}'></a><figcaption>{html.escape(caption)}</figcaption></figure>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
