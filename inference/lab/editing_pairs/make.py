"""Making a folder of pairs from a file of triples, by one process or several."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch

from editor.errors import ModelMissing
from editor.messages import Message
from editor.model.score import Gates
from inference.lab.editing_pairs.gold_pairs import gold_pairs
from inference.lab.editing_pairs.pair_folder import (
    RECIPE,
    is_written,
    kept_seeds,
    triple_name,
    write_seeds,
    write_triple,
)
from inference.lab.editing_pairs.pair_gates import PUBLISHED, MeasuredPair, best_pairs
from inference.lab.editing_pairs.pair_sampler import DrawnPair, DrawnRanges, draw_pairs
from inference.lab.evaluation.models import digests_of
from inference.lab.evaluation.partial import agree_on_facts, file_digest
from inference.lab.finetune.edit_texts.text_triple import TextTriple, read_triples
from inference.models.roles import how_to_get, role_name
from inference.models.store import ModelStore
from inference.vision.clip.judge import ClipJudge
from inference.vision.clip.similarity import Similarity

ROLE: Final = "text_to_image"
_ROLES: Final = ("clip", ROLE)

WhichGates = Literal["own", "published"]

_SEEDS: Final = 0x9A12


@dataclass(frozen=True)
class PairOptions:
    """How pairs are made; the defaults are the published ones.

    Attributes:
        triples: file of texts.
        output: folder to write.
        models: opens the models in each process.
        unfiltered: folder for the first pairs of each triple, whatever CLIP says; None for none.
        seeds: pairs that are drawn for each triple.
        steps: of the sampler.
        keep: pairs of a triple that are kept at most.
        ranges: what is drawn for each seed.
        gates: those that were measured for the CLIP model where there are some ("own"), or those
            of the paper.
        gold: the storybook's renderer draws the pairs, and all are kept.
        seed: of the seeds.
    """

    triples: Path
    output: Path
    models: Callable[[], ModelStore]
    unfiltered: Path | None = None
    seeds: int = 100
    steps: int = 100
    keep: int = 4
    ranges: DrawnRanges = field(default_factory=DrawnRanges)
    gates: WhichGates = "own"
    gold: bool = False
    seed: int = 0

    @property
    def folders(self) -> list[Path]:
        """Those that are written."""
        return [self.output] if self.unfiltered is None else [self.output, self.unfiltered]


class PairMaker:
    """Makes the pairs of one triple after another; models are loaded with the first."""

    def __init__(self, options: PairOptions) -> None:
        self._options = options
        self.triples: Sequence[TextTriple] = read_triples(options.triples)
        self._store = options.models()

    @property
    def missing(self) -> list[int]:
        """The triples that are not written yet."""
        folders = self._options.folders
        return [
            index
            for index in range(len(self.triples))
            if not all(is_written(folder, index) for folder in folders)
        ]

    def recipe(self) -> dict[str, Any]:
        """What the folder depends on.

        Raises:
            ModelMissing: nothing could be drawn, or measured.
        """
        options = self._options
        for role in _ROLES:
            if self._store.model(role) is None:
                raise ModelMissing(Message("model.none", role=role_name(role)), how_to_get(role))
        return {
            "triples": file_digest(options.triples),
            "models": digests_of(self._store, _ROLES),
            "seeds": options.seeds,
            "steps": options.steps,
            "keep": options.keep,
            "gates": options.gates,
            "gold": options.gold,
            "seed": options.seed,
            **asdict(options.ranges),
        }

    def write(self, index: int) -> int:
        """Make and write the pairs of a triple; returns how many pass the gates."""
        options, triple = self._options, self.triples[index]
        measured = [self._measured(triple, pair) for pair in self._drawn(index)]
        chosen = measured[: options.keep] if options.gold else self._best(measured)
        if options.unfiltered is not None and not is_written(options.unfiltered, index):
            write_triple(options.unfiltered, index, triple, measured[: options.keep])
        if not is_written(options.output, index):
            write_triple(options.output, index, triple, chosen)
        return len(chosen)

    def _drawn(self, index: int) -> Iterator[DrawnPair]:
        options, triple = self._options, self.triples[index]
        seeds = triple_seeds(options.seed, index, options.keep if options.gold else options.seeds)
        if options.gold:
            return gold_pairs(triple, seeds, self._side)
        captions = (triple.caption, triple.output)
        model = self._store.diffusion(ROLE)
        return draw_pairs(model, captions, seeds, options.steps, options.ranges)

    def _measured(self, triple: TextTriple, pair: DrawnPair) -> MeasuredPair:
        source, target = pair.images
        found = self._judge.embeddings.compare(source, [target], triple.caption, [triple.output])
        return MeasuredPair(pair, found[0])

    def _best(self, measured: Sequence[MeasuredPair]) -> list[MeasuredPair]:
        # Gates that were measured for a model depend on how alike the captions are.
        gates = self._gates(measured[0].found) if measured else PUBLISHED
        return best_pairs(measured, gates, self._options.keep)

    def _gates(self, found: Similarity) -> Gates:
        return PUBLISHED if self._options.gates == "published" else self._judge.gates(found.text)

    @cached_property
    def _judge(self) -> ClipJudge:
        return ClipJudge(self._store)

    @cached_property
    def _side(self) -> int:
        return self._store.diffusion(ROLE).side


def triple_seeds(seed: int, index: int, count: int) -> list[int]:
    """The different seeds of a triple's pairs, 0 to 2³² − 1; they depend on seed and index."""
    rng = np.random.default_rng((_SEEDS, seed, index))
    found: dict[int, None] = {}
    while len(found) < count:
        found[int(rng.integers(2**32))] = None
    return list(found)


