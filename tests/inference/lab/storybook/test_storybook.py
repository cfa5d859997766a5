"""The storybook world keeps its promises: same seed same pixels, split, gold, captions, files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.lab.storybook import cache, edits, instructions, samples
from inference.lab.storybook.edits import is_unseen_edit
from inference.lab.storybook.export import write_storybook
from inference.lab.storybook.layout import layout
from inference.lab.storybook.render import (
    SECOND_DRAWINGS,
    draw_second,
    draw_subject,
    render,
    subject_height,
)
from inference.lab.storybook.sheet import Sheet
from inference.starter import captions
from inference.starter.scene import (
    ATTRIBUTES,
    COLOURS,
    HELD_OUT_PLACE,
    HELD_OUT_STYLE,
    PLACES,
    SECONDS,
    SUBJECTS,
    UNSEEN_COLOURS,
    UNSEEN_PLACES,
    VIEWS,
    Scene,
    from_attributes,
    is_held_out,
    is_unseen,
    sample_any,
    sample_scene,
)


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_same_scene_same_pixels() -> None:
    """Equal scenes render to equal bytes in every style; another seed gives another picture."""
    for style in ATTRIBUTES["style"]:
        scene = Scene(second="ball", ground="fence", weather="rain", style=style, seed=4)
        first = render(scene, 96)
        assert first.shape == (96, 96, 3)
        assert first.dtype == np.uint8
        np.testing.assert_array_equal(first, render(scene, 96))
        assert (first != render(scene.with_(seed=5), 96)).any()


def test_sampling_is_seeded() -> None:
    """The same generator state gives the same scenes."""
    assert sample_scene(_rng(3)) == sample_scene(_rng(3))
    rng, again = _rng(1), _rng(1)
    assert [sample_any(rng) for _ in range(20)] == [sample_any(again) for _ in range(20)]


def test_scene_refuses_unknown_values() -> None:
    """A value outside the vocabulary is refused with its name."""
    with pytest.raises(ValueError, match="colour cannot be 'mauve'"):
        Scene(colour="mauve")
    with pytest.raises(ValueError, match="not attributes"):
        from_attributes({"size": 3})


def test_unseen_split() -> None:
    """An eighth of the pairs is held out, no value loses too much, and training never shows one."""
    assert len(UNSEEN_COLOURS) == len(SUBJECTS) * len(COLOURS) // 8
    assert len(UNSEEN_PLACES) == round(len(SUBJECTS) * len(PLACES) / 8)
    for subject in SUBJECTS:
        assert sum(s == subject for s, _ in UNSEEN_COLOURS) <= 2
        assert sum(s == subject for s, _ in UNSEEN_PLACES) <= 1
    rng = _rng()
    for _ in range(2000):
        assert not is_unseen(sample_scene(rng))
        assert not is_held_out(sample_any(rng))
    assert all(is_unseen(sample_scene(rng, unseen=True)) for _ in range(50))
    assert is_held_out(Scene(place=HELD_OUT_PLACE))
    assert is_held_out(Scene(style=HELD_OUT_STYLE))


def test_split_is_fixed_for_ever() -> None:
    """The held-out pairs are part of the world: models trained earlier rely on them."""
    assert ("lighthouse", "red") in UNSEEN_COLOURS
    assert ("castle", "blue") in UNSEEN_COLOURS
    assert ("car", "meadow") in UNSEEN_PLACES


def test_every_attribute_value_shows() -> None:
    """Changing any attribute changes the picture."""
    base = Scene(second="ball", second_colour="blue", seed=2)
    before = render(base, 64)
    for name, values in ATTRIBUTES.items():
        for value in values:
            if value != getattr(base, name):
                after = render(base.with_(**{name: value}), 64)
                assert (before != after).any(-1).sum() >= 12, (name, value)


def _height(scene: Scene, second: bool) -> int:
    """Rows of solid paint of the subject or the second object at 128 px."""
    sheet = Sheet(128)
    (draw_second if second else draw_subject)(sheet, scene, layout(scene.seed))
    return int((sheet.pixels()[..., 3] > 180).any(1).sum())


def test_things_are_large_enough() -> None:
    """Subjects are at least 28 % of the height, everything else recognisable at least 12 px."""
    for view in VIEWS:
        for seed in range(4):
            for subject in SUBJECTS:
                scene = Scene(subject=subject, view=view, seed=seed)
                assert subject_height(scene) >= 0.28
                assert _height(scene, second=False) >= 0.28 * 128, (subject, view)
            for second in SECOND_DRAWINGS:
                assert _height(Scene(second=second, view=view, seed=seed), second=True) >= 12


def test_resolution_free() -> None:
    """A large picture scaled down is the small picture, but for antialiasing and small touches."""
    scene = Scene("lighthouse", "blue", "ball", "red", "path", seed=3)
    small = render(scene, 128).astype(float)
    large = Image.fromarray(render(scene, 512)).resize((128, 128), Image.Resampling.BOX)
    assert np.abs(small - np.asarray(large, float)).mean() < 2.0


@pytest.mark.parametrize("kind", edits.EDIT_KINDS)
def test_gold_is_exact_outside_its_mask(kind: str) -> None:
    """Outside the mask source and gold are byte-equal; inside, something changes."""
    rng = _rng(11)
    for i in range(14):
        edit = edits.sample_edit(rng, kind)
        size = 128 if i % 7 else 256
        pixels = edits.gold(edit, size)
        differs = (pixels.source != pixels.target).any(-1)
        assert differs.any(), edit
        assert not (differs & (pixels.mask == 0)).any(), edit
        assert set(np.unique(pixels.mask)) <= {0, 255}
        if kind in ("light", "weather", "season", "style"):
            assert pixels.mask.all()
        else:
            assert pixels.mask.mean() < 255 * 0.6, edit


@pytest.mark.parametrize("kind", edits.EDIT_KINDS)
def test_edit_changes_what_it_names(kind: str) -> None:
    """Only the attribute in question changes, in the training split on both sides."""
    rng = _rng(5)
    for _ in range(200):
        edit = edits.sample_edit(rng, kind)
        before, after = edit.source.attributes(), edit.target.attributes()
        changed = {k for k in before if before[k] != after[k]}
        if kind == "add" and edit.attribute == "second":
            changed.discard("second_colour")
        assert changed == {edit.attribute}
        assert not edits.is_unseen_edit(edit)
        assert edit.target.second.split()[-1] != edit.target.subject
    assert edits.is_unseen_edit(edits.sample_edit(rng, kind, unseen=True))


def _named(scene: Scene) -> dict[str, str]:
    """What a complete caption says of a scene."""
    named = {k: str(v) for k, v in scene.attributes().items() if k != "seed"}
    if scene.second == "none":
        del named["second_colour"]
    return named


def test_captions_can_be_read_back() -> None:
    """Every attribute is recovered from canonical and free captions; partial ones never lie."""
    rng = _rng(2)
    for _ in range(1500):
        scene = sample_any(rng)
        assert captions.parse_caption(captions.canonical(scene)) == _named(scene)
        text = captions.random_caption(scene, rng, plain=0.2)
        assert captions.parse_caption(text) == _named(scene), text
        partial = captions.parse_caption(captions.random_caption(scene, rng, complete=False))
        assert partial.items() <= _named(scene).items()


def test_every_synonym_is_used_and_read() -> None:
    """All values in all words, the held-out place and style too."""
    rng = _rng(8)
    for name, values in ATTRIBUTES.items():
        for value in values:
            scene = Scene(second="flag").with_(**{name: value})
            for _ in range(12):
                text = captions.random_caption(scene, rng, plain=0.0)
                assert captions.parse_caption(text) == _named(scene), text


def test_caption_is_seeded() -> None:
    """The same generator state gives the same words; the canonical form needs none."""
    scene = Scene(second="apple tree", ground="fence")
    assert captions.random_caption(scene, _rng(4)) == captions.random_caption(scene, _rng(4))
    assert captions.canonical(scene) == (
        "a red house with a green apple tree and a fence, in a meadow, at noon, clear sky, "
        "summer, seen close, flat illustration"
    )


@pytest.mark.parametrize("kind", edits.EDIT_KINDS)
def test_instructions(kind: str) -> None:
    """Sentences are filled in, seeded, and never shared between training and evaluation."""
    rng = _rng(6)
    trained, held_out = set(), set()
    for _ in range(150):
        edit = edits.sample_edit(rng, kind)
        one = instructions.instruct(edit, rng)
        two = instructions.instruct(edit, rng, held_out=True)
        assert "{" not in one.text + two.text
        assert "  " not in one.text + two.text
        assert not one.held_out
        assert two.held_out
        trained.add(one.template)
        held_out.add(two.template)
    assert len(trained) >= 5
    assert len(held_out) == 2
    assert not trained & held_out
    same = [instructions.instruct(edit, _rng(1)).text for _ in range(2)]
    assert same[0] == same[1]


def test_export(tmp_path: Path) -> None:
    """Pictures, gold, masks and one line each, equal for equal seeds, whole or not at all."""
    out = write_storybook(tmp_path / "a", 9, seed=7, size=48)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]
    rows = [json.loads(line) for line in (out / "scenes.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 9
    assert len(list(out.iterdir())) == 28
    assert {row["edit_type"] for row in rows} == set(edits.EDIT_KINDS)
    for row in rows:
        source = np.asarray(Image.open(out / f"{row['id']}.png"))
        gold = np.asarray(Image.open(out / f"{row['id']}-gold.png"))
        mask = np.asarray(Image.open(out / f"{row['id']}-mask.png"))
        assert source.shape == (48, 48, 3)
        assert mask.shape == (48, 48)
        np.testing.assert_array_equal(source[mask == 0], gold[mask == 0])
        np.testing.assert_array_equal(source, render(from_attributes(row["attributes"]), 48))
        assert row["caption"] == captions.canonical(from_attributes(row["attributes"]))
        assert row["gold_caption"] == captions.canonical(from_attributes(row["gold_attributes"]))
        assert row["instruction"]
        assert row["split"] in ("seen", "unseen")
    again = write_storybook(tmp_path / "b", 9, seed=7, size=48)
    for path in out.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_export_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in use, odd sizes; and a failure half way leaves nothing behind."""
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "x").write_text("mine")
    with pytest.raises(FileExistsError):
        write_storybook(tmp_path / "used", 1)
    with pytest.raises(ValueError, match="size"):
        write_storybook(tmp_path / "new", 1, size=5)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("inference.lab.storybook.export.gold", broken)
    with pytest.raises(OSError, match="disk full"):
        write_storybook(tmp_path / "new", 3, size=32)
    assert [p.name for p in tmp_path.iterdir()] == ["used"]


