"""Small folders of models that help rather than draw, in their true layouts."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import torch

from inference.models.libraries import prepare_libraries

prepare_libraries()

SELFIE = Path(__file__).resolve().parents[1] / "data" / "selfie_segmentation"
"""MediaPipe's own file (250 kB, Apache-2.0): nothing here writes TFLite files."""


def dat(folder: Path, scale: int = 2) -> Path:
    """DAT light's layers in small; tensors as its authors name them."""
    from safetensors.torch import save_file
    from spandrel.architectures.DAT import DAT

    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "torch.meshgrid", UserWarning)
        network = DAT(
            img_size=16,
            embed_dim=32,
            split_size=[8, 8],
            depth=[2],
            num_heads=[2],
            expansion_factor=2,
            resi_connection="3conv",
            upsampler="pixelshuffledirect",
            upscale=scale,
        )
    folder.mkdir(parents=True)
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    save_file(state, folder / "model.safetensors", {"format": "pt"})
    return folder


def selfie_segmentation(folder: Path) -> Path:
    """The true network: it is as small."""
    folder.mkdir(parents=True)
    shutil.copy(SELFIE / "selfie_segmentation.tflite", folder)
    return folder


def sentence_transformers(folder: Path) -> Path:
    """A BERT of two layers in the layout of all-MiniLM-L6-v2."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "make", "it", "warmer", "cooler", "red"]
    tokenizer = BertTokenizerFast(vocab={word: number for number, word in enumerate(words)})
    network = BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
        ),
        add_pooling_layer=False,
    )
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": ""}]))
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return folder