def make_pairs(
    options: PairOptions,
    *,
    processes: int = 1,
    threads: int | None = None,
    on_progress: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """Make the pairs that are missing; returns how many there are.

    Every triple is drawn from seeds of its own and its folder appears whole, so that a run that was
    killed goes on to the same folder, with any number of processes of the same number of threads.

    Args:
        options: what is made.
        processes: that share the triples.
        threads: of torch in each; None leaves them as they are.
        on_progress: called with the share that is done.

    Raises:
        BadTriples, NotStorybook, ModelMissing: nothing can be made of these texts or models.
        OtherRun: a folder holds pairs of another recipe.
    """
    began = time.monotonic()
    maker = PairMaker(options)
    recipe = maker.recipe()
    for folder in options.folders:
        folder.mkdir(parents=True, exist_ok=True)
        agree_on_facts(folder / RECIPE, recipe)
    missing, count = maker.missing, len(maker.triples)
    if processes == 1:
        _prepare_threads(threads)
        done = (maker.write(index) for index in missing)
        _report_progress(done, count, len(missing), on_progress)
    else:
        with ProcessPoolExecutor(
            processes, get_context("spawn"), _start_process, (options, threads)
        ) as pool:
            tasks = [pool.submit(_write, index) for index in missing]
            try:
                finished = (task.result() for task in as_completed(tasks))
                _report_progress(finished, count, len(missing), on_progress)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    pairs = {folder: write_seeds(folder, count) for folder in options.folders}
    with_pairs = sum(bool(kept_seeds(options.output / triple_name(i))) for i in range(count))
    return {
        "triples": count,
        "triples_with_pairs": with_pairs,
        "pairs": pairs[options.output],
        "made": len(missing),
        "seconds": round(time.monotonic() - began, 1),
        **({"unfiltered": pairs[options.unfiltered]} if options.unfiltered is not None else {}),
    }


def _report_progress(
    done: Iterator[int], count: int, missing: int, on_progress: Callable[[float], None]
) -> None:
    before = count - missing
    on_progress(before / count)
    for number, _ in enumerate(done, before + 1):
        on_progress(number / count)


_maker: PairMaker | None = None
"""Of this process, where several share the work."""


def _start_process(options: PairOptions, threads: int | None) -> None:
    global _maker  # noqa: PLW0603  # an initialiser has no other way to hand something on
    _prepare_threads(threads)
    _maker = PairMaker(options)


def _write(index: int) -> int:
    assert _maker is not None
    return _maker.write(index)


def _prepare_threads(threads: int | None) -> None:
    if threads is not None:
        torch.set_num_threads(threads)