def test_a_cache_for_the_judge_lies_outside_the_training_split(tmp_path: Path) -> None:
    folder = cache.build_cache(tmp_path, 12, seed=1, size=32, workers=1, unseen=True)
    made = cache.open_cache(folder)
    assert all(is_unseen_edit(made.edit(i)) for i in range(12))
    with pytest.raises(FileExistsError):
        cache.build_cache(tmp_path, 12, seed=1, size=32, workers=1)


def test_cache_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted set goes on where it stopped and ends equal to one made in one go."""
    monkeypatch.setattr(cache, "_CHUNK", 4)
    whole = cache.open_cache(cache.build_cache(tmp_path / "a", 10, seed=3, size=32, workers=1))
    assert whole.source.shape == whole.gold.shape == (10, 32, 32, 3)
    assert whole.mask.shape == (10, 32, 32)
    assert whole.attributes.shape == (10, 2, len(ATTRIBUTES))

    fill, calls = cache._fill, []

    def stopping(job: tuple[str, int, int, int, int, bool]) -> int:
        calls.append(job)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return fill(job)

    monkeypatch.setattr(cache, "_fill", stopping)
    with pytest.raises(KeyboardInterrupt):
        cache.build_cache(tmp_path / "b", 10, seed=3, size=32, workers=1)
    with pytest.raises(FileNotFoundError):
        cache.open_cache(tmp_path / "b")
    assert len(cache.open_cache(tmp_path / "b", partial=True).rows) == 4
    resumed = cache.open_cache(cache.build_cache(tmp_path / "b", 10, seed=3, size=32, workers=1))
    assert [job[1] for job in calls] == [0, 4, 4, 8]
    for name in ("source", "gold", "mask", "attributes"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(resumed, name))
    assert whole.rows == resumed.rows
    with pytest.raises(FileExistsError):
        cache.build_cache(tmp_path / "b", 10, seed=4, size=32, workers=1)

    edit = whole.edit(2)
    np.testing.assert_array_equal(whole.gold[2], render(edit.target, 32))
    for i, row in enumerate(whole.rows):
        for (name, values), index in zip(ATTRIBUTES.items(), whole.attributes[i, 0], strict=True):
            if index >= 0:
                assert values[index] == row["attributes"][name]
            else:
                assert (name, row["attributes"]["second"]) == ("second_colour", "none")


def test_samples_are_installed() -> None:
    """At least eight large samples with captions, the little red house first."""
    folder = Path(__file__).parents[4] / "resources" / "samples"
    rows = json.loads((folder / "storybook.json").read_text("utf-8"))
    assert len(rows) == len(samples.SAMPLES) >= 8
    assert rows[0]["title"] == "Little red house"
    for row, (_, title, caption, scene) in zip(rows, samples.SAMPLES, strict=True):
        assert (row["title"], row["caption"]) == (title, caption)
        assert from_attributes(row["attributes"]) == scene
        assert not is_unseen(scene)
        with Image.open(folder / row["file"]) as image:
            assert (image.mode, image.size) == ("RGB", (768, 768))
        assert (folder / row["file"]).stat().st_size < 260_000


def test_the_samples_that_come_with_the_program_can_be_drawn_again(tmp_path: Path) -> None:
    folder = Path(__file__).parents[4] / "resources" / "samples"
    samples.write_samples(tmp_path)
    assert (tmp_path / "storybook.json").read_bytes() == (folder / "storybook.json").read_bytes()
    drawn = sorted(file.name for file in tmp_path.glob("*.png"))
    assert drawn == sorted(file.name for file in folder.glob("storybook-*.png"))
    for name in drawn:
        with Image.open(tmp_path / name) as again, Image.open(folder / name) as shipped:
            np.testing.assert_array_equal(np.asarray(again), np.asarray(shipped))


def test_second_words_cover_every_object() -> None:
    """No second object without a drawing and a word."""
    assert set(SECONDS) - {"none"} == set(SECOND_DRAWINGS) == set(captions.SECOND_WORDS)
