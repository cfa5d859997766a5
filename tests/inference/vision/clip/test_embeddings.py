from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.models.loaded import LoadedClip
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from inference.vision.clip.embeddings import Embeddings
from inference.vision.clip.similarity import Similarity, similarities
from tests.inference.vision.clip import clip_cases


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is really encoded: kind and count of each batch."""
    seen: list[tuple[str, int]] = []
    for name in ("encode_image", "encode_text"):
        encode = getattr(LoadedClip, name)

        def counting(self: LoadedClip, some: Any, name: str = name, encode: Any = encode) -> Any:
            seen.append((name.removeprefix("encode_"), len(some)))
            return encode(self, some)

        monkeypatch.setattr(LoadedClip, name, counting)
    return seen


def plain(
    folder: Path, before: np.ndarray, after: np.ndarray, texts: tuple[str, str]
) -> Similarity:
    """InstructPix2Pix's `ClipSimilarity.forward` on stock open_clip calls alone."""
    import open_clip

    config = json.loads((folder / "open_clip_config.json").read_text())
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False).eval()
    open_clip.load_checkpoint(model, str(folder / "open_clip_model.safetensors"))
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    size = config["model_cfg"]["vision_cfg"]["image_size"]
    mean, std = (
        torch.tensor(config["preprocess_cfg"][k]).view(1, 3, 1, 1) for k in ("mean", "std")
    )

    def picture(pixels: np.ndarray) -> torch.Tensor:
        values = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
        values = torch.nn.functional.interpolate(
            values, (size, size), mode="bicubic", antialias=True, align_corners=False
        ).clamp(0, 1)
        features = model.encode_image((values - mean) / std)
        return features / features.norm(dim=1, keepdim=True)

    def text(words: str) -> torch.Tensor:
        features = model.encode_text(tokenizer([words]))
        return features / features.norm(dim=1, keepdim=True)

    with torch.no_grad():
        one, two, first, second = picture(before), picture(after), text(texts[0]), text(texts[1])
        cosine = torch.nn.functional.cosine_similarity
        return Similarity(
            cosine(two - one, second - first).item(), cosine(one, two).item(),
            cosine(one, first).item(), cosine(two, second).item(), cosine(first, second).item(),
        )  # fmt: skip


def test_parity_with_a_plain_implementation(learnt: ModelStore, learnt_folder: Path) -> None:
    rng = np.random.default_rng(3)
    before = rng.integers(0, 255, (48, 80, 3), np.uint8)  # not square: nothing may be cropped
    after = [rng.integers(0, 255, (48, 80, 3), np.uint8), clip_cases.pixels("blue", 96)]
    texts = ("a red picture", "a blue picture")
    found = Embeddings(learnt).compare(
        Image.from_array(before), [Image.from_array(one) for one in after], texts[0], [texts[1]] * 2
    )
    for one, pixels in zip(found, after, strict=True):
        stock = plain(learnt_folder, before, pixels, texts)
        for name in ("direction", "image", "source", "target", "text"):
            assert abs(getattr(one, name) - getattr(stock, name)) < 1e-5, name


