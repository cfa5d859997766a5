"""How surprising texts are to a language model: ``python -m inference.lab.evaluation.perplexity``.

Perplexity per token depends on the tokenizer; bits per character compares any two models.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from inference.lab.tool import run_tool
from inference.models.loaded import LoadedLanguage
from inference.models.store import ModelStore


@dataclass(frozen=True)
class Perplexity:
    """The figures over all texts together.

    Attributes:
        texts, tokens: how many; a text's first token is given, not predicted, unless the tokenizer
            has a token for its beginning.
        per_token: exp of the mean negative log likelihood of a token, in nats.
        bits_per_character: the whole negative log likelihood in bits over the characters.
    """

    texts: int
    tokens: int
    per_token: float
    bits_per_character: float


def perplexity(loaded: LoadedLanguage, texts: Sequence[str]) -> Perplexity:
    """Measure a model, one text at a time.

    Raises:
        ValueError: no text has a token to predict.
    """
    begin = loaded.tokenizer.bos_token_id
    nats, tokens, characters = 0.0, 0, 0
    for text in texts:
        ids = list(loaded.tokenizer(text, add_special_tokens=False)["input_ids"])
        if begin is not None:
            ids = [begin, *ids]
        if len(ids) < 2:
            continue
        row = torch.tensor([ids], device=loaded.device)
        with torch.inference_mode():
            logits = loaded.model(row).logits[0, :-1].double()
            likelihoods = logits.log_softmax(-1).gather(1, row[0, 1:, None])
        nats -= float(likelihoods.sum())
        tokens += len(ids) - 1
        characters += len(text)
    if not tokens:
        raise ValueError("no text has a token to predict")
    return Perplexity(
        len(texts), tokens, math.exp(nats / tokens), nats / math.log(2.0) / characters
    )


def first_column(file: Path, count: int) -> list[str]:
    """Texts of a TSV file with a heading: its first column, from the top."""
    lines = file.read_text("utf-8").splitlines()[1:]
    return [line.split("\t")[0] for line in lines[:count]]


def main() -> int:
    """Print one model's figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="folder of a language model")
    parser.add_argument("texts", type=Path, help="TSV file; its first column is read")
    parser.add_argument("--n", type=int, default=300, help="texts from the top of the file")
    args = parser.parse_args()
    store = ModelStore([args.model], device="cpu")
    found = next((one for one in store.found if one.role in ("chat", "language")), None)
    if found is None:
        parser.error(f"{args.model} holds no language model")
    loaded = store.chat() if found.role == "chat" else store.language()
    began = time.monotonic()
    figures = asdict(perplexity(loaded, first_column(args.texts, args.n)))
    print(json.dumps({"model": found.id, **figures, "seconds": round(time.monotonic() - began, 1)}))
    return 0


if __name__ == "__main__":
    run_tool(main)
