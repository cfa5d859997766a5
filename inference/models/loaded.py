from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from inference.models.found_model import FoundModel
from inference.models.guided_upsampler import GuidedUpsampler
from inference.models.memory.plan import WHOLE, MemoryPlan
from inference.models.score_head import ScoreHead


@dataclass(frozen=True, eq=False)
class DiffusionParts:
    """The parts of a Stable Diffusion model, on the CPU, in evaluation mode and frozen.

    The second tokenizer and text encoder are Stable Diffusion XL's; `empty_is_zero` as in
    `LoadedDiffusion`.
    """

    tokenizer: Any
    text_encoder: Any
    vae: Any
    unet: Any
    scheduler_config: dict[str, Any]
    tokenizer_2: Any = None
    text_encoder_2: Any = None
    empty_is_zero: bool = False


@dataclass(frozen=True, eq=False)
class LoadedDiffusion:
    """A Stable Diffusion model in parts, ready to run.

    Attributes:
        found: where it came from.
        unet: `UNet2DConditionModel`, in `dtype`.
        vae: `AutoencoderKL`, float32.
        text_encoder: `CLIPTextModel`, in `dtype`.
        tokenizer: `CLIPTokenizer`.
        scheduler_class: diffusers' class that the folder names.
        scheduler_config: its values.
        device, dtype: of the UNet.
        text_states: of texts encoded before (`inference.diffusion.text`).
        preview_map: latents to colours, after its first use (`inference.diffusion.previews`).
        may_be_lean: the UNet is small enough to be held a second time, arranged for a CPU.
        lean: that second form, once it was asked for (`inference.diffusion.lean.choice`).
        upsampler: draws the model's edits larger, None where the folder has none.
        text_encoder_2: Stable Diffusion XL's `CLIPTextModelWithProjection`, else None.
        tokenizer_2: its tokenizer.
        empty_is_zero: the model was trained with zeros in place of the states of the empty text.
        plan: how its networks are held.
    """

    found: FoundModel
    unet: Any
    vae: Any
    text_encoder: Any
    tokenizer: Any
    scheduler_class: Any
    scheduler_config: dict[str, Any]
    device: torch.device
    dtype: torch.dtype
    nbytes: int = 0
    text_states: OrderedDict[str, Tensor] = field(default_factory=OrderedDict, repr=False)
    preview_map: list[Tensor] = field(default_factory=list, repr=False)
    may_be_lean: bool = False
    lean: list[Any] = field(default_factory=list, repr=False)
    upsampler: GuidedUpsampler | None = None
    text_encoder_2: Any = None
    tokenizer_2: Any = None
    empty_is_zero: bool = False
    plan: MemoryPlan = WHOLE

    @property
    def networks(self) -> list[Any]:
        """UNet, autoencoder and one or two text encoders."""
        parts = (self.unet, self.vae, self.text_encoder, self.text_encoder_2)
        return [part for part in parts if part is not None]

    def scheduler(self) -> Any:
        """A fresh scheduler: they count steps, so no two jobs share one."""
        return self.scheduler_class.from_config(self.scheduler_config)

    @property
    def factor(self) -> int:
        """Pixels per latent along a side (8 for Stable Diffusion)."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))

    @property
    def multiple(self) -> int:
        """Sides in pixels must be a multiple of this, so that every UNet level halves evenly."""
        return int(self.factor * 2 ** (len(self.unet.config.block_out_channels) - 1))

    @property
    def side(self) -> int:
        """The side in pixels that the model was made for."""
        size = self.unet.config.sample_size
        return int(size if isinstance(size, int) else max(size)) * self.factor


@dataclass(frozen=True, eq=False)
class LoadedLanguage:
    """A causal language model of transformers in evaluation mode, with its tokenizer.

    `tokenizer.pad_token` is set. `has_template` says that `apply_chat_template` works.
    """

    found: FoundModel
    model: Any
    tokenizer: Any
    device: torch.device
    dtype: torch.dtype
    has_template: bool = False
    nbytes: int = 0


@dataclass(frozen=True, eq=False)
class LoadedCaptioner:
    """A captioner of transformers in evaluation mode, with its processor.

    `processor(images=…, return_tensors="pt")` prepares pictures, `processor.tokenizer` decodes.

    Attributes:
        found: where it came from.
        model: generates texts of pictures.
        processor: of transformers.
        device, dtype: of the network.
        prompt: what it is asked about each picture; "" for models that know but one question.
        picture_options: of the processor, for pictures.
    """

    found: FoundModel
    model: Any
    processor: Any
    device: torch.device
    dtype: torch.dtype
    nbytes: int = 0
    prompt: str = ""
    picture_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tokenizer(self) -> Any:
        """The processor's tokenizer."""
        return self.processor.tokenizer


