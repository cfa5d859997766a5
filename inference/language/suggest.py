"""What could be said next: proposals of a language model, filtered, and completed from lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from editor.messages import Message
from editor.model.edit import Suggestion
from editor.model.prompt_edit.prompt_edit import prompt_edit
from inference.language import chat
from inference.language.generate import (
    Language,
    TextSampling,
    best_answers,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.language_domain import LanguageDomain, domain_of_language, vocabulary
from inference.language.proposals import Context, Proposal, SuggestionFilter, subject_edits_last
from inference.language.tones import from_tones
from inference.language.trace_lines import (
    AFTER_TOKENS,
    NEXT_TOKENS,
    after_line,
    fitting_next_line,
    speaks_trace_lines,
)
from inference.language.verbs import brings_unsaid, contradicts, repeats, stutters
from inference.models.model_domain import ModelDomain
from inference.request.cancel import CancelCheck

ROUNDS: Final = 3
"""How often a model is asked again where too few of its proposals are accepted."""

_MORE: Final = 2
"""Answers drawn per suggestion wanted: some will repeat each other."""

_COOLER: Final = 0.75
_LIKELIEST: Final = 0.9
"""Temperature of a model tuned on traces against that of others, and its top_p: such models are
small, and what they rarely say is wrong."""

CHIP_LETTERS: Final = 28
"""Longest text of a chip; longer proposals come last."""

FEW: Final = Message("suggest.no_more")


@dataclass(frozen=True)
class Suggested:
    """Suggestions, best first, and one sentence where they need it."""

    suggestions: tuple[Suggestion, ...]
    note: Message | None = None


def suggest(
    language: Language,
    context: Context,
    count: int,
    seed: int,
    check: CancelCheck,
    domains: Sequence[ModelDomain] = (),
) -> Suggested:
    """At most `count` next edits.

    Each differs from all others, from what was refused on the path and from what is already so.
    The model's own come first; where they are too few they are completed from the vocabulary of
    the world that knows the caption, else from tone and colour, and say so in their reason.

    Args:
        language: any causal language model; one that was trained on the lines of a
            `LanguageDomain` is asked in those.
        context: caption, path and refusals.
        count: how many are wanted.
        seed: another one gives other suggestions.
        check: called before every token; what it raises ends the work.
        domains: of further models that know the picture.
    """
    trained = domain_of_language(language.model.config)
    outside = trained is not None and not trained.knows(context.caption)
    known = (*domains, trained) if trained is not None else domains
    world = vocabulary(known, context.caption)
    subject = subject_edits_last(context.path)
    suggestion_filter = SuggestionFilter(
        context, world.pairs_refused(context) if world else frozenset()
    )
    found: list[Proposal] = []
    if not outside:
        ask = _asking(language, context, trained, subject)
        for attempt in range(ROUNDS):
            sampling = TextSampling(0.9 + 0.2 * attempt, 0.95, seed * ROUNDS + attempt)
            found += _new(ask(_MORE * count, sampling, check), suggestion_filter)
            if len(found) >= count and not _kinds_left(found, context):
                break
    model_found = len(found)
    found = sorted(_varied(found), key=lambda one: len(one.text) > CHIP_LETTERS)
    found = _wanted_first(found, context)[:count]
    if len(found) < count:
        rest = (
            world.suggest(context, seed, subject=subject)
            if world is not None
            else from_tones(context.caption)
        )
        for proposal in rest:
            if len(found) == count:
                break
            if suggestion_filter.passes(proposal):
                found.append(proposal)
    note = None
    if outside:
        assert trained is not None
        note = trained.outside_note("language")
    elif model_found < count:
        note = FEW
    return Suggested(tuple(_finished(p, context) for p in found), note)


def tones(context: Context, count: int) -> tuple[Suggestion, ...]:
    """Edits of tone and colour alone: what can be done where nothing is known of a picture."""
    suggestion_filter = SuggestionFilter(context)
    found = [
        proposal for proposal in from_tones(context.caption) if suggestion_filter.passes(proposal)
    ]
    return tuple(_finished(proposal, context) for proposal in found[:count])


def _asking(
    language: Language, context: Context, trained: LanguageDomain | None, subject: bool
) -> Callable[[int, TextSampling, CancelCheck], list[Proposal | None]]:
    """How a model is asked: in the lines that it was trained on, else in JSON."""
    if trained is not None:
        return _Lines(language, context, trained, subject)
    if speaks_trace_lines(language.model.config):
        return _TraceLines(language, context, subject)
    return _Chat(language, context, subject)


@dataclass(frozen=True)
class _TraceLines:
    """A model that was fine-tuned on traces: first what to ask, then the captions after it."""

    language: Language
    context: Context
    subject: bool

    def __call__(
        self, count: int, sampling: TextSampling, check: CancelCheck
    ) -> list[Proposal | None]:
        room = context_of(self.language) - NEXT_TOKENS
        question = fitting_next_line(
            self.context, room, lambda text: token_count(self.language, text)
        )
        if question is None:
            return []
        cooler = replace(sampling, temperature=_COOLER * sampling.temperature, top_p=_LIKELIEST)
        drawn = sample_answers(self.language, question, count, NEXT_TOKENS, cooler, check)
        # What was drawn more than once comes first.
        texts = [text for text, _ in Counter(text for text in drawn if text).most_common()]
        asked = [after_line(self.context.caption, text) for text in texts]
        tokens = min(AFTER_TOKENS, token_count(self.language, self.context.caption) + NEXT_TOKENS)
        room = context_of(self.language) - tokens
        fits = [i for i, a in enumerate(asked) if token_count(self.language, a) <= room]
        after = best_answers(self.language, [asked[i] for i in fits], tokens, check)
        return [self._checked(texts[i], answer.text) for i, answer in zip(fits, after, strict=True)]

    def _checked(self, text: str, target: str) -> Proposal | None:
        """None unless instruction and caption fit each other word by word: the model is small."""
        before = self.context.caption
        if contradicts(text, before, target) or brings_unsaid(text, before, target):
            return None
        if repeats(text, before) or stutters(before, target):
            return None
        return chat.checked_proposal(text, target, self.context, subject=self.subject)


@dataclass(frozen=True)
class _Lines:
    """A model that was trained on the lines of a domain, asked in them."""

    language: Language
    context: Context
    domain: LanguageDomain
    subject: bool

    def __call__(
        self, count: int, sampling: TextSampling, check: CancelCheck
    ) -> list[Proposal | None]:
        tokens = self.domain.proposal_tokens
        room = context_of(self.language) - tokens
        prompt = self.domain.next_question(
            self.context, room, lambda text: token_count(self.language, text)
        )
        if prompt is None:
            return []
        answers = sample_answers(self.language, prompt, count, tokens, sampling, check)
        return [self.domain.read_proposal(a, self.context, subject=self.subject) for a in answers]


@dataclass(frozen=True)
class _Chat:
    """Any other model, asked for lines of JSON."""

    language: Language
    context: Context
    subject: bool

    def __call__(
        self, count: int, sampling: TextSampling, check: CancelCheck
    ) -> list[Proposal | None]:
        prompt = fitting(self.language, self.context)
        if prompt is None:
            return []
        answers = sample_answers(
            self.language, prompt, count, chat.ANSWER_TOKENS, sampling, check, chat.answer_ends
        )
        return [chat.read_suggestion(a, self.context, subject=self.subject) for a in answers]


def fitting(language: Language, context: Context) -> str | None:
    """The question to a chat model; the path is cut from its beginning until it fits."""
    room = context_of(language) - chat.ANSWER_TOKENS
    while True:
        messages = chat.suggest_messages(context)
        text = chat.as_text(messages, language.tokenizer, template=language.has_template)
        if token_count(language, text) <= room:
            return text
        if not context.path and not context.refused:
            return None
        if context.path:
            context = replace(context, path=context.path[1:])
        else:
            context = replace(context, refused=context.refused[1:])


def _new(
    proposals: Iterable[Proposal | None], suggestion_filter: SuggestionFilter
) -> list[Proposal]:
    return [p for p in proposals if p is not None and suggestion_filter.passes(p)]


def _varied(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Each attribute once before any comes again; otherwise in the order they were found."""
    turns: dict[str, int] = {}
    keyed = []
    for i, proposal in enumerate(proposals):
        about = proposal.about[0] if proposal.about else f"#{i}"
        turns[about] = turns.get(about, 0) + 1
        keyed.append((turns[about], i, proposal))
    return [proposal for _, _, proposal in sorted(keyed, key=lambda k: k[:2])]


def _wanted_first(proposals: Sequence[Proposal], context: Context) -> list[Proposal]:
    """What fills the wanted kinds first, then the others, both in their order."""
    left = list(context.wanted)
    first, others = [], []
    for proposal in proposals:
        kind = prompt_edit(context.caption, proposal.target_prompt).kind
        if kind in left:
            left.remove(kind)
            first.append(proposal)
        else:
            others.append(proposal)
    return [*first, *others]


def _kinds_left(proposals: Sequence[Proposal], context: Context) -> bool:
    """Whether a kind that is wanted was not proposed often enough."""
    found = Counter(prompt_edit(context.caption, p.target_prompt).kind for p in proposals)
    return any(found[kind] < n for kind, n in Counter(context.wanted).items())


def _finished(proposal: Proposal, context: Context) -> Suggestion:
    return Suggestion.of(proposal.text, context.caption, proposal.target_prompt, proposal.reason)
