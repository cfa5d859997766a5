"""Language models of a folder, for measuring what a training made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from inference.lab.finetune.language_lora import merged_lora
from inference.lab.finetune.suggest import FACTS


@dataclass(frozen=True)
class TuningLanguage:
    """A causal language model of a folder, with its tokenizer and perhaps a LoRA in it."""

    model: Any
    tokenizer: Any
    device: torch.device
    has_template: bool


def load_language(folder: Path, lora: Path | None = None) -> TuningLanguage:
    """A model in float32 on the CPU, the LoRA merged into its weights.

    Args:
        folder: a causal language model of transformers.
        lora: what `pentimento train suggest --tune lora` wrote for it.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True).float()
    if lora is not None:
        model = merged_lora(model, lora)
        model.config.suggest_lines = json.loads((lora / FACTS).read_text("utf-8"))["lines"]
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    template = bool(getattr(tokenizer, "chat_template", None))
    return TuningLanguage(model.eval(), tokenizer, torch.device("cpu"), template)
