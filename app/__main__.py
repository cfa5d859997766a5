"""The one entry of the program: window, command line, engine child, self-test."""

import os

# Before any import that could read them: nothing reaches out to a hub or reports home.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    from app.runtime.standard_streams import open_missing_streams

    open_missing_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    first = words[0] if words else ""
    if first == "--engine":
        from inference.ipc.child import main as engine

        return engine(words)
    if first == "--download-step":
        from inference.models.downloads.child import main as download_step

        return download_step(words[1:])
    if first == "--selftest":
        from app.cli.selftest import run as selftest

        return selftest()
    if first == "--screenshot" and len(words) == 2:  # what the terminal's demo starts
        from app.window.program import screenshot

        screenshot(Path(words[1]))
        return 0
    from app.cli.commands import COMMANDS

    if first in COMMANDS or first in ("-h", "--help", "--version"):
        from app.cli.commands import main as command

        return command(words)
    if _is_word(first) and not Path(first).exists():
        from app.cli.commands import refuse_unknown

        return refuse_unknown(words)
    if first.startswith("-") and first != "--startup-report":
        from app.cli.output import USAGE, say

        say(f"pentimento: unknown option {first}. See pentimento --help.", error=True)
        return USAGE
    from app.cli.display import missing_display

    missing = missing_display()
    if missing:
        from app.cli.demo import run as demo

        return demo(words, missing)
    from app.window.program import run as window

    return int(window(words))


def _is_word(text: str) -> bool:
    """True for what a mistyped command looks like; a file to open has a suffix or a folder."""
    return text.replace("-", "").isalpha() and not text.startswith("-")


if __name__ == "__main__":
    # First of all: without it a frozen child starts the whole program again, without end.
    multiprocessing.freeze_support()
    sys.exit(main())
