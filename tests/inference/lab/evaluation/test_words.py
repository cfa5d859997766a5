"""The sentences that are known and not known, and how the program hears them."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from inference.ipc.domains import register_domains
from inference.lab.evaluation.sentences import (
    OUTSIDE,
    NoSentences,
    SentenceCase,
    read_sentences,
)
from inference.lab.evaluation.words import Heard, figures, hear
from inference.models.store import ModelStore
from inference.starter.scene import ATTRIBUTES

STARTER = Path(str(files("resources") / "models" / "starter"))


def sentence(text: str, *, known: bool, group: str = "repaint") -> SentenceCase:
    after = {"light": "night"} if group == "repaint" else {}
    return SentenceCase("storybook-boat.png", text, known, group, "held-out", after)


def test_the_list_is_large_enough_and_well_formed() -> None:
    rows = read_sentences()
    parts = Counter((one.part, one.known) for one in rows)
    assert parts["held-out", True] >= 200
    assert parts["held-out", False] >= 200
    assert parts["calibration", True] >= 100
    assert parts["calibration", False] >= 100
    samples = {path.name for path in (files("resources") / "samples").iterdir()}
    assert {one.picture for one in rows} <= samples | {OUTSIDE}
    assert len({(one.picture, one.text) for one in rows}) == len(rows)
    for one in rows:
        assert bool(one.after) == (one.group == "repaint"), one
        assert all(value in ATTRIBUTES[name] for name, value in one.after.items()), one
        assert one.known == (one.group in ("tone", "repaint")), one


def test_a_file_that_is_no_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSentences, match=r"none\.jsonl"):
        read_sentences(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_text('{"picture": "x"}\n', "utf-8")
    with pytest.raises(NoSentences, match=r"Line 1 of bad\.jsonl"):
        read_sentences(tmp_path / "bad.jsonl")


def test_shares_are_of_their_own_kind() -> None:
    night = {"light": "night"}
    heard = [
        Heard(sentence("make it night", known=True), "repaint", "", night),
        Heard(sentence("night", known=True), "repaint", "", {"light": "noon"}),
        Heard(sentence("at night", known=True), "tone", "", {}),
        Heard(sentence("nite", known=True), "refused", "", {}),
        Heard(sentence("warmer", known=True, group="tone"), "asked", "", {}),
        Heard(sentence("flumpy", known=False, group="nonsense"), "repaint", "", night),
        Heard(sentence("add a whale", known=False, group="foreign"), "asked", "", {}),
    ]
    report = figures(heard, "held-out")
    means = {row["name"]: (row["metric"]["mean"], row["n"]) for row in report["rows"]}
    assert means["refused"] == (0.4, 5)
    assert means["refused.repaint"] == (0.25, 4)
    assert means["misread"] == (0.4, 5)  # read as noon, and as tone
    assert means["guessed"] == (0.5, 2)
    assert means["guessed.nonsense"] == (1.0, 1)
    assert not report["holds"]
    assert figures([heard[0], heard[6]], "held-out")["holds"]
    assert json.loads(json.dumps(report)) == report
    for part in (heard[:5], heard[5:]):
        with pytest.raises(NoSentences, match="needs sentences that are known"):
            figures(part, "held-out")


@pytest.fixture(scope="module")
def starter() -> ModelStore:
    register_domains()
    return ModelStore([STARTER], device="cpu")


def test_what_was_once_guessed_is_not(starter: ModelStore) -> None:
    """Each of these ran for half a minute and made something nobody asked for."""
    cases = (
        ("storybook-house.png", "make it better", "refused"),
        ("storybook-boat.png", "flumpy", "refused"),
        ("storybook-cat.png", "make it autumn", "refused"),  # it is autumn
        ("storybook-lighthouse.png", "add a boat", "refused"),
        ("storybook-house.png", "increase the resolution", "refused"),
        ("storybook-car.png", "paint the swan blue", "asked"),
        (OUTSIDE, "make it night", "refused"),
        (OUTSIDE, "blur the background", "refused"),
        (OUTSIDE, "blorf it", "refused"),
        (OUTSIDE, "warmer 🌅", "tone"),
        ("storybook-boat.png", "make it night 🌙", "repaint"),
        ("storybook-boat.png", "make it night and let it snow", "repaint"),
        ("storybook-boat.png", "make it night and add a dragon", "refused"),
    )
    asked = [SentenceCase(picture, text, False, "", "held-out") for picture, text, _ in cases]
    heard = list(hear(asked, starter))
    assert [(one.sentence.text, one.outcome) for one in heard] == [
        (text, outcome) for _, text, outcome in cases
    ]
    assert heard[2].said == "The picture shows “autumn” already."
    assert heard[-2].after == {"light": "night", "weather": "snow"}


@pytest.mark.slow
def test_known_words_are_carried_out_and_unknown_ones_are_not(starter: ModelStore) -> None:
    held_out = [one for one in read_sentences() if one.part == "held-out"]
    report = figures(list(hear(held_out, starter)), "held-out")
    assert report["holds"], report["rows"]
