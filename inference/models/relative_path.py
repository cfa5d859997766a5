from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath


def stays_inside(path: str) -> bool:
    """True for a relative path with "/" that leads out of its folder on no system."""
    parts = PurePosixPath(path)
    leads_out = parts.is_absolute() or ".." in parts.parts
    return not leads_out and "\\" not in path and not PureWindowsPath(path).drive
