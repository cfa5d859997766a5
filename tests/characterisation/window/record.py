"""Record the logs again: `python tests/characterisation/window/record.py [NAME ...]`.

Look at what `git diff` says about them before you commit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    chosen = ["-k", " or ".join(names)] if names else []
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(HERE), *chosen],
        env={**os.environ, "PENTIMENTO_RECORD": "1"},
        cwd=HERE.parents[2],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
