"""A blind judgement of the gallery: "would you keep this?", with traps that show who looks.

Results are mixed with gold renders and deliberate smears under running numbers. A judgement
counts only with at least `GOLD_KEPT` golds and at most `SMEARS_KEPT` smears kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Pillow
from scipy.ndimage import gaussian_filter

from editor.errors import ExpectedError
from editor.model.image import Pixels
from inference.lab.evaluation.gallery.run import Shown, sample_image
from inference.lab.evaluation.starter.testset import edits, stream
from inference.lab.storybook.edits import EDIT_KINDS, Gold, gold
from inference.lab.storybook.instructions import instruct

TRAPS: Final = 20
"""Gold renders, and as many smears."""

GOLD_KEPT: Final = 18
SMEARS_KEPT: Final = 2
SENTENCES: Final = "sentences.txt"
_SIZE: Final = 768
_GAP: Final = 16
_SMEAR_SIDE: Final = 40
_FEATHER: Final = 12.0

Origin = str
"""``"result"``, ``"gold"`` or ``"smear"``."""


class BadJudgement(ExpectedError):
    """An answer is missing, or is neither yes nor no."""

    kind = "bad_judgement"


@dataclass(frozen=True)
class BlindCase:
    """A pair of pictures to be judged: before and after, (H, W, 3) uint8, and the sentence."""

    origin: Origin
    text: str
    before: Pixels
    after: Pixels


@dataclass(frozen=True)
class Judgement:
    """One reader's answers, counted.

    Attributes:
        kept: pictures the reader would keep, by where they come from.
        refused: numbers of the results that the reader would not keep.
    """

    kept: Mapping[Origin, int]
    refused: tuple[int, ...]

    @property
    def counts(self) -> bool:
        """Whether the reader kept good pictures and refused smeared ones."""
        return self.kept["gold"] >= GOLD_KEPT and self.kept["smear"] <= SMEARS_KEPT


def smeared(case: Gold) -> Pixels:
    """What an edit looks like when it is enlarged from a few pixels: gold, melted in its mask."""
    size = case.target.shape[:2]
    small = Pillow.fromarray(case.target).resize((_SMEAR_SIDE, _SMEAR_SIDE))
    melted = np.asarray(small.resize(size[::-1], Pillow.Resampling.BICUBIC), np.float64)
    grown = gaussian_filter((case.mask > 0).astype(np.float64), _FEATHER) > 0.1
    weight = gaussian_filter(grown.astype(np.float64), _FEATHER)[..., None]
    mixed: Pixels = np.rint(case.source + weight * (melted - case.source)).astype(np.uint8)
    return mixed


def blind_cases(shown: Sequence[Shown], seed: int, traps: int = TRAPS) -> list[BlindCase]:
    """All results with their traps, shuffled by ``seed``."""
    cases = [
        BlindCase(
            "result", one.ask.text, sample_image(one.ask.sample).array()[..., :3], one.result.pixels
        )
        for one in shown
        if one.result.pixels is not None
    ]
    per_kind = -(-2 * traps // len(EDIT_KINDS))
    for index, edit in enumerate(edits(seed, per_kind, unseen=False)[: 2 * traps]):
        pair = gold(edit, _SIZE)
        text = instruct(edit, stream(seed, "blind", index)).text
        # By turns, and the other way round in the next round of kinds: both hold all kinds alike.
        if (index + index // len(EDIT_KINDS)) % 2:
            cases.append(BlindCase("smear", text, pair.source, smeared(pair)))
        else:
            cases.append(BlindCase("gold", text, pair.source, pair.target))
    order = np.random.default_rng(seed).permutation(len(cases))
    return [cases[i] for i in order]


def write_blind(cases: Iterable[BlindCase], folder: Path, key: Path) -> None:
    """Write the pairs, before at the left, and their sentences; where they come from to ``key``.

    Args:
        cases: in the order in which they are judged.
        folder: gets ``001.png`` and on, and `SENTENCES`; nothing in it says what a picture is.
        key: JSON file, kept from the readers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    origins, lines = {}, []
    for number, case in enumerate(cases, 1):
        height, width = case.before.shape[:2]
        pair = np.full((height, 2 * width + _GAP, 3), 255, np.uint8)
        pair[:, :width], pair[:, width + _GAP :] = case.before, case.after
        Pillow.fromarray(pair).save(folder / f"{number:03d}.png")
        origins[f"{number:03d}"] = case.origin
        lines.append(f"{number:03d}: {case.text}")
    (folder / SENTENCES).write_text("\n".join(lines) + "\n", "utf-8")
    key.write_text(json.dumps(origins, indent=0) + "\n", "utf-8")


def count_judgement(key: Mapping[str, Origin], answers: Iterable[str]) -> Judgement:
    """Count one reader's answers.

    Args:
        key: what each number is.
        answers: lines ``001: yes`` or ``001: no``, then any remark; blank lines are skipped.

    Raises:
        BadJudgement: a picture has no answer or two, or one that is neither yes nor no.
    """
    answered: dict[str, bool] = {}
    for line in filter(str.strip, answers):
        number, _, rest = line.partition(":")
        word = rest.split()[0].strip(".,;:—-").lower() if rest.split() else ""
        if number.strip() not in key or number.strip() in answered or word not in ("yes", "no"):
            raise BadJudgement(f"“{line.strip()}” is no answer.", "Write “001: yes” or “001: no”.")
        answered[number.strip()] = word == "yes"
    if missing := sorted(set(key) - set(answered)):
        raise BadJudgement(f"There is no answer to {missing[0]}.", "Judge every picture.")
    kept = dict.fromkeys(("result", "gold", "smear"), 0)
    for number, keep in answered.items():
        kept[key[number]] += keep
    refused = (int(n) for n, keep in answered.items() if key[n] == "result" and not keep)
    return Judgement(kept, tuple(sorted(refused)))
