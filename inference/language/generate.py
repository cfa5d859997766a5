"""Answers of a causal language model: many to one question, or one to each of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import torch

from inference.language.direction import ModelAnswer
from inference.models.decoding_threads import decoding_threads
from inference.models.interrupt import between_layers
from inference.request.cancel import CancelCheck

_FALLBACK_CONTEXT: Final = 1024


AnswerEnds = Callable[[str], bool]
"""Whether an answer is complete, given its text so far."""

OnText = Callable[[tuple[str, ...]], None]
"""Called with all answers as far as they are written."""


class Language(Protocol):
    """What this module needs of a loaded language model; `LoadedLanguage` satisfies it."""

    @property
    def model(self) -> Any:
        """A causal language model of transformers, in evaluation mode."""

    @property
    def tokenizer(self) -> Any:
        """Its tokenizer, with a padding token."""

    @property
    def device(self) -> torch.device:
        """The device of its weights."""

    @property
    def has_template(self) -> bool:
        """Whether `apply_chat_template` works."""


@dataclass(frozen=True)
class TextSampling:
    """How answers are drawn.

    Attributes:
        temperature, top_p: of the distribution they are drawn from.
        seed: equal seeds give equal answers on one machine, as far as rounding decides nothing.
    """

    temperature: float = 0.9
    top_p: float = 0.95
    seed: int = 0


def context_of(language: Language) -> int:
    """How many tokens question and answer may have together."""
    config = getattr(language.model.config, "text_config", language.model.config)
    for name in ("max_position_embeddings", "n_positions"):
        value = getattr(config, name, None)
        if isinstance(value, int) and value > 0:
            return value
    return _FALLBACK_CONTEXT


def token_count(language: Language, text: str) -> int:
    """Tokens of a text."""
    return len(language.tokenizer(text).input_ids)


def sample_answers(
    language: Language,
    question: str,
    count: int,
    new_tokens: int,
    sampling: TextSampling,
    check: CancelCheck,
    until: AnswerEnds | None = None,
    on_text: OnText | None = None,
) -> tuple[str, ...]:
    """`count` drawn answers to one question, decoded in one batch after one prefill.

    Args:
        language: the model.
        question: text; it must leave room for the answer in the model's context.
        count: how many answers.
        new_tokens: most tokens of each answer.
        sampling: how they are drawn.
        check: called before every layer and token; what it raises ends the decoding.
        until: ends an answer, which is then returned whole; None ends it after its first line.
        on_text: called after every token.

    Raises:
        ValueError: question and answer do not fit the context.
    """
    ids = language.tokenizer([question], return_tensors="pt").input_ids.to(language.device)
    if ids.shape[1] + new_tokens > context_of(language):
        raise ValueError("the question leaves no room for an answer")
    check()
    from inference.language.kv_cache import share_out  # transformers is there since it was loaded

    with (
        torch.inference_mode(),
        _seeded(language.device, sampling.seed),
        between_layers([language.model], check),
        decoding_threads(language.model, language.device) as after_token,
    ):
        cache: dict[str, Any] = {}
        if ids.shape[1] > 1:
            # The question is read once, then its keys and values are copied to the rows.
            before = ids[:, :-1]
            read = language.model(
                input_ids=before, attention_mask=torch.ones_like(before), use_cache=True
            )
            held: Any = getattr(read, "past_key_values", None)
            if share_out(held, count, new_tokens + 1):  # other caches: the question is read again
                cache = {"past_key_values": held}
        rows = ids.repeat(count, 1)
        made = language.model.generate(
            input_ids=rows,
            attention_mask=torch.ones_like(rows),
            **cache,
            max_new_tokens=new_tokens,
            do_sample=True,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=0,
            pad_token_id=language.tokenizer.pad_token_id,
            eos_token_id=_ends(language),
            stopping_criteria=[
                _Stop(language.tokenizer, ids.shape[1], check, after_token, until, on_text)
            ],
        )
    return _texts(language.tokenizer, made[:, ids.shape[1] :], whole=until is not None)


def best_answers(
    language: Language,
    questions: Sequence[str],
    new_tokens: int,
    check: CancelCheck,
    until: AnswerEnds | None = None,
) -> tuple[ModelAnswer, ...]:
    """The likeliest answer to each question (greedy), all in one batch, and how likely it is.

    Args:
        language: the model.
        questions: texts; each must leave room for its answer in the model's context.
        new_tokens: most tokens of each answer.
        check: called before every layer and token; what it raises ends the decoding.
        until: ends an answer, which is then returned whole; None ends it after its first line.

    Raises:
        ValueError: a question and its answer do not fit the context.
    """
    if not questions:
        return ()
    tokenizer = language.tokenizer
    side = tokenizer.padding_side
    tokenizer.padding_side = "left"
    try:
        inputs = tokenizer(list(questions), padding=True, return_tensors="pt").to(language.device)
    finally:
        tokenizer.padding_side = side
    length = inputs.input_ids.shape[1]
    if length + new_tokens > context_of(language):
        raise ValueError("a question leaves no room for an answer")
    check()
    likely = _LogProbabilities()
    with (
        torch.inference_mode(),
        between_layers([language.model], check),
        decoding_threads(language.model, language.device) as after_token,
    ):
        made = language.model.generate(
            input_ids=inputs.input_ids,
            attention_mask=inputs.attention_mask,
            max_new_tokens=new_tokens,
            do_sample=False,
            pad_token_id=tokenizer.pad_token_id,
            logits_processor=[likely],
            stopping_criteria=[_Stop(tokenizer, length, check, after_token, until)],
        )
        ids = made[:, length:]
        figures = likely.of(ids, tokenizer.eos_token_id)
    return tuple(map(ModelAnswer, _texts(tokenizer, ids, whole=until is not None), figures))


def _ends(language: Language) -> list[int]:
    """The tokens that end a drawn answer: besides the model's own all that mark parts of a chat.

    Their text is not shown, so that what follows them would seem to belong to the answer.
    """
    own = language.model.generation_config.eos_token_id
    ends = own if isinstance(own, list) else [] if own is None else [own]
    return sorted({*ends, *language.tokenizer.all_special_ids})


class _LogProbabilities:
    """A logits processor of transformers that adds up how likely the chosen tokens are.

    It keeps the logits of one step alone: those of all steps are a number for each of them and each
    entry of the vocabulary.
    """

    def __init__(self) -> None:
        self._logits: torch.Tensor | None = None
        self._chosen: list[torch.Tensor] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """See `transformers.LogitsProcessor`; the logits go on as they are."""
        self._note(input_ids)
        self._logits = scores
        return scores

    def _note(self, ids: torch.Tensor) -> None:
        """Look up the token that was chosen from the logits seen last, now at the end of `ids`."""
        if self._logits is not None:
            likely = self._logits.float().log_softmax(-1)
            self._chosen.append(likely.gather(1, ids[:, -1:])[:, 0])
            self._logits = None

    def of(self, ids: torch.Tensor, end: int | None) -> list[float]:
        """Of each answer: its tokens up to the end of its text, that included.

        Args:
            ids: (N, T) the answers' tokens.
            end: the token that ends a text; None where the model has none.
        """
        self._note(ids)
        if not self._chosen:
            return [0.0] * len(ids)
        chosen = torch.stack(self._chosen, dim=1)
        if end is not None:
            ends = (ids == end).to(chosen.device)
            chosen = chosen.masked_fill(ends.cumsum(1) - ends.long() > 0, 0.0)
        return [float(value) for value in chosen.sum(1)]


class _Stop:
    """Ends a row where `until` says so, or after its first line.

    Calls `check` and `after_token` at every token.
    """

    def __init__(
        self,
        tokenizer: Any,
        start: int,
        check: CancelCheck,
        after_token: Callable[[], None],
        until: AnswerEnds | None,
        on_text: OnText | None = None,
    ) -> None:
        self._tokenizer, self._start, self._check = tokenizer, start, check
        self._after_token, self._until, self._on_text = after_token, until, on_text
        self._ended: torch.Tensor | None = None

    def __call__(
        self, input_ids: torch.Tensor, scores: torch.Tensor, **options: Any
    ) -> torch.Tensor:
        """Which rows are done, (rows,) bool."""
        del scores, options
        self._check()
        self._after_token()
        if self._ended is None:
            self._ended = torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
        ends = self._complete(input_ids) if self._until else self._broken(input_ids)
        self._ended = self._ended | torch.tensor(ends, device=input_ids.device)
        if self._on_text is not None:
            made = input_ids[:, self._start :]
            self._on_text(_texts(self._tokenizer, made, whole=self._until is not None))
        return self._ended

    def _broken(self, input_ids: torch.Tensor) -> list[bool]:
        # Some tokenizers join the line break to the text before it: read the last piece.
        pieces = self._tokenizer.batch_decode(input_ids[:, -1:])
        first = input_ids.shape[1] == self._start + 1
        return ["\n" in (piece.lstrip("\n") if first else piece) for piece in pieces]

    def _complete(self, input_ids: torch.Tensor) -> list[bool]:
        assert self._until is not None
        texts = _texts(self._tokenizer, input_ids[:, self._start :], whole=True)
        return [self._until(text) for text in texts]


def _texts(tokenizer: Any, made: torch.Tensor, *, whole: bool) -> tuple[str, ...]:
    """Each row, or its first line that holds anything, without special tokens."""
    texts = tokenizer.batch_decode(
        made, skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    if whole:
        return tuple(texts)
    return tuple(text.strip().split("\n", 1)[0].strip() for text in texts)


class _seeded:  # noqa: N801  # reads as a word in a with statement
    """Within this context torch's generators start from a seed; their state is restored."""

    def __init__(self, device: torch.device, seed: int) -> None:
        devices = [device] if device.type == "cuda" else []
        self._fork = torch.random.fork_rng(devices=devices)
        self._device, self._seed = device, seed

    def __enter__(self) -> None:
        self._fork.__enter__()
        torch.manual_seed(self._seed % 2**63)

    def __exit__(self, *error: object) -> None:
        self._fork.__exit__(*error)  # type: ignore[arg-type]  # what with hands over
