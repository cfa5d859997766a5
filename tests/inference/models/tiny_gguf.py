"""A language model in one packed file, as llama.cpp writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def tiny_gguf(file: Path) -> None:
    """A Llama of two layers with a byte-level tokenizer, as llama.cpp writes it."""
    from gguf import GGMLQuantizationType, GGUFWriter, quantize
    from tokenizers import pre_tokenizers

    width, heads, layers = 32, 4, 2
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokens += sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens += ["ab"]
    writer = GGUFWriter(file, "llama")
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(2 * width)
    writer.add_block_count(layers)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(width // heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * (len(tokens) - 3))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template("{% for m in messages %}{{ m.content }}{% endfor %}")
    random = np.random.default_rng(0)
    shapes = {"token_embd.weight": (len(tokens), width), "output_norm.weight": (width,)}
    for layer in range(layers):
        block = f"blk.{layer}."
        shapes |= {f"{block}{name}_norm.weight": (width,) for name in ("attn", "ffn")}
        shapes |= {f"{block}attn_{name}.weight": (width, width) for name in "qkv"}
        shapes |= {f"{block}attn_output.weight": (width, width)}
        shapes |= {f"{block}ffn_{name}.weight": (2 * width, width) for name in ("gate", "up")}
        shapes |= {f"{block}ffn_down.weight": (width, 2 * width)}
    for name, shape in shapes.items():
        values = random.normal(0, 0.1, shape).astype(np.float32)
        if len(shape) == 2:
            kind = GGMLQuantizationType.Q4_1
            writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
