"""Real decoding with tiny models of the true classes, overfitted where meaning matters."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
import torch

from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.tone import read
from inference.language import chat
from inference.language.direction import Direction, WordsUnknown
from inference.language.directions import DirectionUnknown, directions
from inference.language.generate import TextSampling, best_answers, context_of, sample_answers
from inference.language.language_domain import vocabulary
from inference.language.proposals import Context
from inference.language.questions import question, question_of_readings, things_of
from inference.language.suggest import FEW, suggest
from inference.language.verbs import contradicts
from inference.request.cancel import Cancelled, CancelToken
from inference.request.jobs import PathStep
from inference.starter.captions import canonical
from inference.starter.grammar import instruction_of
from inference.starter.lines import parse_edit
from inference.starter.lines import question_line as asked
from inference.starter.scene import Scene
from inference.starter.storybook import Storybook
from inference.starter.world_captions import read_caption
from tests.inference.language import talkers
from tests.inference.language.talkers import CAPTION, PHOTO, READINGS, SCENE

FREE = CancelToken().check


def all_hold(suggestions: Any, context: Context) -> None:
    """What must be true of any suggestions."""
    texts = [key_of(s.text) for s in suggestions]
    targets = [key_of(s.instruction.target_prompt) for s in suggestions]
    assert len(set(texts)) == len(texts)
    assert len(set(targets)) == len(targets)
    assert not set(texts) & {key_of(text) for text in context.unwanted}
    for s in suggestions:
        assert s.instruction.source_prompt == context.caption
        assert s.edit == prompt_edit(context.caption, s.instruction.target_prompt)
        assert s.kind in ("insert", "delete", "swap", "replace", "mixed")
        assert str(s.reason).endswith(".")


def test_suggestions_of_a_taught_model(starter: Any) -> None:
    context = Context(CAPTION)
    made = suggest(starter, context, 5, 0, FREE)
    assert made.note is None
    assert len(made.suggestions) == 5
    all_hold(made.suggestions, context)
    # Every one is the model's own: an edit of the lines it was taught, in plain words.
    edits = [parse_edit(line.split(" | ")[1].strip()) for _, line in talkers.next_lines()]
    plain = {instruction_of(read_caption(CAPTION), edit) for edit in edits if edit is not None}
    assert {s.text.lower() for s in made.suggestions} <= plain
    assert all(s.text[0].isupper() for s in made.suggestions)
    assert suggest(starter, context, 5, 0, FREE) == made


def test_what_was_refused_does_not_come_back(starter: Any) -> None:
    refused: tuple[str, ...] = ()
    pairs: list[str] = []
    for seed in range(4):
        context = Context(CAPTION, (), refused)
        made = suggest(starter, context, 5, seed, FREE)
        assert len(made.suggestions) == 5
        all_hold(made.suggestions, context)
        pairs += [s.instruction.target_prompt for s in made.suggestions]
        refused += tuple(s.text for s in made.suggestions)
    assert len(set(pairs)) == len(pairs)
    refused_steps = tuple(PathStep(text, "", accepted=False) for text in refused)
    all_hold(suggest(starter, Context(CAPTION, refused_steps), 5, 0, FREE).suggestions, context)


def test_a_model_that_babbles_is_completed_and_said_so(babbler: Any) -> None:
    context = Context(CAPTION, (PathStep("", canonical(SCENE.with_(light="night"))),))
    made = suggest(babbler, context, 6, 0, FREE)
    assert len(made.suggestions) == 6
    all_hold(made.suggestions, context)
    assert all(s.reason.code == "suggest.from_list" for s in made.suggestions)
    assert made.note == FEW
    # Going back to what was before is undo, not an edit.
    assert canonical(SCENE.with_(light="night")) not in {
        s.instruction.target_prompt for s in made.suggestions
    }


def test_outside_its_world_the_starter_model_is_not_asked(starter: Any) -> None:
    context = Context("two people dancing at a wedding, black tie")
    made = suggest(starter, context, 5, 0, FREE)
    assert made.note == Storybook().outside_note("language")
    all_hold(made.suggestions, context)
    assert len(made.suggestions) == 5
    for s in made.suggestions:
        assert read(s.text, has_selection=False)


def test_a_long_path_is_cut_to_fit(starter: Any) -> None:
    path = tuple(PathStep(f"make it night number {i} " + "very " * 40) for i in range(9))
    made = suggest(starter, Context(CAPTION, path), 5, 0, FREE)
    assert len(made.suggestions) == 5


def test_cancel_ends_decoding_within_a_token(starter: Any) -> None:
    for after in (1, 2, 5):
        calls = itertools.count(1)

        def check(calls: Any = calls, after: int = after) -> None:
            if next(calls) > after:
                raise Cancelled

        with pytest.raises(Cancelled):
            suggest(starter, Context(CAPTION), 5, 0, check)
        assert next(calls) == after + 2


@pytest.mark.parametrize("text", ["make it night", "paint the house blue", "take the cat away"])
def test_captions_after_an_instruction(starter: Any, text: str) -> None:
    first, *others = directions(starter, CAPTION, text, FREE)
    after = READINGS[text][1]
    assert isinstance(after, Scene)
    assert first.target_prompt == canonical(after)
    assert first.agreed
    assert not others
    assert question_of_readings(text, (first,)) is None


def test_two_readings_are_asked_about() -> None:
    after = [PHOTO.replace("calm", "stormy"), PHOTO.replace("a calm lake", "the sea")]
    readings = [Direction(PHOTO, text) for text in after]
    found = question_of_readings("something else", readings)
    assert found is not None
    assert found.answers == ("stormy instead of calm", "the sea instead of a calm lake")
    assert [one.target_prompt for one in found.instructions] == after
    assert question_of_readings("something else", readings[:1]) is None
    sure = [Direction(PHOTO, after[0], agreed=True), readings[1]]
    assert question_of_readings("something else", sure) is None


@pytest.mark.parametrize(
    ("instruction", "before", "after", "against"),
    [
        ("add a gull", PHOTO, "a wooden boat with a gull on a calm lake", False),
        ("add a gull", PHOTO, "a wooden gull on a calm lake", True),
        ("add a boat", "a lighthouse at sea", "a boat at sea", True),
        ("remove the boat", "a gull and a boat", "a gull", False),
        ("remove the boat", PHOTO, "a wooden boat on a calm lake with a gull", True),
        ("replace the boat by a gull", PHOTO, "a wooden gull on a calm lake", False),
        ("swap, but add nothing and remove nothing", PHOTO, "a lake", False),
    ],
)
def test_captions_that_do_not_do_what_the_verb_asks(
    instruction: str, before: str, after: str, against: bool
) -> None:
    assert contradicts(instruction, before, after) == against


def test_nothing_is_made_up(starter: Any, babbler: Any) -> None:
    for text in ("gibberish please", "something else"):
        with pytest.raises(WordsUnknown):
            directions(starter, CAPTION, text, FREE)
    with pytest.raises(WordsUnknown):
        directions(babbler, CAPTION, "turn it upside down", FREE)
    with pytest.raises(DirectionUnknown):
        directions(starter, "", "make it night", FREE)
    with pytest.raises(DirectionUnknown):
        directions(starter, CAPTION, " ", FREE)
    with pytest.raises(DirectionUnknown):
        directions(starter, CAPTION, "very " * 300, FREE)


@pytest.mark.parametrize("template", [True, False])
def test_other_models_answer_in_json(template: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat model with a template and a plain one, taught six good answers and four bad ones."""
    monkeypatch.setattr(chat, "_SUGGEST", "Propose an edit.")
    monkeypatch.setattr(chat, "shots_for", lambda context, shots: ())
    plain = talkers.words([("", f" {t} {p} {PHOTO}") for t, _, p in talkers.PHOTO_EDITS])
    if template:
        from transformers import Qwen2Config, Qwen2ForCausalLM

        torch.manual_seed(0)
        plain.chat_template = (
            "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
            "{% if add_generation_prompt %}assistant: {% endif %}"
        )
        end = plain.eos_token_id
        model: Any = Qwen2ForCausalLM(
            Qwen2Config(vocab_size=len(plain), hidden_size=96, intermediate_size=192,
                        num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                        max_position_embeddings=512, bos_token_id=end, eos_token_id=end)
        )  # fmt: skip
    else:
        model = talkers.gpt2(plain, lines=False, context=512)
    lines = talkers.chat_lines(plain, template=template)
    talker = talkers.taught(model, plain, lines, 160, 3e-3)
    talker.has_template = template
    context = Context(PHOTO)
    made = suggest(talker, context, 5, 1, FREE)
    all_hold(made.suggestions, context)
    good = {t: (k, p) for t, k, p in talkers.PHOTO_EDITS[:6]}
    own = [s for s in made.suggestions if s.text.lower() in good]
    assert len(own) >= 3
    for s in own:
        assert (s.kind, s.instruction.target_prompt) == good[s.text.lower()]
    bad = {t for t, _, _ in talkers.PHOTO_EDITS[6:]}
    assert not bad & {s.text.lower() for s in made.suggestions}


