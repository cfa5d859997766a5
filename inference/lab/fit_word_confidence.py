"""Fits `inference.starter.word_confidence` to the calibration part of the sentences.

``python -m inference.lab.fit_word_confidence`` prints the numbers to write there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.ipc.domains import register_domains
from inference.lab.evaluation.sentences import OUTSIDE, SentenceCase, read_sentences
from inference.lab.tool import run_tool
from inference.language.generate import Language, best_answers
from inference.language.serve import language_of
from inference.models.store import ModelStore
from inference.starter.known_words import absent_thing
from inference.starter.language import ANSWER_TOKENS, direction_questions
from inference.starter.understanding import readings
from inference.starter.word_confidence import Evidence
from inference.starter.world_captions import read_caption

_PENALTY = 0.001
"""Of squared weights: without it the weights of facts that never err grow without end."""


def examples(
    sentences: Sequence[SentenceCase], language: Language
) -> Iterator[tuple[SentenceCase, Evidence, bool]]:
    """Every edit that the model reads in the sentences, and whether it is what was meant."""
    rows = json.loads((files("resources") / "samples" / "storybook.json").read_text("utf-8"))
    captions = {row["file"]: row["full_caption"] for row in rows}
    for sentence in sentences:
        if sentence.picture == OUTSIDE or sentence.group == "tone":
            continue
        caption = captions[sentence.picture]
        if absent_thing(sentence.text, read_caption(caption)):
            continue
        answers = best_answers(
            language,
            direction_questions(caption, sentence.text),
            ANSWER_TOKENS["after"],
            lambda: None,
        )
        for one in readings(caption, sentence.text, answers):
            changes = one.edit.changes
            meant = (
                all(changes.get(name) == value for name, value in sentence.after.items())
                if sentence.known
                else sentence.group == "already" and one.target is None
            )
            yield sentence, one.evidence, meant


def fitted(facts: NDArray[np.float64], meant: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bias and weights of a logistic regression with a small penalty, by Newton's method.

    Args:
        facts: (N, D).
        meant: (N,) 0 or 1; both kinds count alike, however many there are of each.
    """
    x = np.hstack([np.ones((len(facts), 1)), facts])
    share = meant.mean()
    weight = np.where(meant > 0, 0.5 / share, 0.5 / (1 - share))
    penalty = np.diag([0.0, *[_PENALTY * len(x)] * facts.shape[1]])
    found = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ found))
        gradient = x.T @ (weight * (p - meant)) + penalty @ found
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        found -= np.linalg.solve(hessian, gradient)
    return np.asarray(found, np.float64)


def main() -> int:
    """Print bias, weights and the sentences that lie on the wrong side or near the middle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="default: the shipped starter models")
    args = parser.parse_args()
    register_domains()
    folder = args.models or Path(str(files("resources") / "models" / "starter"))
    language = language_of(ModelStore((folder,)))
    if language is None:
        raise SystemExit("There is no language model.")
    calibration = [one for one in read_sentences() if one.part == "calibration"]
    rows = list(examples(calibration, language))
    facts = np.array([evidence.facts for _, evidence, _ in rows])
    meant = np.array([float(right) for _, _, right in rows])
    bias, *weights = fitted(facts, meant)
    print(f"BIAS = {bias:.2f}\nWEIGHTS = {tuple(round(float(w), 2) for w in weights)}")
    for (sentence, evidence, right), logit in zip(rows, bias + facts @ weights, strict=True):
        if (logit > 0) != right or abs(logit) < 1.5:
            print(f"{logit:+.2f} {right} {sentence.group}: {sentence.text} {evidence}")
    return 0


if __name__ == "__main__":
    run_tool(main)
