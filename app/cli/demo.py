from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.cli import edit
from app.cli.commands import parser
from app.cli.output import guarded, say
from app.runtime import paths
from editor.display_name import display_name
from editor.errors import UnsupportedImage

TONE = "warmer, and lift the shadows a little"
REPAINT = "make it night"
_SCREENSHOT_LIMIT = 120


def run(words: Sequence[str], why: str) -> int:
    """What `make run` does without a display: the same job, in the terminal.

    Args:
        words: the arguments of the window; a picture's name is edited instead of the sample.
        why: the sentence that says why there is no window.
    """
    return guarded(lambda: _run(words, why), as_json=False)


def _run(words: Sequence[str], why: str) -> int:
    say(f"{why} So this does in the terminal what the window would do.")
    say("For the window: start it on a desktop, or under a virtual display.\n")
    names = [word for word in words if not word.startswith("-")]
    source = Path(names[0]) if names else sample()
    words_for_it = REPAINT if not names and _repaints() else TONE
    folder = paths.home() / "demo"
    say(f"Picture: {display_name(source)}")
    say(f"Instruction: “{words_for_it}”")
    args = parser("edit").parse_args(["edit", str(source), words_for_it, "-o", str(folder)])
    code = edit.run(args)
    say(f"Contact sheet: {folder / 'sheet.png'}")
    shot = screenshot(paths.home() / "window.png")
    say(f"The window: {shot}" if shot else "The window could not be drawn here.")
    say('\nNow your own: pentimento edit IMAGE "what should change" -o FOLDER')
    return code


def _repaints() -> bool:
    """True if the models that are there repaint the sample; any picture's tone is sure."""
    from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
    from inference.models.store import ModelStore

    return not ModelStore(paths.models()).missing(INSTRUCT_PIX2PIX)


def sample() -> Path:
    """The first picture that comes with the program."""
    from app.session.open_document import samples

    found = samples()
    if found:
        return found[0].file
    raise UnsupportedImage(
        "No sample picture is installed.", "Name a picture: pentimento FILE, or install again."
    )


def screenshot(path: Path) -> Path | None:
    """A picture of the window, drawn off screen in another process; None if that fails.

    Another process, so that the terminal job itself never loads Qt.
    """
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable] if frozen else [sys.executable, "-m", "app"]
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join(
        [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    began = time.time()
    try:
        # A home of its own: drawing the window must not leave an untitled document behind.
        with tempfile.TemporaryDirectory(prefix="pentimento-") as own:
            subprocess.run(
                [*command, "--screenshot", str(path)],
                env={**environment, "PENTIMENTO_HOME": own},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SCREENSHOT_LIMIT,
                check=True,
            )
    except (OSError, subprocess.SubprocessError):
        return None
    fresh = path.is_file() and path.stat().st_mtime >= began - 2
    return path if fresh else None
