"""What the window does not load before its first paint: it would be waited for at every start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

LATER = (
    "cv2",
    "PIL",
    "sqlite3",
    "importlib.metadata",
    "editor.formats",
    "editor.render.color",
    "inference.models.store",
    "inference.diffusion.framing",
    "transformers",
    "torch",
)
LOADED = f"""
import json, sys
from app.window.program import Program
program = Program([])
program.window.show()
program.app.processEvents()
print(json.dumps([name for name in {LATER!r} if name in sys.modules]))
program.window.close()
program.close()
"""


def test_the_first_paint_loads_what_it_needs_and_no_more(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PENTIMENTO_HOME": str(tmp_path)},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
