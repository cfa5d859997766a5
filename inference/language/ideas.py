"""Full prompts for a concept, by a language model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Final
from zlib import crc32

from editor.english.noun_phrases import content_lemmas
from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.prompt_order import faithful_words
from inference.language.caption_tags import (
    caption_form,
    caption_prefix,
    has_topic,
    whole_caption,
)
from inference.language.chat import as_text
from inference.language.generate import (
    Language,
    TextSampling,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.language_domain import LanguageDomain, domain_of_language
from inference.language.written_prompt import tidy_prompt
from inference.models.language_adapters import adapted
from inference.models.loaded import LoadedLanguage
from inference.models.model_domain import domain_of_model
from inference.models.store import ModelStore
from inference.request.cancel import CancelCheck
from inference.vision.clip.embeddings import Embeddings

NEW_TOKENS: Final = 72
"""Of a prompt; CLIP's text encoders read 77."""

ROUNDS: Final = 3
SAMPLING: Final = (0.9, 0.95)
"""Temperature and top-p."""

_TASK: Final = (
    "You write prompts for a picture model. You get a concept and answer with one prompt of one "
    "line: the concept first, then where it is, light and style. Nothing else."
)


class WritesNoPrompts(ExpectedError):
    """The language model answers questions about edits alone, or has no room for the concept."""

    kind = "writes_no_prompts"


class ThingsUnknown(WritesNoPrompts):
    """A concept names what the world of the language model does not have.

    Attributes:
        things: in the concept's words.
    """

    def __init__(self, things: tuple[str, ...]) -> None:
        words = ", ".join(f"“{one}”" for one in things)
        super().__init__(Message("ideas.unknown", words=words), Message("ideas.install_other"))
        self.things = things


def prompts_for(
    language: Language,
    concept: str,
    count: int,
    seed: int,
    check: CancelCheck,
    world: LanguageDomain | None = None,
) -> tuple[str, ...]:
    """At most `count` different prompts about a concept, in the order in which they were drawn.

    A model that was trained on captions continues the concept in its own form; any other is shown
    up to five examples, none of them about the concept.

    Args:
        language: the model.
        concept: a word, a phrase or a sentence.
        count: how many are wanted; after `ROUNDS` tries there may be fewer.
        seed: another one gives other prompts.
        check: called before every token; what it raises ends the work.
        world: whose captions alone the model writes: it is asked for what the world knows of the
            concept, and only captions that say all of it are taken. None for any other model.

    Raises:
        ThingsUnknown: the concept names what the world of the model does not have.
        WritesNoPrompts: the model was trained on lines about edits, or the concept is too long.
    """
    form = caption_form(language.model.config)
    if form is None and domain_of_language(language.model.config) is not None:
        raise WritesNoPrompts(Message("ideas.no_prompts"), Message("ideas.install"))
    topic = _known_topic(world, concept) if world is not None else concept
    if form is not None and not has_topic(form):
        topic = topic.rstrip(" .!?")  # a caption does not go on after its end
    if form is None:
        question = _question(language, concept)
    else:
        question = caption_prefix(topic, form, language.tokenizer.eos_token)
    if question is None or token_count(language, question) + NEW_TOKENS > context_of(language):
        raise WritesNoPrompts(Message("ideas.too_long"), Message("ideas.shorter"))
    found: dict[tuple[str, ...], str] = {}
    of_concept = crc32(concept.encode())  # else all concepts get the same light and style
    for attempt in range(ROUNDS):
        sampling = TextSampling(*SAMPLING, of_concept + seed * ROUNDS + attempt)
        for answer in sample_answers(language, question, count, NEW_TOKENS, sampling, check):
            whole = answer if form is None else whole_caption(topic, answer, form)
            prompt = tidy_prompt(whole, cut=token_count(language, answer) >= NEW_TOKENS - 1)
            kept = world is None or world.says_all_of(concept, prompt)
            if prompt and kept and key_of(prompt) != key_of(concept):
                found.setdefault(key_of(prompt), prompt)
        if len(found) >= count:
            break
    return tuple(found.values())[:count]


@contextmanager
def prompt_writer(language: LoadedLanguage) -> Iterator[LanguageDomain | None]:
    """Within this context a model writes prompts with the LoRA that comes for it.

    Yields:
        The world whose captions that LoRA writes; None for models without one.

    Raises:
        LoraUnfit: see `adapted`.
    """
    with adapted(language, "ideas") as able:
        yield domain_of_language(language.model.config) if able else None


def _known_topic(world: LanguageDomain, concept: str) -> str:
    """What a world knows of a concept, as its captions are asked for.

    Raises:
        ThingsUnknown: the concept names what the world does not have.
    """
    unknown, topic = world.unknown_things(concept), world.topic(concept)
    if unknown or not topic:
        raise ThingsUnknown(unknown or (concept,))
    return topic


def faithfulness(
    models: ModelStore, concept: str, prompts: Sequence[str], check: CancelCheck
) -> list[float]:
    """How much of a concept each prompt keeps; larger is better.

    Cosines of CLIP's text features; the share of the concept's words, 0..1, where there is no CLIP
    or it knows one kind of pictures alone.
    """
    clip = models.model("clip")
    if clip is None or domain_of_model(clip) is not None:
        return [faithful_words(concept, prompt) for prompt in prompts]
    features = Embeddings(models).texts((concept, *prompts), check)
    return [float(features[0] @ other) for other in features[1:]]


def _question(language: Language, concept: str) -> str | None:
    """The question with as many examples as the model's context has room for; None for no room."""
    # An example about the concept itself would be repeated word for word.
    words = set(content_lemmas(concept))
    examples = [one for one in _examples() if not words & set(content_lemmas(one["concept"]))]
    for first in range(len(examples) + 1):
        messages = [{"role": "system", "content": _TASK}]
        for example in examples[first:]:
            messages.append({"role": "user", "content": f"Concept: {example['concept']}"})
            messages.append({"role": "assistant", "content": example["prompt"]})
        messages.append({"role": "user", "content": f"Concept: {' '.join(concept.split())}"})
        text = as_text(messages, language.tokenizer, template=language.has_template)
        if token_count(language, text) + NEW_TOKENS <= context_of(language):
            return text
    return None


@cache
def _examples() -> tuple[dict[str, str], ...]:
    text = (resources.files("resources") / "language" / "idea_examples.json").read_text("utf-8")
    return tuple(json.loads(text))
