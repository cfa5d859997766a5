"""How far an edit goes along a trace: what the work on GPT-k prompt editing measures.

All of arXiv 2305.11317, whose figures are: the similarity of the proposed picture to the pictures
of the trace, which of them it is most similar to, and the share of edits that remain from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.model.prompt_edit.prompt_edit import EditKind, PromptEdit


def most_similar(similarities: Sequence[float] | NDArray[np.floating]) -> int:
    """MS: the index of the most similar picture of the trace; of equal ones the earliest.

    Args:
        similarities: of the proposed picture to the pictures i₀…i_N.

    Raises:
        ValueError: there are none.
    """
    return int(np.argmax(np.asarray(similarities, float)))


def remaining_edits(similar: int, edits: int, done: int = 0) -> float:
    """RNE: the percentage of edits that remain, 100·(N − MS)/(N − t).

    With t = 0 it is the published figure. Below 100 the proposal moved on towards the last picture,
    at 0 it arrived; above 100 it lies before the picture that it started from.

    Args:
        similar: MS, 0..N.
        edits: N, how many edits the trace has.
        done: t, how many of them were made before the proposal, 0..N−1.

    Raises:
        ValueError: a number lies outside its range.
    """
    if not 0 <= done < edits or not 0 <= similar <= edits:
        raise ValueError(f"no such trace: MS {similar}, t {done}, N {edits}")
    return 100.0 * (edits - similar) / (edits - done)


def drop_of_remaining(similar: int, edits: int, done: int = 0) -> float:
    """How much less remains: 100 − RNE, in percent; negative for a step back."""
    return 100.0 - remaining_edits(similar, edits, done)


def similarities(
    proposed: NDArray[np.floating], trace: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Cosine of one picture to each of a trace: (1, d) or (d,) and (N + 1, d) unit features."""
    one = np.asarray(proposed, float).reshape(-1)
    found: NDArray[np.float64] = np.asarray(trace, float) @ one
    return found


def similarity_lift(proposed: float, baseline: float) -> float:
    """How much more similar the proposal is to the last picture than a baseline is."""
    return proposed - baseline


def kind_of_words(edit: PromptEdit) -> EditKind:
    """The kind of an edit by the words that differ.

    `PromptEdit.kind` compares whole chunks between commas, so a word that goes out of a chunk is a
    replace there; by words it is a delete.
    """
    kinds = {change.op for change in edit.changes}
    return "none" if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"


def same_type(proposed: PromptEdit, wanted: PromptEdit) -> bool:
    """Whether a proposed edit is of the kind that the artist's next edit is, by words."""
    return kind_of_words(proposed) == kind_of_words(wanted)


def type_shares(edits: Sequence[PromptEdit]) -> dict[EditKind, float]:
    """The share of each kind (by words) among edits, 0..1; kinds that do not occur are left out."""
    counts = Counter(kind_of_words(edit) for edit in edits)
    return {kind: count / len(edits) for kind, count in sorted(counts.items())}
