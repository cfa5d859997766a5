"""Language models that write prompts about concepts, each asked in its own form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from inference.lab.evaluation.arm_digest import NoArm
from inference.lab.finetune.captions import FACTS
from inference.lab.finetune.language_lora import merged_lora
from inference.lab.finetune.run_recipe import load_causal_language
from inference.lab.finetune.tuning_language import TuningLanguage
from inference.language.caption_tags import FORM_KEY, has_tags

CONTINUED: Final = "continued"
"""Said after a folder: the model is asked to continue the concept as plain captions are."""


@dataclass(frozen=True)
class IdeaArmSource:
    """Where an arm's model lies.

    Attributes:
        name: in tables; arms of one group have the same name before an "@".
        folder: a causal language model.
        lora: a LoRA of it, from `pentimento train captions --tune lora`.
        continued: whether a model that was not trained on captions just continues the concept,
            which is what no fine-tuning means in the paper.
    """

    name: str
    folder: Path
    lora: Path | None = None
    continued: bool = False

    @classmethod
    def parse(cls, text: str) -> IdeaArmSource:
        """``NAME=FOLDER``, ``NAME=FOLDER+LORA``, ``NAME=FOLDER:continued``.

        Raises:
            NoArm: the text has another form, or a folder is missing.
        """
        name, equals, places = text.partition("=")
        whole = places.removesuffix(f":{CONTINUED}")
        folder, plus, lora = whole.partition("+")
        found = cls(name, Path(folder), Path(lora) if plus else None, whole != places)
        folders = [one for one in (found.folder, found.lora) if one is not None]
        if not equals or not name or not all(one.is_dir() for one in folders):
            raise NoArm(f"There is no arm {text}.", f"Give NAME=FOLDER, +LORA or :{CONTINUED}.")
        return found

    def load(self) -> TuningLanguage:
        """The model in float32 on the CPU, with what a LoRA adds to it."""
        model, tokenizer = load_causal_language(self.folder)
        if self.lora is not None:
            model, tokenizer = _with_captions(model, tokenizer, self.lora)
        if self.continued:
            setattr(model.config, FORM_KEY, "plain")
        template = bool(getattr(tokenizer, "chat_template", None))
        return TuningLanguage(model.eval(), tokenizer, torch.device("cpu"), template)


def _with_captions(model: Any, tokenizer: Any, lora: Path) -> tuple[Any, Any]:
    """The model with a LoRA of captions merged, and the tokenizer that knows its tags."""
    from transformers import AutoTokenizer

    facts = json.loads((lora / FACTS).read_text("utf-8"))
    if has_tags(facts["form"]):
        tokenizer = AutoTokenizer.from_pretrained(lora, local_files_only=True)
        if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
            model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    model = merged_lora(model, lora)
    setattr(model.config, FORM_KEY, facts["form"])
    return model, tokenizer
