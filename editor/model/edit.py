from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from editor.messages import Message, verbatim
from editor.model.image import DIGEST_BYTES
from editor.model.model_ref import ModelRef
from editor.model.patch import Patch, SettingValues
from editor.model.prompt_edit.prompt_edit import EditKind, PromptEdit, prompt_edit


@dataclass(frozen=True)
class Instruction:
    """What the artist asks: the words, and the captions before and after.

    *Complete* once `prepare` has filled the prompts that the artist left open; methods that
    need no captions (`adjust`) count as complete with the words alone.
    """

    text: str
    source_prompt: str = ""
    target_prompt: str = ""


@dataclass(frozen=True)
class Suggestion:
    """What could be said next.

    Attributes:
        instruction: complete: the words, the caption as it is and as it would be.
        edit: the typed difference of the two captions, always computed from them.
        reason: which word of the caption or step of the path it follows from.
    """

    instruction: Instruction
    edit: PromptEdit
    reason: Message

    @classmethod
    def of(
        cls, text: str, source_prompt: str, target_prompt: str, reason: Message | str
    ) -> Suggestion:
        """The suggestion, its type read from the two prompts; a reason in words stays as it is.

        The words begin with a capital: they are shown as they are put into the box.
        """
        difference = prompt_edit(source_prompt, target_prompt)
        why = verbatim(reason) if isinstance(reason, str) else reason
        words = Instruction(text[:1].upper() + text[1:], source_prompt, target_prompt)
        return cls(words, difference, why)

    @property
    def text(self) -> str:
        """The text of the chip and for the prompt box."""
        return self.instruction.text

    @property
    def kind(self) -> EditKind:
        """Insert, delete, swap, replace, or mixed."""
        return self.edit.kind


@dataclass(frozen=True)
class EditRequest:
    """Everything one result depends on, frozen; `key` is the digest of it all.

    Attributes:
        source_digest: pixel digest of the picture the edit starts from.
        selection_digest: digest of the coverage, or None for everywhere.
        instruction: complete.
        method: registry name, e.g. "adjust".
        method_version: raised whenever the method's pixels change.
        settings: sorted pairs; names are diffusers' where one exists.
        seed: of the request's own noise generator.
        work_size: (width, height) the model works at; (0, 0) for parametric methods, which act at
            full size, and for the model's own size, which follows from picture and weights.
        weights: digests of every weights file used, sorted.
        models: which models serve, by name and role; no part of the key, because `weights` say
            what the pixels depend on.
    """

    source_digest: str
    selection_digest: str | None
    instruction: Instruction
    method: str
    method_version: int
    settings: SettingValues = ()
    seed: int = 0
    work_size: tuple[int, int] = (0, 0)
    weights: tuple[str, ...] = ()
    models: tuple[ModelRef, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives the same request back."""
        values = self._key_values()
        if self.models:
            values["models"] = [model.to_json() for model in self.models]
        return values

    def _key_values(self) -> dict[str, Any]:
        """Everything the pixels depend on, as JSON values."""
        return {
            "source_digest": self.source_digest,
            "selection_digest": self.selection_digest,
            "instruction": {
                "text": self.instruction.text,
                "source_prompt": self.instruction.source_prompt,
                "target_prompt": self.instruction.target_prompt,
            },
            "method": self.method,
            "method_version": self.method_version,
            "settings": {k: list(v) if isinstance(v, tuple) else v for k, v in self.settings},
            "seed": self.seed,
            "work_size": list(self.work_size),
            "weights": list(self.weights),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> EditRequest:
        """The request written by `to_json`."""
        from editor.model.patch import settings_of

        width, height = values["work_size"]
        return cls(
            source_digest=values["source_digest"],
            selection_digest=values["selection_digest"],
            instruction=Instruction(**values["instruction"]),
            method=values["method"],
            method_version=values["method_version"],
            settings=settings_of(values["settings"]),
            seed=values["seed"],
            work_size=(width, height),
            weights=tuple(values["weights"]),
            models=tuple(map(ModelRef.from_json, values.get("models", ()))),
        )

    @property
    def key(self) -> str:
        """Hex BLAKE2b of the canonical JSON."""
        canonical = json.dumps(
            self._key_values(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.blake2b(
            b"pentimento-request-1" + canonical.encode(), digest_size=DIGEST_BYTES
        ).hexdigest()


@dataclass(frozen=True)
class Candidate:
    """One result: the request that asked for it and the patch that answers it.

    `recorded` holds what is kept beside the key: device, dtype, library versions, seconds.
    """

    request: EditRequest
    patch: Patch
    recorded: SettingValues = field(default=(), compare=False)

    @property
    def key(self) -> str:
        """The request's key."""
        return self.request.key
