"""Five suggestions in one batch after one prefill, against five `generate` calls.

Random weights at the true sizes: the starter model (6 × 224, 2,048 pieces) with its own question,
GPT-2's (12 × 768, 50,257 pieces) with the conversation any other model is asked in, and SmolLM2's
(30 × 576, 49,152 pieces) with the line it was tuned on. Both arms draw equally many tokens, on
one thread; line breaks and end of text are suppressed so that none stops early.

Then five checked suggestions from the call to the last, by the starter model and, where it is
installed, by SmolLM2 with its LoRA.
"""

from __future__ import annotations

import argparse
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import torch

from app.runtime import paths
from inference.ipc.domains import register_domains
from inference.lab.training.language import language_corpus
from inference.lab.training.tokenizers import language_tokenizer
from inference.language import chat
from inference.language.generate import TextSampling, sample_answers
from inference.language.proposals import Context
from inference.language.suggest import suggest
from inference.language.trace_lines import next_line
from inference.models.language_adapters import adapted
from inference.models.libraries import prepare_libraries, quiet
from inference.models.loaded import LoadedLanguage
from inference.models.store import ModelStore
from inference.starter.lines import LINE_FORMAT, question_line
from tests.bench.measure import Row, alternate, load, main

COUNT = 5
GOAL = 2.5
CAPTION = (
    "a red house with a green cat and a fence, in a meadow, at noon, clear sky, summer, seen close,"
    " flat illustration"
)
PHOTO_CAPTION = "a cup of coffee with a spoon on a wooden table"


@dataclass
class Talker:
    """A language model in memory."""

    model: Any
    tokenizer: Any
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    has_template: bool = False


def smollm2(tokenizer: Any) -> Talker:
    """A model of SmolLM2-135M's shape and random weights that never ends a line."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    end = tokenizer.eos_token_id
    config = LlamaConfig(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30,
        num_attention_heads=9, num_key_value_heads=3, max_position_embeddings=8192,
        tie_word_embeddings=True, bos_token_id=end, eos_token_id=end, pad_token_id=end,
    )  # fmt: skip
    model = LlamaForCausalLM(config).eval()
    return never_ending(model, tokenizer, config.vocab_size)


def never_ending(model: Any, tokenizer: Any, vocabulary: int) -> Talker:
    """With tokens suppressed that would end a line or have no words."""
    ending = [i for i in range(len(tokenizer)) if "\n" in tokenizer.decode([i])]
    beyond = list(range(len(tokenizer), vocabulary))  # pieces our tokenizer has no words for
    model.generation_config.suppress_tokens = [*ending, tokenizer.eos_token_id, *beyond]
    return Talker(model, tokenizer)


def talker(tokenizer: Any, *, layers: int, width: int, heads: int, vocabulary: int,
           context: int) -> Talker:  # fmt: skip
    """A GPT-2 of random weights that never ends a line."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    end = tokenizer.eos_token_id
    config = GPT2Config(
        vocab_size=vocabulary, n_positions=context, n_embd=width, n_layer=layers, n_head=heads,
        bos_token_id=end, eos_token_id=end, pad_token_id=end, line_format=LINE_FORMAT,
    )  # fmt: skip
    return never_ending(GPT2LMHeadModel(config).eval(), tokenizer, vocabulary)


def rows_of(name: str, talking: Talker, asked: str, tokens: int, runs: int) -> Row:
    """Both arms in turn."""
    sampling = TextSampling()
    encoded = talking.tokenizer([asked], return_tensors="pt")

    def together() -> None:
        made = sample_answers(talking, asked, COUNT, tokens, sampling, lambda: None)
        assert len(made) == COUNT

    def one_by_one() -> None:
        with torch.inference_mode():
            for _ in range(COUNT):
                made = talking.model.generate(
                    **encoded, max_new_tokens=tokens, do_sample=True, top_k=0,
                    temperature=sampling.temperature, top_p=sampling.top_p,
                    pad_token_id=talking.tokenizer.pad_token_id,
                )  # fmt: skip
                assert made.shape[1] == encoded.input_ids.shape[1] + tokens

    # One thread and its own clock: waiting for threads of a busy machine would be all one sees.
    times = alternate(
        {"together": together, "one": one_by_one}, runs=runs, warm_ups=1, clock=time.thread_time
    )
    return Row(
        "10",
        f"{COUNT} suggestions, {name}",
        times["together"],
        times["one"],
        target=GOAL,
        note=f"question {encoded.input_ids.shape[1]} tokens, answers {tokens} each; load {load()}",
    )


def whole_row(what: str, language: LoadedLanguage, caption: str, limit: float, runs: int) -> Row:
    """Five suggestions with their captions, checked; another seed each time."""
    seeds = itertools.count()

    def whole() -> None:
        with adapted(language, "suggest"):
            made = suggest(language, Context(caption), COUNT, next(seeds), lambda: None)
        assert len(made.suggestions) == COUNT

    times = alternate({"whole": whole}, runs=runs, warm_ups=1, clock=time.thread_time)
    return Row("10", what, times["whole"], None, limit=limit, note=f"load {load()}")


def whole_rows(runs: int) -> list[Row]:
    """The starter model, and SmolLM2 where the program's own folder has it."""
    rows = []
    if (starter := paths.shipped_models()) is not None:
        language = ModelStore([starter]).language()
        rows.append(whole_row("five checked suggestions, starter", language, CAPTION, 0.6, runs))
    if (chat := paths.own_models() / "smollm2-135m-instruct").is_dir():
        language = ModelStore([chat]).chat()
        what = "five checked suggestions, SmolLM2 with its LoRA"
        rows.append(whole_row(what, language, PHOTO_CAPTION, 6.0, runs))
    return rows


def collect(asked: argparse.Namespace) -> list[Row]:
    """Three sizes, then the true models."""
    register_domains()
    prepare_libraries()
    quiet()
    torch.set_num_threads(1)
    tokenizer = language_tokenizer(language_corpus(), context=1024)
    path = ("make it summer", "remove the fence", "let it snow")
    starter = talker(tokenizer, layers=6, width=224, heads=7, vocabulary=2048, context=192)
    gpt2 = talker(tokenizer, layers=12, width=768, heads=12, vocabulary=50257, context=1024)
    messages = chat.suggest_messages(Context(CAPTION))
    conversation = chat.as_text(messages, tokenizer, template=False)
    return [
        rows_of("starter size", starter, question_line("next", CAPTION, done=path), 24, asked.runs),
        rows_of("GPT-2 size", gpt2, conversation, 48, asked.runs),
        rows_of("SmolLM2 size", smollm2(tokenizer), next_line(CAPTION, path), 32, asked.runs),
        *whole_rows(asked.runs),
    ]


if __name__ == "__main__":
    main(collect)
