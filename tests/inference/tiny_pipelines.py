"""Editors that are stock pipelines, small, with random weights, in their true layouts."""

from __future__ import annotations

from pathlib import Path

import torch

from inference.models.libraries import quiet
from tests.inference import tiny_vision_language_models as seeing


def flux2_klein(folder: Path, *, kv: bool = False, distilled: bool = True) -> Path:
    """FLUX.2 Klein: a Qwen3 of 28 layers (three of them are read), both kinds of blocks."""
    import diffusers
    from transformers import Qwen3Config, Qwen3ForCausalLM

    quiet()
    torch.manual_seed(0)
    tokenizer = seeing.qwen_tokenizer()
    tokenizer.chat_template = seeing.PLAIN_TEMPLATE
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=28,
        num_attention_heads=2, num_key_value_heads=1, head_dim=8, max_position_embeddings=512,
    )  # fmt: skip
    vae = diffusers.AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(4, 8),
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
    )
    transformer = diffusers.Flux2Transformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=48, timestep_guidance_channels=16,
        axes_dims_rope=(4, 4, 4, 4), guidance_embeds=False,
    )  # fmt: skip
    parts = {
        "scheduler": diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "vae": vae,
        "text_encoder": Qwen3ForCausalLM(config),
        "tokenizer": tokenizer,
        "transformer": transformer,
    }
    pipeline = (
        diffusers.Flux2KleinKVPipeline(**parts)
        if kv
        else diffusers.Flux2KleinPipeline(**parts, is_distilled=distilled)
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def qwen_image_edit(folder: Path, *, plus: bool = False) -> Path:
    """Qwen-Image-Edit: Qwen2.5-VL as text encoder, an autoencoder of video."""
    import diffusers
    from transformers import Qwen2VLProcessor

    quiet()
    torch.manual_seed(0)
    tokenizer = seeing.qwen_tokenizer()
    channels = 4
    vae = diffusers.AutoencoderKLQwenImage(
        base_dim=8, z_dim=channels, dim_mult=[1, 2], num_res_blocks=1, temperal_downsample=[False],
        latents_mean=[0.0] * channels, latents_std=[1.0] * channels,
    )  # fmt: skip
    transformer = diffusers.QwenImageTransformer2DModel(
        in_channels=4 * channels, out_channels=channels, num_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=16, axes_dims_rope=(8, 4, 4),
    )  # fmt: skip
    kind = diffusers.QwenImageEditPlusPipeline if plus else diffusers.QwenImageEditPipeline
    kind(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=vae,
        text_encoder=seeing.qwen2_5_vl_network(tokenizer),
        tokenizer=tokenizer,
        processor=seeing.qwen_processor(Qwen2VLProcessor, tokenizer),
        transformer=transformer,
    ).save_pretrained(folder, safe_serialization=True)
    return folder