def test_read_suggestion_is_strict() -> None:
    context = Context(PHOTO)

    def line(**values: Any) -> str:
        first, kind, prompt = talkers.PHOTO_EDITS[0]
        return json.dumps({"instruction": first, "type": kind, "new_prompt": prompt} | values)

    good = chat.read_suggestion(line(), context, subject=False)
    assert good is not None
    assert str(good.reason) == "The caption does not mention “morning mist”."
    for bad in (
        line(type="replace"),
        line(type="magic"),
        line(new_prompt=PHOTO),
        line(new_prompt=""),
        line(new_prompt=3),
        line(instruction=None),
        line(instruction=" "),
        "[]",
        "",
        "{",
        "3",
        line(new_prompt="something entirely different"),
        line(new_prompt="boat " * 90),
        line(instruction="x" * 300),
        "[" * 5000,
    ):
        assert chat.read_suggestion(bad, context, subject=False) is None, bad
    castle = line(
        instruction="a castle", type="replace", new_prompt="a wooden castle on a calm lake"
    )
    assert chat.read_suggestion(castle, context, subject=False) is None
    assert chat.read_suggestion(castle, context, subject=True) is not None
    assert (
        chat.read_after('{"new_prompt": "a boat on a calm lake"}', PHOTO) == "a boat on a calm lake"
    )
    assert chat.read_after(json.dumps({"new_prompt": PHOTO}), PHOTO) is None
    assert chat.read_after("a boat", PHOTO) is None


