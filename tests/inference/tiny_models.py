"""Random-weight model folders in the true layouts of the large ones: megabytes, not gigabytes.

Everything is written by the stock classes' own `save_pretrained`; only the numbers in the configs
are small.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inference.models.libraries import prepare_libraries, quiet

prepare_libraries()

LIBRARY_WARNINGS = (
    "ignore:__array__ implementation doesn't accept:DeprecationWarning",  # diffusers' schedulers
)
"""What the stock libraries warn about among themselves; for `pytest.mark.filterwarnings`."""

WORDS = (  # noqa: SIM905
    "a the red house boat swan make it at sunset night warm photo of in snow replace with"
    " painting tree near lake"
).split()


def clip_tokenizer(context: int = 77) -> Any:
    """A stock `CLIPTokenizer`: bytes and whole words."""
    from tokenizers import pre_tokenizers
    from transformers import CLIPTokenizer

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*letters, *(letter + "</w>" for letter in letters)]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            merges.append((parts[0], parts[1]))
            parts = [parts[0] + parts[1], *parts[2:]]
            pieces.append(parts[0])
    merges = list(dict.fromkeys(merges))
    pieces = [*dict.fromkeys(pieces), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=context)


def diffusion(
    folder: Path, *, edits: bool, seed: int = 0, safety: bool = False, latents: int = 4
) -> Path:
    """Stable Diffusion 1.5, or InstructPix2Pix (`edits`): four levels, 4 or 8 input channels.

    The starter models have eight latent channels instead of four.
    """
    from diffusers import (
        AutoencoderKL,
        EulerAncestralDiscreteScheduler,
        PNDMScheduler,
        StableDiffusionInstructPix2PixPipeline,
        StableDiffusionPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    quiet()
    torch.manual_seed(seed)
    tokenizer = clip_tokenizer()
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=2 * latents if edits else latents,
        out_channels=latents,
        block_out_channels=(8, 16, 16, 16),
        layers_per_block=1,
        norm_num_groups=4,
        cross_attention_dim=16,
        attention_head_dim=2,
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4, 8, 8, 8),
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=latents,
        sample_size=64,
    )
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    schedule = {
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "steps_offset": 1,
    }
    kind = StableDiffusionInstructPix2PixPipeline if edits else StableDiffusionPipeline
    scheduler = (
        EulerAncestralDiscreteScheduler(**schedule)
        if edits
        else PNDMScheduler(**schedule, skip_prk_steps=True)
    )
    checker, extractor = _safety() if safety else (None, None)
    kind(
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler,
        safety_checker=checker,
        feature_extractor=extractor,
        requires_safety_checker=safety,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def _safety() -> tuple[Any, Any]:
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    vision = {
        "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 2, "image_size": 32, "patch_size": 16, "projection_dim": 16,
    }  # fmt: skip
    config = CLIPConfig(vision_config=vision, projection_dim=16)
    return StableDiffusionSafetyChecker(config), CLIPImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )


def flux_kontext(folder: Path, seed: int = 0) -> Path:
    """FLUX.1 Kontext: transformer of both kinds of blocks, CLIP's and T5's encoders, 16 latents."""
    from diffusers import (
        AutoencoderKL,
        FlowMatchEulerDiscreteScheduler,
        FluxKontextPipeline,
        FluxTransformer2DModel,
    )
    from transformers import (
        CLIPTextConfig,
        CLIPTextModel,
        T5Config,
        T5EncoderModel,
        T5TokenizerFast,
    )

    quiet()
    torch.manual_seed(seed)
    tokenizer = clip_tokenizer()
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -9.0), ("▁", -2.0)]
    pieces += [(f"▁{word}", -3.0) for word in WORDS]
    pieces += [(letter, -6.0) for letter in "abcdefghijklmnopqrstuvwxyz"]
    second = T5TokenizerFast(vocab=list(dict(pieces).items()), extra_ids=0)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            projection_dim=16,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    long_text = T5EncoderModel(
        T5Config(
            vocab_size=len(second), d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2,
            feed_forward_proj="gated-gelu",
        )
    )  # fmt: skip
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(4, 8),
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=16,
        sample_size=64,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.1159,
        scaling_factor=0.3611,
    )
    transformer = FluxTransformer2DModel(
        in_channels=64,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=16,
        pooled_projection_dim=16,
        guidance_embeds=True,
        axes_dims_rope=(4, 4, 8),
    )
    FluxKontextPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer,
        text_encoder_2=long_text,
        tokenizer_2=second,
        transformer=transformer,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def blip(folder: Path) -> Path:
    """BLIP base's layout: `BertTokenizer`, image processor, vision and text tower."""
    from transformers import (
        BertTokenizer,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    torch.manual_seed(0)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]"]
    pieces = [*special, *WORDS]
    tokenizer = BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)})
    tower = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = BlipConfig(
        text_config={
            **tower, "vocab_size": len(pieces), "hidden_size": 16, "encoder_hidden_size": 16,
            "projection_dim": 16, "max_position_embeddings": 32, "bos_token_id": 5,
            "eos_token_id": 2, "sep_token_id": 3, "pad_token_id": 0,
        },
        vision_config={**tower, "hidden_size": 16, "image_size": 32, "patch_size": 16,
                       "projection_dim": 16},
        projection_dim=16,
        image_text_hidden_size=16,
    )  # fmt: skip
    BlipForConditionalGeneration(config).save_pretrained(folder)
    images = BlipImageProcessor(size={"height": 32, "width": 32})
    BlipProcessor(images, tokenizer).save_pretrained(folder)
    return folder


