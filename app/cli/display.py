from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path


def missing_display() -> str:
    """Why no window can be shown here, in a sentence; empty if one can.

    Asked before Qt is imported: without a display Qt ends the process with a message that names
    the wrong reason.
    """
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local and not _listens(int(local.group(1))):
        return f"The display {display} does not answer."
    return ""


def _listens(number: int) -> bool:
    for address in (f"\0/tmp/.X11-unix/X{number}", str(Path("/tmp/.X11-unix") / f"X{number}")):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
