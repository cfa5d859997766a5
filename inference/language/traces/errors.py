from __future__ import annotations

from editor.errors import ExpectedError


class BadTraces(ExpectedError):
    """The file or folder holds no traces, or they have another form."""

    kind = "bad_traces"
