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


def esrgan_tensors(scale: int = 4) -> dict[str, torch.Tensor]:
    """Real-ESRGAN's network in small, tensors as its authors name them."""
    from torch import nn

    torch.manual_seed(0)
    width, growth = 8, 32  # spandrel knows no other growth
    state: dict[str, torch.Tensor] = {}

    def add(name: str, channels: int, out: int) -> None:
        layer = nn.Conv2d(channels, out, 3)
        state.update({f"{name}.{key}": value for key, value in layer.state_dict().items()})

    add("conv_first", 3 * (4 // scale) ** 2, width)
    for block in range(2):
        for dense in (1, 2, 3):
            for number in range(1, 6):
                out = width if number == 5 else growth
                add(f"body.{block}.rdb{dense}.conv{number}", width + (number - 1) * growth, out)
    for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        add(name, width, width)
    add("conv_last", width, 3)
    return state


def super_resolution(folder: Path) -> Path:
    """A file of Real-ESRGAN's layers."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    save_file(esrgan_tensors(), folder / "model.safetensors", {"format": "pt"})
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