def _byte_vocabulary() -> dict[str, int]:
    from tokenizers import pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    return {piece: number for number, piece in enumerate([*letters, "<|endoftext|>"])}


def gpt2(folder: Path) -> Path:
    """GPT-2's layout: vocab.json, merges.txt or tokenizer.json, model.safetensors."""
    from transformers import GPT2Config, GPT2LMHeadModel, GPT2Tokenizer

    torch.manual_seed(0)
    tokenizer = GPT2Tokenizer(vocab=_byte_vocabulary(), merges=[])
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=128, n_embd=16, n_layer=2, n_head=2,
        bos_token_id=256, eos_token_id=256,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def chat(folder: Path) -> Path:
    """A chat model with a template (Qwen2's class), sharded as large ones are."""
    from transformers import GPT2Tokenizer, Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    tokenizer = GPT2Tokenizer(
        vocab=_byte_vocabulary(), merges=[], eos_token="<|endoftext|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    )
    config = Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=256,
        bos_token_id=256, eos_token_id=256,
    )  # fmt: skip
    Qwen2ForCausalLM(config).save_pretrained(folder, max_shard_size="40KB")
    tokenizer.save_pretrained(folder)
    return folder


def transformers_clip(folder: Path) -> Path:
    """CLIP in the form of transformers, with its tokenizer and preprocessing."""
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

    torch.manual_seed(0)
    tokenizer = clip_tokenizer()
    sizes = {
        "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 2, "projection_dim": 16,
    }  # fmt: skip
    text = {
        "vocab_size": len(tokenizer),
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    config = CLIPConfig(
        text_config=sizes | text,
        vision_config=sizes | {"image_size": 32, "patch_size": 16},
        projection_dim=16,
    )
    CLIPModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    ).save_pretrained(folder)
    return folder


def human_preference(folder: Path) -> Path:
    """PickScore's layout: a CLIP of transformers whose config says where it comes from."""
    transformers_clip(folder)
    path = folder / "config.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "_name_or_path": "yuvalkirstain/PickScore_v1"}))
    return folder


def aesthetic_head(folder: Path) -> Path:
    """A head as the starter models have it: the layers of LAION's predictor and a config."""
    from safetensors.torch import save_file

    from inference.models.score_head import ScoreHead

    torch.manual_seed(0)
    folder.mkdir(parents=True)
    save_file(ScoreHead(16, (12, 8, 6, 4, 1)).to_tensors(), folder / "model.safetensors")
    values = {"architectures": ["AestheticPredictor"], "clip_weights": "0"}
    (folder / "config.json").write_text(json.dumps(values))
    return folder


def inpainting(folder: Path) -> Path:
    """Stable Diffusion's inpainting layout: nine input channels, mask and masked picture."""
    diffusion(folder, edits=False)
    from diffusers import UNet2DConditionModel

    index = folder / "model_index.json"
    index.write_text(
        index.read_text().replace("StableDiffusionPipeline", "StableDiffusionInpaintPipeline")
    )
    narrow = UNet2DConditionModel.load_config(folder / "unet")
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_config({**narrow, "in_channels": 9})
    unet.save_pretrained(folder / "unet")
    return folder


def open_clip(folder: Path) -> Path:
    """open_clip's ViT-B/32 in its hub layout, layers narrowed, with the stock BPE tokenizer."""
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    torch.manual_seed(0)
    config: dict[str, Any] = {
        "embed_dim": 16,
        "vision_cfg": {
            "image_size": 224, "layers": 2, "width": 32, "patch_size": 32, "head_width": 16,
        },
        "text_cfg": {
            "context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2,
        },
    }  # fmt: skip
    folder.mkdir(parents=True)
    state = CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"]).state_dict()
    state = {k: v.half().contiguous() for k, v in state.items()}
    save_file(state, folder / "open_clip_model.safetensors")
    values = {
        "model_cfg": config,
        "preprocess_cfg": {
            "mean": [0.48145466, 0.4578275, 0.40821073],
            "std": [0.26862954, 0.26130258, 0.27577711],
        },
    }
    (folder / "open_clip_config.json").write_text(json.dumps(values))
    return folder


def scene(width: int, height: int, dtype: str = "uint8") -> np.ndarray[Any, Any]:
    """A picture (h, w, 3) with soft and hard parts."""
    top = np.iinfo(np.dtype(dtype)).max
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x / width, y / height, (x + y) / (width + height)], -1) * 0.6 + 0.2
    base[height // 3 : height // 2, width // 4 : width // 2] = (0.8, 0.3, 0.2)
    rng = np.random.default_rng(1)
    noisy = base + rng.normal(0, 0.01, base.shape)
    return (np.clip(noisy, 0, 1) * top).astype(dtype)
