"""What every job has: an id, and a place in the queue."""

from __future__ import annotations

import enum
import secrets


def new_job_id() -> str:
    """A job id: 12 hex digits, unique without coordination."""
    return secrets.token_hex(6)


class Priority(enum.IntEnum):
    """Order of the queue; a running `PREVIEW` gives way to anything else at once."""

    EDIT = 0
    SUGGEST = 1
    PREVIEW = 2
