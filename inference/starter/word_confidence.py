"""How sure it is that words ask for the edit that was read in them.

A logistic regression over four facts. Its numbers were fitted on the calibration part of
``tests/data/word_confidence.jsonl`` by ``python -m inference.lab.fit_word_confidence``;
``pentimento evaluate words`` measures them on the held-out part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Evidence:
    """What speaks for a reading.

    Attributes:
        log_probability: of the language model's answers that say so, natural logarithm, ≤ 0.
        agreed: both of its answers do.
        named: how well the words name what the edit does, 0..1.
        unknown_share: share of the words that have no part in the edit, 0..1.
    """

    log_probability: float
    agreed: bool
    named: float
    unknown_share: float

    @property
    def facts(self) -> tuple[float, ...]:
        """The four facts as numbers of about the same size."""
        surprise = math.sqrt(-max(_LEAST, self.log_probability))
        return surprise, float(self.agreed), self.named, self.unknown_share


_LEAST: Final = -4.0
"""Less likely answers are all the same: the model does not know."""

BIAS: Final = -2.41
WEIGHTS: Final = (-3.06, 2.11, 3.86, -6.49)
"""Of `Evidence.facts`."""

ENOUGH: Final = 0.44
"""An edit is carried out from this confidence: what is read right in the calibration reaches it."""


def confidence(evidence: Evidence) -> float:
    """How sure a reading is, 0 to 1."""
    logit = BIAS + sum(w * x for w, x in zip(WEIGHTS, evidence.facts, strict=True))
    return 1.0 / (1.0 + math.exp(-logit))
