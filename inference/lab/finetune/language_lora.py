"""LoRA of a causal language model, with peft (Hu et al. 2021, arXiv 2106.09685)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import nn


def with_lora(model: nn.Module, rank: int, tokens: Sequence[int] = ()) -> Any:
    """The model with a new LoRA of some rank on all its linear layers; only that learns.

    Args:
        model: to be wrapped.
        rank: of the LoRA.
        tokens: whose rows of the embedding learn too.
    """
    from peft import LoraConfig, get_peft_model
    from transformers.pytorch_utils import Conv1D

    # GPT-2 keeps the weights of its linear layers the other way round.
    turned = any(isinstance(module, Conv1D) for module in model.modules())
    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        fan_in_fan_out=turned,
        trainable_token_indices=list(tokens) or None,
    )
    with _renamed_in_transformers():
        return get_peft_model(model, config)


def with_trained_tokens(model: nn.Module, tokens: Sequence[int], rank: int) -> Any:
    """The model with trainable rows of its embedding for some tokens, and a LoRA.

    Args:
        model: tied or not; it is wrapped, and its own weights are frozen.
        tokens: whose rows learn; [] for none.
        rank: of the LoRA on all linear layers; 0 for none.
    """
    from peft import TrainableTokensConfig, get_peft_model

    if rank:
        made = with_lora(model, rank, tokens)
    else:
        with _renamed_in_transformers():
            config = TrainableTokensConfig(token_indices=list(tokens), task_type="CAUSAL_LM")
            made = get_peft_model(model, config)
    return made


def merged_lora(model: nn.Module, folder: Path) -> Any:
    """The model with the LoRA of a folder added to its weights; the model itself is changed."""
    from peft import PeftModel

    with _renamed_in_transformers():
        tuned = PeftModel.from_pretrained(model, folder)
        return tuned.merge_and_unload()


@contextmanager
def _renamed_in_transformers() -> Iterator[None]:
    """Peft 0.21 asks for an attribute that transformers 5 renamed and warns about."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning
        )
        yield
