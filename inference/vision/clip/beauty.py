"""Whether people would like a picture: aesthetic and preference models on CLIP's features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from editor.model.image import Image
from inference.models.found_model import FoundModel
from inference.models.helper import HelperFailed, helping
from inference.models.store import ModelStore
from inference.vision.clip.calibration import is_vit_l_14
from inference.vision.clip.embeddings import Embeddings
from inference.vision.clip.similarity import Features


@dataclass(frozen=True)
class Beauty:
    """What models of people's taste say about one picture; None without such a model.

    Attributes:
        aesthetic: how beautiful the picture is, on the model's own scale (LAION: 1 to 10).
        preference: how well it is liked for its caption: a logit, so that a picture that is one
            higher is preferred e times as often (Kirstain et al. 2023, eq. 2).
    """

    aesthetic: float | None = None
    preference: float | None = None


class BeautyJudge:
    """Rates pictures with the aesthetic and the preference model that serve.

    Heads rate the features that the CLIP model of the ranking has computed anyway, where they
    belong to that model; PickScore and HPSv2 are CLIP models of their own. One that cannot be used
    is left out: the pictures are ranked without it.
    """

    def __init__(self, models: ModelStore, embeddings: Embeddings) -> None:
        """Nothing is loaded before the first picture.

        Args:
            models: with the models of the roles "aesthetic" and "preference", if there are any.
            embeddings: of the CLIP model that ranks.
        """
        self._models, self._embeddings = models, embeddings
        self._preferred = Embeddings(models, role="preference")

    def rate(
        self,
        pictures: Sequence[Image],
        captions: Sequence[str],
        check: Callable[[], None] | None = None,
    ) -> list[Beauty]:
        """One `Beauty` for each picture.

        Args:
            pictures: of any size.
            captions: what each should show, "" where that is not known.
            check: called between pictures and layers; what it raises passes.
        """
        aesthetic = self._figures("aesthetic", pictures, captions, check)
        preference = self._figures("preference", pictures, captions, check)
        return [Beauty(*both) for both in zip(aesthetic, preference, strict=True)]

    def _figures(
        self,
        role: str,
        pictures: Sequence[Image],
        captions: Sequence[str],
        check: Callable[[], None] | None,
    ) -> list[float | None]:
        none: list[float | None] = [None] * len(pictures)
        model = self._models.model(role)
        if model is None:
            return none
        try:
            with helping(model):
                if model.family == "human-preference":
                    return self._preferences(pictures, captions, check)
                return self._by_head(role, model, pictures, captions, check)
        except HelperFailed:
            return none

    def _preferences(
        self,
        pictures: Sequence[Image],
        captions: Sequence[str],
        check: Callable[[], None] | None,
    ) -> list[float | None]:
        """Logits of PickScore or HPSv2: the cosine times the model's scale."""
        found = self._preferred.pictures(pictures, check)
        scale = self._models.clip("preference").logit_scale
        texts = _texts(self._preferred, captions, check)
        return [
            None if text is None else scale * float(picture @ text)
            for picture, text in zip(found, texts, strict=True)
        ]

    def _by_head(
        self,
        role: str,
        model: FoundModel,
        pictures: Sequence[Image],
        captions: Sequence[str],
        check: Callable[[], None] | None,
    ) -> list[float | None]:
        import torch

        from inference.models.loaded import LoadedHead
        from inference.models.score_head import both_features

        none: list[float | None] = [None] * len(pictures)
        clip = self._embeddings.model
        if clip is None:
            return none
        head = self._models.load(role, LoadedHead)
        if not _belongs(head.clip_weights, clip, self._embeddings.digest):
            return none
        found = self._embeddings.pictures(pictures, check)
        if role == "aesthetic":
            if head.model.inputs != found.shape[1]:
                return none
            return [float(value) for value in head.model(torch.from_numpy(found))]
        texts = _texts(self._embeddings, captions, check)
        rows = [i for i, text in enumerate(texts) if text is not None]
        made = list(none)
        if rows:
            read = np.stack([text for text in texts if text is not None])
            seen = both_features(torch.from_numpy(found[rows]), torch.from_numpy(read))
            for i, value in zip(rows, head.model(seen), strict=True):
                made[i] = float(value)
        return made


def _texts(
    embeddings: Embeddings, captions: Sequence[str], check: Callable[[], None] | None
) -> list[Features | None]:
    """Features of each caption, None where it is not known."""
    written = [text for text in dict.fromkeys(captions) if text.strip()]
    read = dict(zip(written, embeddings.texts(written, check), strict=True)) if written else {}
    return [read.get(text) for text in captions]


def _belongs(clip_weights: str, clip: FoundModel, digest: str) -> bool:
    """Whether a head was trained on the features of this CLIP model."""
    return clip_weights == digest if clip_weights else is_vit_l_14(clip.folder)
