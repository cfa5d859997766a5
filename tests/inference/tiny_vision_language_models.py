"""Small folders of models that see and read, in their true layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from inference.models.libraries import prepare_libraries
from tests.inference.tiny_models import WORDS

prepare_libraries()


def siglip(folder: Path) -> Path:
    """SigLIP 2's layout: Gemma's kind of tokenizer, pictures of one size."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        PreTrainedTokenizerFast,
        SiglipConfig,
        SiglipImageProcessor,
        SiglipModel,
    )

    torch.manual_seed(0)
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", *WORDS]
    words = models.WordLevel({piece: number for number, piece in enumerate(pieces)}, "<unk>")
    backend = Tokenizer(words)
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
    )
    sizes = {
        "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }  # fmt: skip
    text = {"vocab_size": len(pieces), "max_position_embeddings": 16, "pad_token_id": 0,
            "bos_token_id": 2, "eos_token_id": 1}  # fmt: skip
    config = SiglipConfig(
        text_config=sizes | text, vision_config=sizes | {"image_size": 32, "patch_size": 16}
    )
    SiglipModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    SiglipImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


PLAIN_TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
_SEEING_TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}IMAGE{% else %}{{ c['text'] }}{% endif %}{% endfor %}\n"
    "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}"
)
_QWEN_MARKS = (
    "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>",
    "<|video_pad|>",
)  # fmt: skip


def _bytes() -> dict[str, int]:
    from tokenizers import pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    return {piece: number for number, piece in enumerate(letters)}


def qwen_tokenizer() -> Any:
    """Qwen2's tokenizer of single bytes, with the marks of its seeing models."""
    from transformers import Qwen2Tokenizer

    vocabulary = _bytes()
    vocabulary["<|endoftext|>"] = len(vocabulary)
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[])
    tokenizer.add_special_tokens({"additional_special_tokens": list(_QWEN_MARKS)})
    return tokenizer


def qwen2_5_vl_network(tokenizer: Any) -> Any:
    """A Qwen2.5-VL of two layers that sees and two that read."""
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    ids = {
        name: tokenizer.convert_tokens_to_ids(mark)
        for name, mark in (
            ("image_token_id", "<|image_pad|>"), ("video_token_id", "<|video_pad|>"),
            ("vision_start_token_id", "<|vision_start|>"),
            ("vision_end_token_id", "<|vision_end|>"),
        )
    }  # fmt: skip
    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    config = Qwen2_5_VLConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
            "max_position_embeddings": 4096, "bos_token_id": end, "eos_token_id": end,
            "pad_token_id": end, "rope_theta": 1000000.0,
            "rope_scaling": {"type": "default", "rope_type": "default", "mrope_section": [1, 1, 2]},
        },
        vision_config={
            "depth": 2, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2,
            "out_hidden_size": 16, "fullatt_block_indexes": [1],
        },
        **ids,
    )  # fmt: skip
    return Qwen2_5_VLForConditionalGeneration(config)


def qwen_processor(kind: Any, tokenizer: Any) -> Any:
    """The processor of a seeing Qwen: pictures keep their shape."""
    from transformers import Qwen2VLImageProcessor, Qwen2VLVideoProcessor

    return kind(
        image_processor=Qwen2VLImageProcessor(),
        tokenizer=tokenizer,
        video_processor=Qwen2VLVideoProcessor(),
        chat_template=_SEEING_TEMPLATE.replace(
            "IMAGE", "<|vision_start|><|image_pad|><|vision_end|>"
        ),
    )


def qwen2_5_vl(folder: Path) -> Path:
    """Qwen2.5-VL's layout."""
    from transformers import Qwen2_5_VLProcessor

    torch.manual_seed(0)
    tokenizer = qwen_tokenizer()
    qwen2_5_vl_network(tokenizer).save_pretrained(folder)
    qwen_processor(Qwen2_5_VLProcessor, tokenizer).save_pretrained(folder)
    return folder


def idefics3(folder: Path) -> Path:
    """SmolVLM's layout: SigLIP's kind of vision, Llama's of language."""
    from transformers import (
        GPT2Tokenizer,
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3ImageProcessor,
        Idefics3Processor,
    )

    torch.manual_seed(0)
    vocabulary = _bytes()
    vocabulary["<|endoftext|>"] = len(vocabulary)
    tokenizer = GPT2Tokenizer(vocab=vocabulary, merges=[], pad_token="<|endoftext|>")
    tokenizer.add_special_tokens(
        {"additional_special_tokens": ["<global-img>", "<image>", "<fake_token_around_image>"]}
    )
    side = 28
    images = Idefics3ImageProcessor(
        size={"longest_edge": 2 * side}, max_image_size={"longest_edge": side}
    )
    processor = Idefics3Processor(
        images,
        tokenizer,
        image_seq_len=4,  # (28 / 7)² patches, four of which are one token
        chat_template=_SEEING_TEMPLATE.replace("IMAGE", "<image>"),
    )
    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    config = Idefics3Config(
        text_config={
            "model_type": "llama", "vocab_size": len(tokenizer), "hidden_size": 16,
            "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
            "num_key_value_heads": 1, "max_position_embeddings": 1024, "bos_token_id": end,
            "eos_token_id": end, "pad_token_id": end,
        },
        vision_config={
            "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
            "num_attention_heads": 2, "image_size": side, "patch_size": 7,
        },
        scale_factor=2,
        image_token_id=processor.image_token_id,
        pad_token_id=end,
    )  # fmt: skip
    Idefics3ForConditionalGeneration(config).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def florence2(folder: Path) -> Path:
    """Florence-2's layout: DaViT, BART, and tasks as tokens."""
    from transformers import (
        BartTokenizer,
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
    )

    torch.manual_seed(0)
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces = [*marks, *_bytes()]
    tokenizer = BartTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)},
        merges=[],
        extra_special_tokens={"image_token": "<image>"},
    )
    images = CLIPImageProcessor(size={"height": 32, "width": 32}, do_center_crop=False, resample=3)
    images.image_seq_length = 2
    config = Florence2Config(
        text_config={
            "model_type": "bart", "vocab_size": len(tokenizer), "d_model": 16,
            "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2,
            "decoder_attention_heads": 2, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16,
            "max_position_embeddings": 128, "bos_token_id": 0, "pad_token_id": 1,
            "eos_token_id": 2, "decoder_start_token_id": 2, "forced_bos_token_id": 0,
        },
        vision_config={
            "embed_dim": [8, 8, 8, 8], "num_heads": [2] * 4, "num_groups": [2] * 4,
            "depths": [1] * 4, "window_size": 4, "projection_dim": 16,
        },
        image_token_id=tokenizer.image_token_id,
    )  # fmt: skip
    Florence2ForConditionalGeneration(config).save_pretrained(folder)
    Florence2Processor(images, tokenizer).save_pretrained(folder)
    return folder
