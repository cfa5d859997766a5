from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from editor.ranking.content_integrity import ContentIntegrity
from inference.lab.finetune.language_lora import with_lora
from inference.language import rewrite as rewriting
from inference.language.chat_lines import CHAT_LINES, LINES_KEY, rewrite_line
from inference.language.direction import Direction
from inference.language.free_rewrites import free_rewrites
from inference.language.rewrite import _ordered, _question, rewrite
from inference.models import language_adapters
from inference.models.language_adapters import LanguageAdapter
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled, CancelToken
from inference.request.rewrite_job import RewrittenPrompt
from tests.inference import tiny_models
from tests.inference.language import talkers

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def _checked() -> None:
    """Nobody cancels."""


PHOTO = "a wooden boat on a calm lake"
STORMY = "a wooden boat on a stormy lake"


@pytest.fixture(scope="module")
def rewriter() -> Any:
    """A GPT-2 that was taught to rewrite one prompt in three ways."""
    question = rewrite_line(PHOTO, "make the lake stormy")
    answers = [f"{STORMY}, dark clouds", "a stormy lake", f"{PHOTO}, painted"]
    lines = [(question, f" {answer}") for answer in answers]
    tokenizer = talkers.words(lines)
    made = talkers.taught(talkers.gpt2(tokenizer, lines=False), tokenizer, lines, 60, 4e-3)
    made.model.config.chat_lines = CHAT_LINES
    return made


def test_what_loses_too_much_comes_last(rewriter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = (Direction(PHOTO, STORMY),)
    monkeypatch.setattr(rewriting, "directions", lambda *_: readings)
    made = rewrite(rewriter, PHOTO, "make the lake stormy", 8, 1, _checked)
    assert made.plain_target == STORMY
    prompts = [one.prompt for one in made.options]
    assert prompts[:2] == [STORMY, f"{STORMY}, dark clouds"]  # the plain reading is one of them
    assert "a stormy lake" in prompts[2:]
    assert f"{PHOTO}, painted" not in prompts  # not what was asked, and there are enough others
    by_prompt = {one.prompt: one.integrity for one in made.options}
    assert by_prompt["a stormy lake"].lost == ("wooden", "boat")
    assert made == rewrite(rewriter, PHOTO, "make the lake stormy", 8, 1, _checked)


def test_any_other_model_is_shown_examples(rewriter: Any) -> None:
    del rewriter.model.config.chat_lines
    rewriter.model.config.n_positions = 4096
    try:
        question = _question(rewriter, "an owl", "make it red")
        assert question is not None
        assert question.count("Asked: ") == 5
        assert question.rstrip().endswith("Prompt: an owl\nAsked: make it red")
        assert _question(rewriter, "owl " * 4000, "make it red") is None
    finally:
        rewriter.model.config.chat_lines = CHAT_LINES
        rewriter.model.config.n_positions = 192


def test_with_its_lora_a_model_is_asked_in_the_lines_it_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_models.chat(tmp_path / "Tiny-Chat")
    tuned = with_lora(ModelStore([folder], device="cpu").chat().model, 2)
    tuned.save_pretrained(tmp_path / "lora")
    facts = json.dumps({"base": "tiny-chat", "lines": CHAT_LINES})
    (tmp_path / "lora" / "chat.json").write_text(facts)
    adapter = LanguageAdapter(tmp_path / "lora", "chat.json", LINES_KEY)
    monkeypatch.setattr(language_adapters, "ADAPTERS", {"rewrite": (adapter,)})
    language = ModelStore([folder], device="cpu").chat()
    asked: list[str] = []

    def answers(_: object, question: str, count: int, *others: object, on_text: object) -> Any:
        asked.append(question)
        return [f"{STORMY}, drawn {number}" for number in range(count)]

    monkeypatch.setattr(rewriting, "sample_answers", answers)
    readings = (Direction(PHOTO, STORMY),)
    made = rewrite(language, PHOTO, "make the lake stormy", 3, 1, _checked, readings=readings)
    assert asked == [rewrite_line(PHOTO, "make the lake stormy")]
    assert [one.prompt for one in made.options] == [
        STORMY, f"{STORMY}, drawn 0", f"{STORMY}, drawn 1",
    ]  # fmt: skip
    assert not hasattr(language.model.config, LINES_KEY)


def test_answers_without_what_was_asked_are_taken_where_others_are_few(
    rewriter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm = f"{PHOTO}, oil painting, red sky, fog"
    rounds = [[f"{calm}, 1", f"{STORMY}, fog"], [f"{calm}, 2", f"{STORMY}, oil, oil, red"]]
    monkeypatch.setattr(rewriting, "sample_answers", lambda *_, **__: rounds.pop(0))
    readings = (Direction(PHOTO, STORMY),)
    made = rewrite(rewriter, PHOTO, "make it stormy", 4, 1, _checked, 0.0, readings=readings)
    assert [one.prompt for one in made.options] == [STORMY, f"{STORMY}, fog", f"{STORMY}, oil, red"]
    rounds[:] = [[f"{calm}, 1", "the stormy lake"], [f"{calm}, 2", "a stormy lake"]]
    made = rewrite(rewriter, PHOTO, "make it stormy", 4, 1, _checked, 0.0, readings=readings)
    assert [one.prompt for one in made.options] == [
        STORMY, "the stormy lake", f"{calm}, 1", f"{calm}, 2",
    ]  # fmt: skip


def test_order_is_the_gate_then_integrity() -> None:
    def option(name: str, score: float) -> RewrittenPrompt:
        return RewrittenPrompt(name, ContentIntegrity(score, (), (), ()))

    given = [option("a", 0.2), option("b", 0.8), option("c", 0.5), option("d", 1.0)]
    assert [one.prompt for one in _ordered(given, 0.8)] == ["b", "d", "c", "a"]
    assert [one.prompt for one in _ordered(given, 0.0)] == ["a", "b", "c", "d"]


def test_the_starter_gives_four_prompts_that_hold_what_was_asked() -> None:
    from importlib import resources

    from inference.starter.captions import parse_caption

    folder = Path(str(resources.files("resources"))) / "models" / "starter"
    language = ModelStore([folder], device="cpu").language()
    before = "a yellow windmill with flowers, in a meadow, at noon, cloudy sky, spring, seen close"
    made = rewrite(language, f"{before}, watercolour", "make it night", 4, 0, _checked)
    assert made.options[0].prompt == made.plain_target
    assert len({one.prompt for one in made.options}) == 4
    wanted = parse_caption(f"{before}, watercolour") | {"light": "night"}
    for one in made.options:
        said = parse_caption(one.prompt)
        changed = {name for name in wanted if said.get(name) != wanted[name]}
        assert changed <= {"weather", "season", "style"}
        assert one.integrity.passes()
    alone = rewrite(language, f"{before}, watercolour", "make it night", 1, 0, _checked)
    assert alone.options == made.options[:1]
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        free_rewrites(language, before, before.replace("noon", "night"), 4, 0, stopped.check)
    assert not hasattr(language.model.config, "caption_form")
