"""The starter models as evaluators want them: found by name, loaded by stock classes, offline."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from editor.model.image import Pixels
from inference.ipc.domains import register_domains
from inference.lab.training.environment import starter_folder
from inference.models.libraries import prepare_libraries, quiet

_MARKS: Final = {
    "autoencoder": "config.json",
    "judge": "judge.json",
    "clip": "open_clip_config.json",
    "text-to-image": "model_index.json",
    "instruct-pix2pix": "model_index.json",
    "captioner": "config.json",
    "language": "config.json",
}
SIDE: Final = 128
_BATCH: Final = 16


class StarterModels:
    """The models below one folder; each is loaded when it is first used.

    Args:
        folder: holds ``clip``, ``captioner`` and the others by name; None for the program's own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = starter_folder() if folder is None else folder
        register_domains()
        prepare_libraries()
        quiet()

    def has(self, name: str) -> bool:
        """Whether a model of this name is there; the autoencoder may be inside a pipeline."""
        if name == "autoencoder":
            return self._autoencoder is not None
        return (self.folder / name / _MARKS[name]).is_file()

    def digests(self) -> dict[str, str]:
        """BLAKE2b of the weights of each model that is there."""
        from inference.lab.evaluation.partial import file_digest

        return {
            name: " ".join(
                file_digest(path) for path in sorted((self.folder / name).rglob("*.safetensors"))
            )
            for name in self.names
        }

    @property
    def names(self) -> list[str]:
        """What is there."""
        return [name for name in _MARKS if self.has(name)]

    @property
    def _autoencoder(self) -> Path | None:
        places = ("instruct-pix2pix/vae", "text-to-image/vae", "autoencoder")
        found = (self.folder / place for place in places)
        return next((place for place in found if (place / "config.json").is_file()), None)

    @cached_property
    def judge(self) -> Any:
        """See `inference.lab.training.judge`."""
        from inference.lab.training.judge import load_judge

        return load_judge(self.folder / "judge")

    @cached_property
    def vae(self) -> Any:
        """The stock autoencoder, float32."""
        from diffusers import AutoencoderKL

        if self._autoencoder is None:
            raise FileNotFoundError(f"no autoencoder in {self.folder.name}")
        vae = AutoencoderKL.from_pretrained(self._autoencoder, local_files_only=True)
        return vae.float().eval()

    @cached_property
    def text_to_image(self) -> Any:
        """A stock `StableDiffusionPipeline`."""
        from diffusers import StableDiffusionPipeline

        return self._pipeline(StableDiffusionPipeline, "text-to-image")

    @cached_property
    def instruct_pix2pix(self) -> Any:
        """A stock `StableDiffusionInstructPix2PixPipeline`."""
        from diffusers import StableDiffusionInstructPix2PixPipeline

        return self._pipeline(StableDiffusionInstructPix2PixPipeline, "instruct-pix2pix")

    def _pipeline(self, kind: Any, name: str) -> Any:
        pipeline = kind.from_pretrained(self.folder / name, local_files_only=True)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    @cached_property
    def clip(self) -> Clip:
        """A stock open_clip model behind two calls."""
        return Clip(self.folder / "clip")

    @cached_property
    def captioner(self) -> tuple[Any, Any]:
        """A stock `BlipForConditionalGeneration` and its processor."""
        from transformers import BlipForConditionalGeneration, BlipProcessor

        folder = self.folder / "captioner"
        model = BlipForConditionalGeneration.from_pretrained(folder, local_files_only=True)
        return model.eval(), BlipProcessor.from_pretrained(folder, local_files_only=True)

    @cached_property
    def language(self) -> tuple[Any, Any]:
        """A stock causal language model and its tokenizer, which pads at the left."""
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = self.folder / "language"
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        tokenizer.padding_side = "left"
        return model.eval(), tokenizer

    def side(self) -> int:
        """The side in pixels the picture models were made for."""
        for name in ("text-to-image", "instruct-pix2pix"):
            if self.has(name):
                unet, vae = (
                    json.loads((self.folder / name / part / "config.json").read_text("utf-8"))
                    for part in ("unet", "vae")
                )
                return int(unet["sample_size"]) << (len(vae["block_out_channels"]) - 1)
        return SIDE

    @torch.inference_mode()
    def round_trip(self, pixels: Pixels) -> Pixels:
        """What the autoencoder makes of pictures (N, S, S, 3) uint8."""
        from inference.lab.training.autoencoder import to_pixels, to_tensor
        from inference.lab.training.judge import round_trip

        starts = range(0, len(pixels), _BATCH)
        made = [to_pixels(round_trip(self.vae, to_tensor(pixels[i : i + _BATCH]))) for i in starts]
        return np.concatenate(made) if made else pixels[:0]


class Clip:
    """Open_clip's stock model of a ``local-dir:`` folder, float32.

    Attributes:
        calibration: of the program's ranking by this model, None before there is one.
    """

    def __init__(self, folder: Path) -> None:
        import open_clip

        from inference.models.store import ModelStore
        from inference.vision.clip.calibration import read_calibration
        from inference.vision.clip.embeddings import Embeddings

        digest = Embeddings(ModelStore([folder])).digest
        self.calibration = read_calibration(folder, digest)
        name = f"local-dir:{folder}"
        model, _, preprocess = open_clip.create_model_and_transforms(name)
        self._model: Any = model.float().eval()
        self._preprocess: Any = preprocess
        self._tokenizer: Any = open_clip.get_tokenizer(name)

    @torch.inference_mode()
    def embed_images(self, pixels: Pixels) -> torch.Tensor:
        """Pictures (N, H, W, 3) uint8 to unit features (N, D) float32."""
        from PIL import Image

        features = []
        for start in range(0, len(pixels), _BATCH):
            chosen = pixels[start : start + _BATCH]
            ready = torch.stack([self._preprocess(Image.fromarray(p)) for p in chosen])
            features.append(self._model.encode_image(ready).float())
        return torch.nn.functional.normalize(torch.cat(features), dim=-1)

    @torch.inference_mode()
    def embed_texts(self, texts: list[str]) -> torch.Tensor:
        """Texts to unit features (N, D) float32."""
        features = [
            self._model.encode_text(self._tokenizer(texts[i : i + 64])).float()
            for i in range(0, len(texts), 64)
        ]
        return torch.nn.functional.normalize(torch.cat(features), dim=-1)
