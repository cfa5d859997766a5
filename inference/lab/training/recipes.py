"""The recipes by name and in order, and the folders their models go to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import torch

from inference.lab.training.environment import prepare_libraries

prepare_libraries()

from inference.ipc.domains import STORYBOOK  # noqa: E402
from inference.lab.training.cards import card, write_card  # noqa: E402
from inference.lab.training.export import install, readable  # noqa: E402  # libraries come first
from inference.lab.training.latents import Latents, encode_pairs  # noqa: E402
from inference.lab.training.pairs import BothSides, CachedPairs  # noqa: E402
from inference.lab.training.trainer import Recipe, TrainingPlan, averaged_network  # noqa: E402
from inference.models.model_domain import write_world  # noqa: E402

if TYPE_CHECKING:
    from inference.models.guided_upsampler import GuidedUpsampler

# The judge comes after the autoencoder, whose round trips it must forgive. The ranker is CLIP once
# more, with what the captioner has learnt to see; the reader is its text tower alone and of no
# use before the aligner has brought both towers together again.
NAMES: Final = (
    "autoencoder",
    "judge",
    "clip",
    "text-to-image",
    "instruct-pix2pix",
    "guided-upsampler",  # after the model whose pictures it enlarges
    "captioner",
    "ranker",
    "reader",
    "aligner",
    "aesthetic",  # heads on the features of the last CLIP
    "preference",
    "language",
)
# What the program ships; the autoencoder travels inside both pipelines.
SHIPPED: Final = tuple(name for name in NAMES if name not in {"autoencoder", "reader", "ranker"})
# Whose folder a recipe fills, where that is not its own.
REPLACES: Final = {"ranker": "clip", "reader": "clip", "aligner": "clip"}
UPSAMPLER: Final = "guided-upsampler"
UPSAMPLER_FOLDER: Final = "instruct-pix2pix/upsampler"
"""It draws that model's edits and is part of its folder."""


