"""Stable Diffusion XL in its true layout, with random weights and small numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from inference.models.libraries import quiet
from tests.inference.tiny_models import clip_tokenizer

_CHANNELS = {"": 4, "Inpaint": 9, "InstructPix2Pix": 8}


def sdxl(folder: Path, use: str = "", *, seed: int = 0, scheduler: Any = None) -> Path:
    """Stable Diffusion XL, or its inpainting or InstructPix2Pix model.

    Three levels, the first without attention, two blocks of attention in the last; both text
    encoders, the second one with a projection.

    Args:
        folder: to write.
        use: "", "Inpaint" or "InstructPix2Pix".
        seed: of the weights.
        scheduler: another one than the published models have.
    """
    import diffusers
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    quiet()
    torch.manual_seed(seed)
    tokenizer = clip_tokenizer()
    unet = diffusers.UNet2DConditionModel(
        sample_size=8,
        in_channels=_CHANNELS[use],
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(8, 16, 16),
        layers_per_block=1,
        transformer_layers_per_block=[1, 1, 2],
        attention_head_dim=[2, 4, 4],
        norm_num_groups=4,
        cross_attention_dim=32,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,
    )
    vae = diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4, 8, 8, 8),
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=64,
        scaling_factor=0.13025,
    )
    getattr(diffusers, f"StableDiffusionXL{use}Pipeline")(
        vae=vae,
        text_encoder=CLIPTextModel(_text_config(tokenizer, "quick_gelu")),
        text_encoder_2=CLIPTextModelWithProjection(_text_config(tokenizer, "gelu")),
        tokenizer=tokenizer,
        tokenizer_2=clip_tokenizer(),
        unet=unet,
        scheduler=scheduler
        or diffusers.EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
        ),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def _text_config(tokenizer: Any, activation: str) -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=16,
        hidden_act=activation,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
