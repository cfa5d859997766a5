"""Records again what the program does: `python -m tests.characterisation.record [PART or NAME]...`.

PART is `commands` or `documents`, NAME that of one expectation; without any, everything.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PENTIMENTO_NO_WARMUP"] = "1"

from tests.characterisation import comparing
from tests.characterisation.commands.cases import CASES
from tests.characterisation.documents import store, telling
from tests.characterisation.running import ran

HERE = Path(__file__).parent


def main(wanted: list[str]) -> None:
    """Write the expectations of what is wanted; those of cases that are gone go too."""
    for case in CASES:
        if not wanted or {"commands", case.name} & set(wanted):
            with tempfile.TemporaryDirectory() as folder:
                found = ran(case, Path(folder) / "run")
            _keep("commands", case.name, found)
    for name in store.names():
        if not wanted or {"documents", name} & set(wanted):
            with tempfile.TemporaryDirectory() as folder:
                told = telling.told(name, Path(folder))
            _keep("documents", name, comparing.masked(told, {folder: "<here>"}))
    known = {"commands": {case.name for case in CASES}, "documents": set(store.names())}
    for part, names in known.items():
        for file in (HERE / part / "expected").glob("*.json"):
            if file.stem not in names:
                file.unlink()


def _keep(part: str, name: str, found: object) -> None:
    file = HERE / part / "expected" / f"{name}.json"
    before = file.read_text("utf-8") if file.exists() else ""
    comparing.write(file, found)
    if file.read_text("utf-8") != before:
        print(f"{part}/{name}: {'changed' if before else 'new'}")


if __name__ == "__main__":
    main(sys.argv[1:])