@dataclass(frozen=True, eq=False)
class ClipPreprocessing:
    """How CLIP wants pictures.

    Attributes:
        size: (height, width) of the input.
        mean, std: per channel, of values 0..1.
        squash: the whole picture is resized to `size`; otherwise its centre square is cropped.
    """

    size: tuple[int, int]
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)
    squash: bool = False

    def __call__(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W) float 0..1 to what the model takes, (N, 3, *size)."""
        height, width = self.size
        if not self.squash:
            side = min(pictures.shape[-2:])
            top, left = ((length - side) // 2 for length in pictures.shape[-2:])
            pictures = pictures[..., top : top + side, left : left + side]
        if pictures.shape[-2:] != (height, width):
            pictures = functional.interpolate(
                pictures, (height, width), mode="bicubic", antialias=True, align_corners=False
            ).clamp(0.0, 1.0)
        mean = pictures.new_tensor(self.mean).view(1, 3, 1, 1)
        std = pictures.new_tensor(self.std).view(1, 3, 1, 1)
        return (pictures - mean) / std


@dataclass(frozen=True, eq=False)
class LoadedClip:
    """A CLIP model of open_clip or transformers behind two calls; float32.

    Attributes:
        model: open_clip's `CLIP`, or transformers' `CLIPModel`.
        tokenizer: open_clip's (texts → ids) or transformers'.
        preprocessing: what `encode_image` does first.
        stock: "open_clip" or "transformers".
        is_siglip: reads small letters alone, and padding without a mask (Zhai et al. 2023).
    """

    found: FoundModel
    model: Any
    tokenizer: Any
    preprocessing: ClipPreprocessing
    stock: str
    device: torch.device
    nbytes: int = field(default=0)
    is_siglip: bool = False

    def encode_image(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W) float 0..1 to unit features (N, D) on the CPU."""
        with torch.inference_mode():
            ready = self.preprocessing(pictures.float()).to(self.device)
            if self.stock == "open_clip":
                features = self.model.encode_image(ready)
            else:
                features = _features(self.model.get_image_features(pixel_values=ready))
            return functional.normalize(features.float(), dim=-1).cpu()

    def encode_text(self, texts: Sequence[str]) -> Tensor:
        """Texts, cut to the model's context, to unit features (N, D) on the CPU."""
        with torch.inference_mode():
            if self.stock == "open_clip":
                features = self.model.encode_text(self.tokenizer(list(texts)).to(self.device))
            else:
                context = self.model.config.text_config.max_position_embeddings
                ids = self.tokenizer(
                    [text.lower() for text in texts] if self.is_siglip else list(texts),
                    padding="max_length",
                    max_length=context,
                    truncation=True,
                    return_attention_mask=not self.is_siglip,
                    return_tensors="pt",
                ).to(self.device)
                features = _features(self.model.get_text_features(**ids))
            return functional.normalize(features.float(), dim=-1).cpu()

    @property
    def logit_scale(self) -> float:
        """What its cosines are multiplied by to give logits (Radford et al. 2021, figure 3)."""
        return float(self.model.logit_scale.detach().exp())


@dataclass(frozen=True, eq=False)
class LoadedHead:
    """A small network on the features of a CLIP model.

    Attributes:
        found: where it came from.
        model: (N, inputs) features to (N,) figures, on the CPU.
        clip_weights: digest of the CLIP weights it was trained on; "" for LAION's heads, which
            belong to OpenAI's ViT-L/14.
    """

    found: FoundModel
    model: ScoreHead
    clip_weights: str = ""
    nbytes: int = 0


