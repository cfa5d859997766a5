from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class ModelRef:
    """Which model served in making a result.

    It stays the same when the model's folder moves: what decides is the family and the digest of
    the weights, and the name is for people.

    Attributes:
        role: what the model did, such as "instruct_pix2pix" or "captioner".
        id: its name.
        family: name of its kind, such as "stable-diffusion".
        digest: of its weights, hex.
    """

    role: str
    id: str
    family: str
    digest: str

    def to_json(self) -> dict[str, str]:
        """Plain values; `from_json` gives the same reference back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> ModelRef:
        """The reference written by `to_json`.

        Raises:
            ValueError: a value is no text, or too long for a name.
            TypeError, KeyError: it is no such thing.
        """
        texts = {field.name: values[field.name] for field in fields(cls)}
        if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts.values()):
            raise ValueError("no reference to a model")
        return cls(**texts)


_LONGEST = 1024
