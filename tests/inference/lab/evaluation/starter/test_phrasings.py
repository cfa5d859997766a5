"""The hand-written lines: sound, never seen in training, and scored as they should be."""

from __future__ import annotations

import re

import numpy as np
import pytest

from inference.lab.evaluation.starter import language
from inference.lab.evaluation.starter.attributes import changed_attributes
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.language import Phrasing, caption_attributes, phrasings
from inference.lab.evaluation.starter.phrased import edit_of
from inference.lab.storybook.edits import EDIT_KINDS, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.lab.training.phrasing import as_typed, ask
from inference.starter.captions import canonical, parse_caption
from inference.starter.effect_phrases import EFFECTS
from inference.starter.lines import edit_line, question_line
from inference.starter.scene import ATTRIBUTES, Scene


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9' ]", "", text.lower()).strip()


def _scene(attributes: dict[str, str]) -> Scene:
    return Scene(**attributes)  # type: ignore[arg-type]


def test_there_are_enough_of_every_kind() -> None:
    lines = phrasings()
    assert len({_plain(line.ask) for line in lines}) == len(lines) >= 120
    for kind in EDIT_KINDS:
        assert sum(line.kind == kind for line in lines) >= 10, kind


def test_captions_are_canonical_and_the_change_is_one() -> None:
    for line in phrasings():
        before = _scene(parse_caption(line.before))
        assert canonical(before) == line.before, line.ask
        after = _scene(line.wanted())
        assert canonical(after) != line.before, line.ask
        assert all(value in ATTRIBUTES[name] for name, value in line.after.items())
        changed = {
            n
            for n, v in caption_attributes(canonical(after)).items()
            if caption_attributes(line.before).get(n) != v
        }
        assert changed == set(line.after), line.ask


def test_every_line_can_be_painted_and_judged() -> None:
    for number, line in enumerate(phrasings()):
        edit = edit_of(line, number)
        assert canonical(edit.source) == line.before
        assert caption_attributes(canonical(edit.target)) == line.wanted()
        assert (edit.kind, edit.source.seed) == (line.kind, number)
        assert set(line.after) <= set(changed_attributes(edit)) | {
            "second_colour",
            "second",
            "ground",
        }


def test_training_never_says_any_of_them() -> None:
    asks = {_plain(line.ask) for line in phrasings()}
    assert not asks & {_plain(text) for texts in EFFECTS.values() for text in texts}
    rng = np.random.default_rng(0)
    for _ in range(20_000):
        edit = sample_edit(rng)
        texts = (ask(edit, rng), as_typed(ask(edit, rng), rng), instruct(edit, rng).text)
        told = {_plain(text) for text in texts}
        assert not told & asks


def test_right_and_wrong_answers_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scoring, with answers by an oracle that errs in one of two lines."""
    lines = phrasings()[:40]
    wanted = {}
    for i, line in enumerate(lines):
        right = i % 2 == 0
        scene = _scene(line.wanted()) if right else _scene(parse_caption(line.before))
        changes = dict(line.after) if right else {"season": "spring"}
        if "second" in changes and changes["second"] != "none":
            changes["second_colour"] = line.wanted()["second_colour"]
        wanted[question_line("after", line.before, line.ask)] = canonical(scene)
        kind = line.kind if right else "season"
        wanted[question_line("edit", line.before, line.ask)] = edit_line(kind, changes)

    def oracle(models: object, questions: list[str]) -> list[str]:
        return [wanted[q] for q in questions]

    monkeypatch.setattr(language, "answers", oracle)
    found = Findings()
    language._phrasings(found, None, lines)  # type: ignore[arg-type]
    shares = {row.name: row.mean for row in found.rows()}
    for name in ("language.phrasings", "language.phrasings.asked", "language.phrasings.edit"):
        assert shares[name] == 0.5, name
    assert shares["language.phrasings.do_nothing"] == 0.0


def test_a_removed_second_thing_leaves_no_colour_to_say() -> None:
    before = canonical(Scene(second="ball", second_colour="blue"))
    line = Phrasing(before, "no ball", {"second": "none"}, "remove")
    assert line.wanted() == caption_attributes(canonical(Scene()))
