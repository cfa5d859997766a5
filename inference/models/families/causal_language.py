"""Causal language models of transformers, with or without a chat template."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import CONFIG_BYTES, ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedLanguage


class CausalLanguage(Family):
    """What transformers' `AutoModelForCausalLM` loads and reads text alone."""

    name = "causal-language"
    roles = ("language", "chat")

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture; what continues texts about pictures or sounds is no such."""
        if not folder.architecture.endswith(("ForCausalLM", "LMHeadModel")):
            return None
        if not reads_text_alone(folder):
            return None
        role = "chat" if _has_template(folder) else "language"
        return folder.found(self.name, role, folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedLanguage:
        """Network and tokenizer; the tokenizer gets a padding token if it has none."""
        import torch
        import transformers

        from inference.models.loaded import LoadedLanguage
        from inference.models.stock import Unfit, stock

        dtype: torch.dtype = getattr(torch, self.dtype_name(model, device))
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            model.folder, local_files_only=True, trust_remote_code=False
        )
        check()
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        network = stock(
            transformers.AutoModelForCausalLM, model.folder, dtype=dtype, trust_remote_code=False
        )
        if len(tokenizer) > network.get_input_embeddings().weight.shape[0]:
            raise Unfit(Message("model.tokenizer_over_model"))
        template = bool(getattr(tokenizer, "chat_template", None))
        return LoadedLanguage(
            model, network.to(device.place), tokenizer, device.place, dtype, template
        )


def reads_text_alone(folder: ModelFolder) -> bool:
    """False for decoders that continue a picture or a sound: GIT, TrOCR, MusicGen and their like.

    transformers lists them as causal language models too. Their configs describe the encoder, or
    give the decoder attention to one.
    """
    config = folder.transformers_config
    described = any(
        isinstance(value, dict) and any(word in name for word in ("vision", "audio", "image"))
        for name, value in config.items()
    )
    return (
        not described
        and not config.get("add_cross_attention")
        and config.get("model_type") not in _DECODERS
    )


_DECODERS: Final = ("trocr", "musicgen", "musicgen_melody", "bark", "speech_to_text_2", "moshi")
"""`model_type`s whose decoder always attends to an encoder, so that their configs need not say."""


def _has_template(folder: ModelFolder) -> bool:
    """True if a chat template comes with the tokenizer, in a file of its own or inside."""
    if folder.names & {"chat_template.jinja", "chat_template.json"}:
        return True
    path = folder.path / "tokenizer_config.json"
    try:
        if path.stat().st_size > CONFIG_BYTES:
            return False
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and bool(values.get("chat_template"))


FAMILY: Final = CausalLanguage()