def test_messages_tell_path_and_refusals() -> None:
    path = (PathStep("make it calm", PHOTO), PathStep("add a duck", "", accepted=False))
    last = chat.suggest_messages(Context(PHOTO, path, ("sepia",)))[-1]["content"]
    assert (
        last
        == f"Caption: {PHOTO}\nAsked so far 1: make it calm\nRefused: add a duck\nRefused: sepia"
    )
    for messages in (chat.suggest_messages(Context(PHOTO)), chat.after_messages(PHOTO, "x")):
        for m in messages[2::2]:
            assert isinstance(json.loads(m["content"]), dict)
    for (caption, _), after in chat._AFTER_EXAMPLES:
        assert chat.read_after(json.dumps({"new_prompt": after}), caption) == after


def test_templates_without_a_system_role() -> None:
    class Picky:
        def apply_chat_template(self, messages: list[dict[str, str]], **options: Any) -> str:
            if messages[0]["role"] == "system":
                raise ValueError("no system role")
            return "|".join(m["role"] for m in messages) + messages[0]["content"]

    messages = chat.after_messages(PHOTO, "let it rain")
    text = chat.as_text(messages, Picky(), template=True)
    assert text.startswith("user|assistant|user")
    assert messages[0]["content"] in text
    assert messages[0]["role"] == "system"


def test_one_prefill_serves_all_rows(babbler: Any) -> None:
    """Rows of a batch are drawn as if each question had been read alone."""
    prompt = asked("next", CAPTION)
    seen: list[int] = []
    forward = babbler.model.forward

    def counting(*args: Any, **options: Any) -> Any:
        seen.append(options["input_ids"].numel() if "input_ids" in options else args[0].numel())
        return forward(*args, **options)

    babbler.model.forward = counting
    try:
        made = sample_answers(babbler, prompt, 5, 6, TextSampling(seed=3), FREE)
    finally:
        del babbler.model.forward
    length = len(babbler.tokenizer(prompt).input_ids)
    assert seen[0] == length - 1
    assert all(count == 5 for count in seen[1:])
    assert len(made) == 5
    assert made == sample_answers(babbler, prompt, 5, 6, TextSampling(seed=3), FREE)
    greedy = sample_answers(babbler, prompt, 2, 6, TextSampling(1e-4, 1.0, 0), FREE)
    assert set(greedy) == {one.text for one in best_answers(babbler, [prompt], 6, FREE)}


