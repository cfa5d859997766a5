from __future__ import annotations

VERSION = "0.1.0"
"""Of the program; a test holds it equal to `pyproject.toml`."""