def test_loading_raises_no_alarm(
    learnt: ModelStore, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    Embeddings(learnt).texts(["a red picture"])
    assert not caplog.records
    assert capfd.readouterr().err == ""


def test_direction_tells_edits_apart_where_the_model_knows_them(learnt: ModelStore) -> None:
    source = clip_cases.image("red")
    names = ["blue", "green", "white", "red"]
    found = Embeddings(learnt).compare(
        source, [clip_cases.image(name, 65) for name in names],
        clip_cases.caption("red"), [clip_cases.caption("blue")] * 4,
    )  # fmt: skip
    directions = [one.direction or 0.0 for one in found]
    assert max(directions) == directions[0] > 0.8
    assert found[0].target is not None
    assert found[0].target > 0.8
    assert found[3].image > 0.95


def test_nothing_changed_goes_nowhere_by_definition(learnt: ModelStore) -> None:
    source = clip_cases.image("red")
    same, other = Embeddings(learnt).compare(
        source, [Image.from_array(source.array()), clip_cases.image("blue")],
        clip_cases.caption("red"), [clip_cases.caption("blue")] * 2,
    )  # fmt: skip
    assert same.direction == 0.0
    assert abs(same.image - 1.0) < 1e-6
    assert (other.direction or 0.0) > 0.0


def test_without_captions_or_with_equal_ones_there_is_no_direction(learnt: ModelStore) -> None:
    source, other = clip_cases.image("red"), clip_cases.image("blue")
    embeddings = Embeddings(learnt)
    same = embeddings.compare(source, [other], "a red picture", ["a red picture"])[0]
    assert same.direction is None
    assert same.target is not None
    none = embeddings.compare(source, [other], "", [" "])[0]
    assert (none.direction, none.source, none.target, none.text) == (None, None, None, None)
    assert -1 <= none.image <= 1
    half = embeddings.compare(source, [other], "", ["a blue picture"])[0]
    assert half.direction is None
    assert half.target is not None


def test_each_content_is_encoded_once(learnt: ModelStore, batches: list[tuple[str, int]]) -> None:
    embeddings = Embeddings(learnt)
    source = clip_cases.image("red")
    candidates = [clip_cases.image(name) for name in ("blue", "green", "blue")]
    first = embeddings.compare(source, candidates, "a red picture", ["a blue picture"] * 3)
    # Source and both different candidates in one batch, both captions in another.
    assert batches == [("image", 3), ("text", 2)]
    again = embeddings.compare(source, candidates, "a red picture", ["a blue picture"] * 3)
    assert again == first
    assert len(batches) == 2
    embeddings.pictures([source, clip_cases.image("white")])
    assert batches[2:] == [("image", 1)]


def test_memory_is_bounded_and_the_oldest_goes(
    learnt: ModelStore, batches: list[tuple[str, int]]
) -> None:
    row = 16 * 4 + 1
    embeddings = Embeddings(learnt, limit=3 * row)
    for text in "abcd":
        embeddings.texts([text])
        embeddings.texts(["a"])  # used again, so it stays
    assert embeddings.kept_bytes <= 3 * row
    assert len(batches) == 4
    embeddings.texts(["a", "d"])
    assert len(batches) == 4
    embeddings.texts(["b"])
    assert len(batches) == 5
    wide = embeddings.texts([f"text {i}" for i in range(40)])  # more than is kept
    assert wide.shape == (40, 16)
    assert embeddings.kept_bytes <= 3 * row


def test_other_weights_are_other_features(learnt: ModelStore, tmp_path: Path) -> None:
    from tests.inference import tiny_models

    other = ModelStore([tiny_models.open_clip(tmp_path / "clip")], device="cpu")
    assert Embeddings(other).digest != Embeddings(learnt).digest
    assert Embeddings(ModelStore()).digest == ""
    assert Embeddings(ModelStore()).model is None


def test_weights_are_read_once_for_their_digest(
    learnt_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shutil import copytree

    store = ModelStore([copytree(learnt_folder, tmp_path / "clip")], device="cpu")
    asked: list[str] = []
    digest = store.digest

    def counting(model: Any) -> str:
        asked.append(model.id)
        return digest(model)

    monkeypatch.setattr(store, "digest", counting)
    embeddings = Embeddings(store)
    embeddings.pictures([clip_cases.image("red")])
    embeddings.texts(["a red picture"])
    first = embeddings.digest
    assert len(asked) == 1
    weights = tmp_path / "clip" / "open_clip_model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-2] + bytes(2))
    os.utime(weights, ns=(1, 1))
    assert embeddings.digest != first


def test_depth_alpha_grey_and_profile_reach_the_model_as_colours(learnt: ModelStore) -> None:
    embeddings = Embeddings(learnt)
    eight = clip_cases.pixels("green", 40)
    reference = embeddings.pictures([Image.from_array(eight)])[0]
    deep = Image.from_array(eight.astype(np.uint16) * 257)
    assert reference @ embeddings.pictures([deep])[0] > 0.9999
    hidden = np.dstack([eight, np.full((40, 40), 255, np.uint8)])
    assert reference @ embeddings.pictures([Image.from_array(hidden)])[0] > 0.9999
    hidden[:, 20:] = (255, 0, 0, 0)  # what cannot be seen is not green's fault
    assert reference @ embeddings.pictures([Image.from_array(hidden)])[0] > 0.9
    grey = Image.from_array(np.full((20, 30), 238, np.uint8))
    white = embeddings.pictures([clip_cases.image("white")])[0]
    assert white @ embeddings.pictures([grey])[0] > 0.9


def test_a_cancel_is_heard_before_a_batch(learnt: ModelStore) -> None:
    def cancel() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Embeddings(learnt).pictures([clip_cases.image("red")], cancel)


def test_similarities_refuse_what_does_not_fit() -> None:
    one = np.full((1, 4), 0.5, np.float32)
    with pytest.raises(ValueError, match="captions"):
        similarities(one[0], one, None, [])
