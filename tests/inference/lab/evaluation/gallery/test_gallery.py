"""The gallery shows every sentence, and its blind judgement counts only readers who look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from editor.errors import ExpectedError
from editor.model.image import Image, Pixels
from editor.ranking.fidelity import ssim
from inference.lab.evaluation.edge_ratio import edge_ratio
from inference.lab.evaluation.gallery.asks import NoAsks, read_asks
from inference.lab.evaluation.gallery.blind import (
    SENTENCES,
    BadJudgement,
    blind_cases,
    count_judgement,
    smeared,
    write_blind,
)
from inference.lab.evaluation.gallery.run import FirstResult, Shown, figures, make_gallery
from inference.lab.evaluation.gallery.sheets import write_gallery_sheets
from inference.lab.evaluation.starter.testset import edits
from inference.lab.storybook.edits import EDIT_KINDS, gold
from inference.lab.storybook.render import render
from inference.starter.scene import ATTRIBUTES


class _TrueJudge:
    """Reads each picture as the scene it was drawn from."""

    def __init__(self, scenes: Sequence[dict[str, str | int]]) -> None:
        self._scenes = iter(scenes)

    def read(self, pixels: Pixels) -> dict[str, list[int]]:
        assert pixels.shape[1:] == (128, 128, 3)
        scenes = [next(self._scenes) for _ in pixels]
        return {
            name: [values.index(str(scene[name])) for scene in scenes]
            for name, values in ATTRIBUTES.items()
        }


def test_ten_samples_have_twelve_sentences_each_and_none_asks_for_what_is_so() -> None:
    asks = read_asks()
    counts = {ask.sample: sum(a.sample == ask.sample for a in asks) for ask in asks}
    assert len(counts) == 10
    assert set(counts.values()) == {12}
    assert {ask.kind for ask in asks} == set(EDIT_KINDS)
    for ask in asks:
        assert ask.edit().target != ask.edit().source, ask.text
    assert len({(ask.sample, ask.text) for ask in asks}) == 120


@pytest.mark.parametrize(
    "line",
    [
        "house: blue",
        '{"sample": "storybook-house.png", "ask": "bigger"}',
        '{"sample": "photo.png", "ask": "x", "after": {"light": "night"}, "kind": "light"}',
        '{"sample": "storybook-house.png", "ask": "x", "after": {"light": "dusk"}, "kind": "x"}',
    ],
)
def test_other_lines_are_refused_with_their_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "asks.jsonl"
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(NoAsks, match=r"Line 1 of asks\.jsonl"):
        read_asks(file)
    with pytest.raises(NoAsks, match="cannot be read"):
        read_asks(tmp_path / "none.jsonl")


def _gallery(folder: Path) -> list[Shown]:
    """Four sentences: gold answers, one left as it was, one refused."""
    asks = read_asks()[:4]
    answers = iter([render(a.edit().target, 768) for a in asks[:2]])

    def edit(source: Image, text: str) -> FirstResult:
        assert (source.width, source.height) == (768, 768)
        if text == asks[3].text:
            raise ExpectedError("No.", "Ask otherwise.")
        pixels = next(answers, source.array()[..., :3])
        return FirstResult(pixels, "toy", f"Read as {text}", "Best", 1.5)

    return list(make_gallery(asks, edit, folder))


def test_every_sentence_is_listed_with_its_picture_or_its_refusal(tmp_path: Path) -> None:
    shown = _gallery(tmp_path)
    rows = json.loads((tmp_path / "gallery.json").read_text("utf-8"))
    assert [row["ask"] for row in rows] == [one.ask.text for one in shown]
    assert rows[0]["read_as"] == f"Read as {rows[0]['ask']}"
    with Pillow.open(tmp_path / rows[0]["file"]) as saved:
        assert (np.asarray(saved) == shown[0].result.pixels).all()
    assert rows[3]["file"] == ""
    assert rows[3]["reason"] == "No. Ask otherwise."


def test_figures_count_what_is_shown_and_a_refusal_counts_as_nothing(tmp_path: Path) -> None:
    shown = _gallery(tmp_path)
    seen = [one.ask.edit() for one in shown[:3]]
    judge = _TrueJudge([seen[0].target.attributes(), seen[1].target.attributes(),
                        seen[2].source.attributes()])  # fmt: skip
    rows = {row.name: row.mean for row in figures(shown, judge).rows()}
    assert rows["gallery.answered"] == 0.75
    assert rows["gallery.asked"] == 0.5
    assert rows["gallery.kept"] == pytest.approx(0.75)
    assert rows["gallery.seconds"] == 1.5
    assert rows["gallery.light.asked"] == 1


def test_a_sheet_shows_the_sample_and_all_its_answers(tmp_path: Path) -> None:
    shown = _gallery(tmp_path)
    (path,) = write_gallery_sheets(shown, tmp_path / "sheets", 96)
    assert path.name == "house.webp"
    with Pillow.open(path) as sheet:
        assert sheet.size == (4 * 112 + 16, 2 * (96 + 44 + 16) + 16)


def test_a_smear_is_softer_than_gold_in_its_mask_and_untouched_far_away() -> None:
    drawn = [edit for edit in edits(1, 2, unseen=False) if edit.kind in ("recolour", "replace")]
    for edit in drawn:
        pair = gold(edit, 384)
        inside, made = pair.mask > 0, smeared(pair)
        assert edge_ratio(made, pair.target, inside) < 0.7
        assert ssim(made, pair.target, inside) < 0.8
        assert (made == pair.source).all(-1).any()


def test_nothing_a_reader_gets_says_what_a_picture_is(tmp_path: Path) -> None:
    cases = blind_cases(_gallery(tmp_path / "gallery"), 3, traps=4)
    origins = [case.origin for case in cases]
    assert {o: origins.count(o) for o in set(origins)} == {"result": 3, "gold": 4, "smear": 4}
    assert origins != sorted(origins)
    key = tmp_path / "key.json"
    write_blind(cases, tmp_path / "blind", key)
    names = {path.name for path in (tmp_path / "blind").iterdir()}
    assert names == {*(f"{n:03d}.png" for n in range(1, 12)), SENTENCES}
    lines = (tmp_path / "blind" / SENTENCES).read_text("utf-8").splitlines()
    assert lines == [f"{n:03d}: {case.text}" for n, case in enumerate(cases, 1)]
    assert list(json.loads(key.read_text("utf-8")).values()) == origins
    with Pillow.open(tmp_path / "blind" / "001.png") as pair:
        assert pair.size == (2 * 768 + 16, 768)


def test_only_who_keeps_gold_and_no_smears_counts() -> None:
    key = {f"{n:03d}": origin for n, origin in
           enumerate(["gold"] * 20 + ["smear"] * 20 + ["result"] * 5)}  # fmt: skip
    answers = [f"{n}: {'no' if origin == 'smear' else 'yes'}, fine" for n, origin in key.items()]
    answers[-1] = "044: No — the roof is soft"
    judgement = count_judgement(key, [*answers, ""])
    assert judgement.counts
    assert judgement.kept == {"result": 4, "gold": 20, "smear": 0}
    assert judgement.refused == (44,)
    everything = count_judgement(key, [f"{n}: yes" for n in key])
    assert not everything.counts
    assert not count_judgement(key, [f"{n}: no" for n in key]).counts
    for wrong in (answers[:-1], [*answers, answers[0]], [*answers[:-1], "044: maybe"]):
        with pytest.raises(BadJudgement):
            count_judgement(key, wrong)
