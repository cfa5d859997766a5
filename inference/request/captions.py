from __future__ import annotations

from editor.errors import NotUnderstood


class CaptionsMissing(NotUnderstood):
    """A method needs to know what the picture shows before and after the edit."""

    kind = "captions_missing"
