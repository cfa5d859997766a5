"""Entry of the child process that runs one step of a download (`child_process.run_step`)."""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

STEPS: Final = ("package", "hub_files", "hub_download", "convert")
"""Modules of `inference.models.downloads.steps`."""


class StepError(Exception):
    """A step cannot be carried out; the parent makes a sentence of the code.

    Attributes:
        code: one that `failures.failure` knows.
        values: what belongs into the sentence.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def main(words: Sequence[str]) -> int:
    """Run the step that `words` names; its values are the first line of standard input."""
    (name,) = words
    if name not in STEPS:
        raise ValueError(f"no such step: {name}")
    values = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, name="pentimento-parent-watch", daemon=True).start()
    step = importlib.import_module(f"inference.models.downloads.steps.{name}")
    try:
        say({"result": step.run(values)})
    except StepError as error:
        say({"failed": error.code, "values": error.values})
        return 1
    return 0


def say(line: Mapping[str, Any]) -> None:
    """One line to the parent."""
    print(json.dumps(dict(line)), flush=True)


def _end_with_parent() -> None:
    """The parent never writes more: its end of the pipe closes when it is gone."""
    # Not through `sys.stdin`, whose lock would be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    # The class of errors has to be the one that steps import.
    from inference.models.downloads.child import main as run

    sys.exit(run(sys.argv[1:]))
