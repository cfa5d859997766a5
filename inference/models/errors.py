from __future__ import annotations

from editor.errors import ExpectedError


class ModelDamaged(ExpectedError):
    """A model's files are not what its config says; nothing was changed by trying."""

    kind = "model_damaged"