def test_padding_changes_no_answer(starter: Any) -> None:
    questions = [asked("edit", CAPTION, text) for text in READINGS]
    together = best_answers(starter, questions, 12, FREE)
    alone = [best_answers(starter, [q], 12, FREE)[0] for q in questions]
    assert [one.text for one in together] == [one.text for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.log_probability == pytest.approx(other.log_probability, abs=1e-3)
    assert together[0].text == "light light = night"
    assert -0.5 < together[0].log_probability <= 0.0  # it was taught this line
    assert best_answers(starter, [], 12, FREE) == ()


def test_an_answer_is_as_likely_as_its_tokens_one_by_one(starter: Any) -> None:
    question = asked("edit", CAPTION, next(iter(READINGS)))
    ids, likely = starter.tokenizer(question, return_tensors="pt").input_ids, 0.0
    for _ in range(12):
        with torch.inference_mode():
            steps = starter.model(ids).logits[0, -1].float().log_softmax(-1)
        token = int(steps.argmax())
        likely += float(steps[token])
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
        if token == starter.tokenizer.eos_token_id or "\n" in starter.tokenizer.decode([token]):
            break
    (answer,) = best_answers(starter, [question], 12, FREE)
    assert answer.log_probability == pytest.approx(likely, abs=1e-3)


def test_questions_that_do_not_fit_are_refused(babbler: Any) -> None:
    room = context_of(babbler)
    with pytest.raises(ValueError):
        sample_answers(babbler, "word " * room, 2, 8, TextSampling(), FREE)
    with pytest.raises(ValueError):
        best_answers(babbler, ["word " * room], 8, FREE)


def test_torchs_own_generator_is_left_alone(babbler: Any) -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    sample_answers(babbler, "caption: a", 2, 3, TextSampling(seed=9), FREE)
    assert torch.equal(torch.rand(3), wanted)


@pytest.mark.parametrize(
    ("caption", "instruction", "answers"),
    [
        (CAPTION, "remove the dog", None),  # no model of this world could tell what is meant
        (CAPTION, "remove the swan", ("The cat", "The fence")),
        (CAPTION, "paint the swan yellow", ("The house", "The cat")),
        (CAPTION, "remove it", ("remove the cat", "remove the fence")),
        (CAPTION.replace(" with a green cat and a fence", ""), "paint the swan yellow", None),
        (CAPTION, "turn the cottage blue", None), (CAPTION, "make it sunset", None),
        (CAPTION, "make the sky darker", None), (CAPTION, "add a blue ball", None),
        ("a red house", "remove it", None), ("", "remove the dog", None),
        (PHOTO, "make the boat a swan", None), (PHOTO, "warmer", None),
        (PHOTO, "make the grass greener",
         ("make the boat greener", "make the lake greener", "make the grass greener")),
        (PHOTO, "put the hat on the boat", None), (PHOTO, "sharpen the boats", None),
    ],
)  # fmt: skip
def test_questions(caption: str, instruction: str, answers: tuple[str, ...] | None) -> None:
    found = question(caption, instruction, vocabulary([Storybook()], caption))
    assert (found.answers if found else None) == answers
    if found:
        assert 2 <= len(found.answers) <= 4
        assert str(found.text).endswith("?")


def test_a_question_about_what_is_not_there_says_the_words_back() -> None:
    world = vocabulary([Storybook()], CAPTION)
    for words, text in (
        ("paint the swan yellow", "There is no swan here. Paint what yellow?"),
        ("remove the swan.", "There is no swan here. Remove what?"),
        ("could you paint the swan yellow", "There is no swan here. What is meant?"),
    ):
        found = question(CAPTION, words, world)
        assert found is not None
        assert str(found.text) == text
        assert not found.may_assume
        swapped = [one.text for one in found.instructions]
    assert swapped == ["could you paint the house yellow", "could you paint the cat yellow"]


def test_things() -> None:
    assert things_of(CAPTION, Storybook()) == ("house", "cat", "fence")
    assert things_of("two dogs playing with a red ball in the park") == ("dogs", "ball", "park")
    assert things_of("sunset") == ()