class TrainingRun:
    """The training folder: the cache, checkpoints and exported models in it.

    Args:
        folder: the training folder.
        pairs: how many gold pairs the cache holds; it is made first if it is not there.
        partial: open what is finished of a cache that is still being made.
        installed: folders of models finished on an earlier machine; later recipes start from them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pairs: int = 60_000,
        partial: bool = False,
        installed: Sequence[Path] = (),
    ) -> None:
        self.folder, self.count, self.partial = folder, pairs, partial
        self.installed = installed

    @cached_property
    def pairs(self) -> CachedPairs:
        """The gold pairs to learn from."""
        from inference.lab.storybook.cache import build_cache, open_cache

        if self.partial:
            return CachedPairs(open_cache(self.folder / "storybook-128", partial=True))
        return CachedPairs(open_cache(build_cache(self.folder / "storybook-128", self.count)))

    @cached_property
    def picture_tokenizer(self) -> Any:
        """The tokenizer CLIP, both diffusion models and the captioner share.

        Learning it again would number some rare words otherwise (among equally frequent pairs the
        library's order is chance), so what a trained CLIP read with is kept.
        """
        from inference.lab.training.tokenizers import corpus, picture_tokenizer

        folder = self.found("clip")
        return picture_tokenizer(corpus()) if folder is None else _tokenizer(folder)

    @property
    def clip(self) -> Any:
        """The CLIP trained last, as an open_clip model in float32; several recipes replace it."""
        from safetensors.torch import load_file

        from inference.lab.training.clip import ClipSize, new_clip

        clip = new_clip(ClipSize())
        clip.load_state_dict(load_file(self._needed("clip") / "open_clip_model.safetensors"))
        return clip.float().eval()

    @cached_property
    def latents(self) -> Latents:
        """Every picture of the cache through the trained autoencoder."""
        self._needed("autoencoder")
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            return encode_pairs(self.vae.to(device), self.pairs, self.folder / "latents-128")
        finally:
            self.vae.cpu()

    @cached_property
    def vae(self) -> Any:
        """The trained autoencoder, or None before there is one."""
        from diffusers import AutoencoderKL

        folder = self.found("autoencoder")
        if folder is None:
            return None
        vae = AutoencoderKL.from_pretrained(folder)
        return vae.float().eval().requires_grad_(False)

    def _needed(self, name: str) -> Path:
        """The exported model of an earlier recipe, or a sentence that says what to run."""
        folder = self.found(name)
        if folder is None:
            raise FileNotFoundError(
                f"train {name} first: python -m inference.lab.training.run --only {name}"
            )
        return folder

    def found(self, name: str) -> Path | None:
        """The model of a recipe: trained here, else installed with the program, else None."""
        places = [self.exported(name)]
        for folder in self.installed:
            places.append(folder / name)
            if name == "autoencoder":  # it travels inside the pipelines
                places.append(folder / "text-to-image" / "vae")
        return next((place for place in places if place.is_dir()), None)

    def exported(self, name: str) -> Path:
        """Where the model of a recipe lies in its stock format."""
        return self.folder / "models" / REPLACES.get(name, name)

    def recipe(self, name: str) -> Recipe:
        """The recipe of this name on this folder's data."""
        makers: dict[str, Callable[[], Recipe]] = {
            "autoencoder": self._autoencoder,
            "judge": self._judge,
            "clip": self._clip,
            "reader": self._reader,
            "aligner": self._aligner,
            "aesthetic": self._aesthetic,
            "preference": self._preference,
            "text-to-image": self._text_to_image,
            "instruct-pix2pix": self._instruct_pix2pix,
            "guided-upsampler": self._guided_upsampler,
            "captioner": self._captioner,
            "ranker": self._ranker,
            "language": self._language,
        }
        return makers[name]()

    def export(self, recipe: Recipe) -> None:
        """Write the averaged weights of a recipe's checkpoint."""
        network, outcome = averaged_network(recipe, self.folder)
        parameters = sum(p.numel() for p in network.parameters())

        def write(draft: Path) -> None:
            recipe.export(network, draft)
            write_world(draft, STORYBOOK)
            write_card(draft, card(recipe.name, parameters, recipe.plan, outcome))

        install(write, self.exported(recipe.name))

    def install(self, name: str, starter: Path) -> None:
        """Copy an exported model to where the program finds it."""
        kept = starter / UPSAMPLER_FOLDER

        def write(draft: Path) -> None:
            shutil.copytree(self.exported(name), draft, dirs_exist_ok=True)
            if name == kept.parent.name and kept.is_dir():  # the new model keeps its upsampler
                shutil.copytree(kept, draft / kept.name, dirs_exist_ok=True)
            readable(draft)

        place = UPSAMPLER_FOLDER if name == UPSAMPLER else REPLACES.get(name, name)
        install(write, starter / place)

    def _autoencoder(self) -> Recipe:
        from inference.lab.training.autoencoder import AutoencoderRecipe

        return AutoencoderRecipe(BothSides(self.pairs))

    def _judge(self) -> Recipe:
        from inference.lab.storybook.cache import build_cache, open_cache
        from inference.lab.training.judge import JudgeRecipe

        # The judge is a ruler and no model under test, so it may know what those never see.
        count = max(1000, self.count // 15)
        folder = build_cache(self.folder / "unseen-128", count, seed=1, unseen=True)
        return JudgeRecipe(self.pairs, vae=self.vae, unseen=CachedPairs(open_cache(folder)))

    def _clip(self) -> Recipe:
        from inference.lab.training.clip import ClipRecipe

        if self.found("clip") is None:
            return ClipRecipe(self.pairs, self.picture_tokenizer)
        return self._aligned("clip")

    def _aligner(self) -> Recipe:
        return self._aligned("aligner")

    def _aligned(self, name: str) -> Recipe:
        """The CLIP that is there, both towers once more."""
        from inference.lab.training.clip import ClipRecipe

        # What is left to learn is measured: of the captions that are preferred to the right one
        # nine in ten name another second thing, which is small.
        return ClipRecipe(
            self.pairs,
            self.picture_tokenizer,
            plan=TrainingPlan(
                steps=800, lr=4e-4, warmup=60, weight_decay=0.05, betas=(0.9, 0.98), ema=0.995
            ),
            name=name,
            start=self.clip,
            wrong=2,
            hard=("second",),
        )

    def _aesthetic(self) -> Recipe:
        return self._score_head("aesthetic")

    def _preference(self) -> Recipe:
        return self._score_head("preference")

    def _score_head(self, role: Literal["aesthetic", "preference"]) -> Recipe:
        from inference.lab.training.score_heads import ScoreHeadRecipe
        from inference.models.store import ModelStore

        models = ModelStore([self._needed("clip")])
        digest = models.digest(models.candidates("clip")[0])
        return ScoreHeadRecipe(self.pairs, self.clip, self.picture_tokenizer, digest, role)

    def _reader(self) -> Recipe:
        from inference.lab.training.clip_text_pretrain import ReaderRecipe

        return ReaderRecipe(self.picture_tokenizer, self.clip)

    def _ranker(self) -> Recipe:
        from transformers import BlipForConditionalGeneration

        from inference.lab.training.clip import ClipRecipe
        from inference.lab.training.clip_finetune import with_eyes_of

        captioner = BlipForConditionalGeneration.from_pretrained(self._needed("captioner")).float()
        return ClipRecipe(
            self.pairs,
            self.picture_tokenizer,
            plan=TrainingPlan(
                steps=1300, lr=5e-4, warmup=100, weight_decay=0.05, betas=(0.9, 0.98), ema=0.995
            ),
            name="ranker",
            start=with_eyes_of(captioner, self.clip),
            wrong=2,
            hard=("second",),
        )

    def _text_to_image(self) -> Recipe:
        from inference.lab.training.clip import text_encoder
        from inference.lab.training.text_to_image import TextToImageRecipe

        earlier = self.found("text-to-image")
        if earlier is None:
            words = self.picture_tokenizer
            unet, tower = None, text_encoder(self.clip, words)
        else:
            words = _tokenizer(earlier / "tokenizer")
            unet, tower = _parts(earlier)
            editor = self.found("instruct-pix2pix")
            predicted = [None if editor is None else _predicts(editor), _predicts(earlier)]
            if editor is not None and predicted == ["v_prediction", "epsilon"]:
                from inference.lab.training.instruct_pix2pix import narrowed

                # It has learnt more of this world, captions without a source among other texts.
                words = _tokenizer(editor / "tokenizer")
                unet, tower = _parts(editor)
                unet = narrowed(unet)
        return TextToImageRecipe(self.pairs, self.latents, self.vae, tower, words, start=unet)

    def _instruct_pix2pix(self) -> Recipe:
        from inference.lab.training.instruct_pix2pix import InstructPix2PixRecipe

        earlier = self.found("instruct-pix2pix") or self._needed("text-to-image")
        unet, tower = _parts(earlier)
        words = _tokenizer(earlier / "tokenizer")
        return InstructPix2PixRecipe(self.pairs, self.latents, self.vae, unet, tower, words)

    def _guided_upsampler(self) -> Recipe:
        from inference.lab.training.guided_upsampler import GuidedUpsamplerRecipe
        from inference.lab.training.upsampler_crops import (
            EDITS,
            SHOWN,
            build_crops,
            editing_pipeline,
            open_crops,
        )

        folder = self.folder / "upsampler-crops"
        if self.partial:
            crops = {way: open_crops(folder / way) for way in EDITS}
        else:
            pipeline = editing_pipeline(self._needed("instruct-pix2pix"))
            crops = {way: build_crops(pipeline, folder / way, EDITS[way], way) for way in EDITS}
        return GuidedUpsamplerRecipe([crops[way] for way in SHOWN], start=self._earlier_upsampler())

    def _earlier_upsampler(self) -> GuidedUpsampler | None:
        """The upsampler of an installed model; the one trained here goes on by itself."""
        from inference.models.guided_upsampler import load_upsampler

        places = [folder / UPSAMPLER_FOLDER for folder in self.installed]
        place = next((place for place in places if place.is_dir()), None)
        return None if place is None else load_upsampler(place)

    def _captioner(self) -> Recipe:
        from inference.lab.training.captioner import CaptionerRecipe

        return CaptionerRecipe(self.pairs, self.clip, self.picture_tokenizer)

    def _language(self) -> Recipe:
        from inference.lab.training.language import LanguageRecipe, language_corpus
        from inference.lab.training.tokenizers import language_tokenizer

        earlier = self.found("language")
        if earlier is None:
            return LanguageRecipe(language_tokenizer(language_corpus()))
        from transformers import AutoTokenizer, GPT2LMHeadModel

        return LanguageRecipe(
            AutoTokenizer.from_pretrained(earlier),
            plan=TrainingPlan(steps=2400, lr=8e-4, weight_decay=0.05, shared=True),
            start=GPT2LMHeadModel.from_pretrained(earlier).float(),
        )


def _parts(folder: Path) -> tuple[Any, Any]:
    """UNet and text tower of a pipeline's folder, in float32, the UNet as large as we train it."""
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModel

    from inference.lab.training.text_to_image import UNetSize, start_from

    unet = UNet2DConditionModel.from_pretrained(folder / "unet").float()
    return (
        start_from(unet, _predicts(folder), UNetSize().channels),
        CLIPTextModel.from_pretrained(folder / "text_encoder").float(),
    )


def _tokenizer(folder: Path) -> Any:
    """The picture tokenizer a trained model was saved with."""
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(folder)


def _predicts(folder: Path) -> str:
    """What a pipeline's UNet predicts, in diffusers' words."""
    scheduler = json.loads((folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    return str(scheduler["prediction_type"])
