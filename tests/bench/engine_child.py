"""The engine child as the program starts it, importing the heavy packages while it serves.

Stands in for loading a model, of which this machine has none: the same imports in the same process.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from inference.ipc.child import main
from tests.bench import heavy


def work() -> None:
    """Import, then say so in the working folder, which is the program's home."""
    heavy.import_pipeline()
    Path("imported").touch()


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    sys.exit(main())