@dataclass(frozen=True, eq=False)
class LoadedPipeline:
    """A stock pipeline of diffusers, ready to be called.

    Attributes:
        found: where it came from.
        pipeline: an instance of diffusers' `DiffusionPipeline`.
        side: of the square in pixels that the model was made for.
        multiple: of which both sides of its pictures must be.
        device: where its networks compute.
        dtype: of its networks.
        offloads: its networks wait in the computer's memory and come to the device in turn.
        plan: how its networks are held.
        lent: its parts for other roles, once they were asked for (`Family.lends`).
    """

    found: FoundModel
    pipeline: Any
    side: int
    multiple: int
    device: torch.device
    dtype: torch.dtype
    offloads: bool = False
    nbytes: int = 0
    plan: MemoryPlan = WHOLE
    lent: dict[str, LoadedModel] = field(default_factory=dict, repr=False)

    @property
    def networks(self) -> list[Any]:
        """The torch modules among its parts."""
        parts = self.pipeline.components.values()
        return [part for part in parts if isinstance(part, torch.nn.Module)]


@dataclass(frozen=True, eq=False)
class LoadedUpscaler:
    """A network that draws a picture larger.

    Attributes:
        found: where it came from.
        model: takes and gives (N, 3, H, W), values 0..1.
        scale: how many times larger each side becomes.
        device, dtype: of the network.
    """

    found: FoundModel
    model: Any
    scale: int
    device: torch.device
    dtype: torch.dtype
    nbytes: int = 0

    def enlarge(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W) float 0..1 to (N, 3, scale·H, scale·W) float32 0..1 on the CPU."""
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "torch.meshgrid", UserWarning)  # spandrel's own call
            drawn: Tensor = self.model(pictures.to(self.device, self.dtype))
            return drawn.float().clamp(0.0, 1.0).cpu()


@dataclass(frozen=True, eq=False)
class LoadedSegmentation:
    """A network of OpenCV's that says which pixels are of the subject.

    Attributes:
        found: where it came from.
        network: `cv2.dnn.Net`; its input is (1, 3, 256, 256), values 0..1.
    """

    found: FoundModel
    network: Any
    nbytes: int = 0

    def coverage(self, picture: Tensor) -> Tensor:
        """(3, 256, 256) float 0..1 to (256, 256) float32, 0 for none of it to 1."""
        self.network.setInput(picture.float().unsqueeze(0).numpy())
        answer = torch.from_numpy(self.network.forward())
        return answer.reshape(answer.shape[-2:]).clamp(0.0, 1.0)


@dataclass(frozen=True, eq=False)
class LoadedSentenceEncoder:
    """A text encoder whose cosine says how near two sentences are in meaning.

    Attributes:
        found: where it came from.
        model: transformers' `BertModel`, float32.
        tokenizer: of transformers.
    """

    found: FoundModel
    model: Any
    tokenizer: Any
    device: torch.device
    nbytes: int = 0

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Texts, cut to 256 tokens, to unit features (N, D) on the CPU: the mean over tokens."""
        with torch.inference_mode():
            ids = self.tokenizer(
                list(texts), padding=True, truncation=True, max_length=256, return_tensors="pt"
            ).to(self.device)
            states = self.model(**ids).last_hidden_state
            weights = ids["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)
            return functional.normalize(mean.float(), dim=-1).cpu()


LoadedModel = (
    LoadedPipeline
    | LoadedDiffusion
    | LoadedLanguage
    | LoadedCaptioner
    | LoadedClip
    | LoadedUpscaler
    | LoadedSegmentation
    | LoadedSentenceEncoder
    | LoadedHead
)


def facts(model: LoadedDiffusion | LoadedPipeline) -> dict[str, Any]:
    """What is recorded beside a request's key: device, type and library versions."""
    import diffusers

    return {
        "device": model.device.type,
        "dtype": str(model.dtype).removeprefix("torch."),
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "model": model.found.id,
    }


def _features(output: Any) -> Tensor:
    """Transformers 5 returns an object whose pooler output is the projected feature."""
    features: Tensor = output if isinstance(output, Tensor) else output.pooler_output
    return features
