"""LoRAs of language models that come with the program (Hu et al. 2022), one for each use.

Several belong to one model. They lie over its layers only while they are used, so that the model is
held once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from inference.models.found_model import FoundModel
    from inference.models.loaded import LoadedLanguage
    from inference.models.lora import LowRank

AdapterUse = Literal["suggest", "ideas", "rewrite"]
"""What a LoRA was trained for."""

WEIGHTS: Final = "adapter_model.safetensors"


@dataclass(frozen=True)
class LanguageAdapter:
    """A LoRA, as `pentimento train ... --tune lora` writes it.

    Attributes:
        folder: with the weights, peft's config and the facts; shipped ones have a licence and a
            data card too.
        facts: name of the file there that says which model it belongs to ("base", an id, and
            perhaps "sha256", of its weights) and which lines it was trained on.
        lines_key: of the config that says the latter of a model that was trained as a whole.
        facts_key: of the facts that says it.
    """

    folder: Path
    facts: str
    lines_key: str
    facts_key: str = "lines"

    def read_facts(self) -> Mapping[str, Any]:
        """What stands beside the weights."""
        values: Mapping[str, Any] = json.loads((self.folder / self.facts).read_text("utf-8"))
        return values

    def belongs_to(self, model: FoundModel) -> bool:
        """Whether it was trained for this model, known by its id without the owner's name."""
        facts = self.read_facts()
        name = model.id.rpartition("/")[2]
        if name.casefold() != str(facts["base"]).casefold():
            return False
        # Common names belong to many models, and one that was trained anew is another one.
        return "sha256" not in facts or [facts["sha256"]] == [*map(_sha256, model.weights)]


_SHIPPED: Final = Path(str(resources.files("resources"))) / "adapters"

ADAPTERS: Final[Mapping[AdapterUse, tuple[LanguageAdapter, ...]]] = {
    "suggest": (
        LanguageAdapter(_SHIPPED / "smollm2-135m-suggest", "suggest.json", "suggest_lines"),
    ),
    "ideas": (
        LanguageAdapter(_SHIPPED / "starter-ideas", "captions.json", "caption_form", "form"),
        LanguageAdapter(_SHIPPED / "smollm2-135m-ideas", "captions.json", "caption_form", "form"),
    ),
    "rewrite": (LanguageAdapter(_SHIPPED / "smollm2-135m-rewrite", "chat.json", "chat_lines"),),
}
"""The LoRAs for each use, one for each model at most."""


def adapter_for(model: FoundModel, use: AdapterUse) -> LanguageAdapter | None:
    """The LoRA of a model for a use; None if there is none."""
    return next((one for one in ADAPTERS[use] if one.belongs_to(model)), None)


@contextmanager
def adapted(language: LoadedLanguage, use: AdapterUse) -> Iterator[bool]:
    """Within this context the model computes with its LoRA for a use and its config says so.

    up(down(x)) · alpha / rank is added to what each layer gives; the weights stay as they are, and
    so do the results of the model afterwards.

    Args:
        language: loaded; another adapter may not be in use.
        use: what it is to do.

    Yields:
        Whether there is such a LoRA; without one nothing is changed.

    Raises:
        LoraUnfit: the model has the right id and other layers.
    """
    adapter = adapter_for(language.found, use)
    if adapter is None:
        yield False
        return
    from inference.models.lora import changed_layers, hooked

    tensors, alphas = _weights(adapter.folder / WEIGHTS)
    # Where `lora_key` puts keys that name no part, and those of GPT-2 ("transformer.h.0...").
    networks = {
        "unet": language.model,
        "transformer": getattr(language.model, "transformer", None),
    }
    alphas = dict.fromkeys(networks, alphas["unet"])
    changes: list[tuple[Any, LowRank]] = changed_layers(
        language.found.id, networks, adapter.folder / WEIGHTS, tensors, alphas
    )
    config = language.model.config
    with ExitStack() as stack:
        for layer, change in changes:
            stack.callback(hooked(layer, change, 1.0).remove)
        before = getattr(config, adapter.lines_key, None)
        stack.callback(_put_back, config, adapter.lines_key, before)
        setattr(config, adapter.lines_key, adapter.read_facts()[adapter.facts_key])
        yield True


def _put_back(config: Any, key: str, value: Any) -> None:
    if value is None:
        delattr(config, key)
    else:
        setattr(config, key, value)


def _sha256(file: Path) -> str:
    facts = file.stat()
    return _sha256_of(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=8)
def _sha256_of(file: Path, changed: int, size: int) -> str:
    """Of a file's bytes, in hex; read again where it was changed or has another size."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@lru_cache(maxsize=4)
def _weights(file: Path) -> tuple[Mapping[str, Any], Mapping[str, float]]:
    """The tensors of a file by key, and alpha by part."""
    from inference.models.lora_file import read_lora

    return read_lora(file)
