"""One run of the experiment: which arms, which requests, which picture models."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from editor.ranking.content_integrity import content_integrity
from inference.lab.evaluation.arm_digest import arm_digest, check_model
from inference.lab.evaluation.chat.arms import RECORD, ChatArmSource, RecordArm, RewriteArm
from inference.lab.evaluation.chat.pictures import PictureMeasures, PromptPictures, RenderedPrompts
from inference.lab.evaluation.chat.survey_answers import write_survey_answers
from inference.lab.evaluation.partial import PartialResults
from inference.lab.evaluation.protocol import OnShareDone
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.finetune.instructpe.make import HELD_OUT, TEST
from inference.lab.finetune.preference import RewardWeights
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.requests import ChatRequest, chat_request
from inference.lab.finetune.rewards.regressor import RewardRegressor
from inference.lab.finetune.rewards.scored_pictures import STEPS, ScoredPictures
from inference.lab.finetune.run_chat import chat_records

PARTS: Final = ("plain", "full", "held-out")
"""Test records with the plain prompt, with the full prompt, and records in the place and the style
that no training has seen, with the plain prompt."""

BATCH: Final = 16


@dataclass(frozen=True)
class PartFigures:
    """What was measured of one part with one picture model; without one, of the texts alone.

    Attributes:
        part: of `PARTS`.
        pictures: name of the picture model; "" for texts.
        values: figures of each request, by arm, the record's own target first.
        prompts: the answers, by arm.
    """

    part: str
    pictures: str
    values: dict[str, list[dict[str, float]]]
    prompts: dict[str, list[str]]


@dataclass(frozen=True)
class ChatExperiment:
    """What is measured.

    Attributes:
        arms: whose models are loaded one after another.
        records: folder that `make-instructpe` wrote.
        origin: only records whose origin begins so.
        n: requests of each part; fewer where there are fewer.
        seed: of the pictures.
        parts: of `PARTS`.
        pictures: names of picture models; none for texts alone.
        rewards: folder of the regressors that rate texts; None for none.
        sampler_steps: of each picture.
        heads: folder of the heads that rate the pictures; None for the starter's.
        models: folder of the starter models; None for the program's own.
    """

    arms: tuple[ChatArmSource, ...]
    records: Path
    origin: str
    n: int
    seed: int
    parts: tuple[str, ...] = PARTS
    pictures: tuple[str, ...] = ()
    rewards: Path | None = None
    sampler_steps: int = STEPS
    heads: Path | None = None
    models: Path | None = None
    weights: RewardWeights = field(default_factory=RewardWeights)

    def run(self, results: PartialResults, on_row: OnShareDone) -> list[PartFigures]:
        """Measure everything that `results` does not hold.

        Raises:
            NoRecords: a part has none.
            OtherModel: an arm was measured with another model.
        """
        requests = {part: self._requests(part) for part in self.parts}
        for source in self.arms:
            check_model(source.name, arm_digest((source.folder, source.lora)), results)
        answers = {
            part: {RECORD: self._answers(RecordArm(), RECORD, part, requests, results)}
            for part in self.parts
        }
        for source in self.arms:
            arm = source.load(self._prompt_rewards)
            for part in self.parts:
                on_row(f"{part}/{source.name}", 0.0)
                answers[part][source.name] = self._answers(
                    arm, source.name, part, requests, results
                )
        found = []
        for part in self.parts:
            texts = self._texts(requests[part], answers[part], results, part)
            prompts = {
                name: [one["prompt"] for one in rows] for name, rows in answers[part].items()
            }
            found.append(PartFigures(part, "", texts, prompts))
            for measures in self._measures:
                values = {
                    name: self._pictures(
                        measures, part, name, requests[part], made, results, on_row
                    )
                    for name, made in prompts.items()
                }
                found.append(
                    PartFigures(part, measures.name, self._rewarded(texts, values), prompts)
                )
        return found

    def write_survey(
        self, found: Sequence[PartFigures], groups: tuple[str, str], folder: Path, count: int
    ) -> list[Path]:
        """The first answers of two groups in the first part, with pictures, for people to compare.

        Args:
            found: of `run`.
            groups: whose first arms are shown.
            folder: to write to.
            count: of requests.
        """
        requests = self._requests(found[0].part)[:count]
        seeds = [self._seed(place) for place in range(len(requests))]
        pictures = ScoredPictures(StarterModels(self.models), self.sampler_steps)
        return write_survey_answers(folder, requests, found[0].prompts, groups, pictures, seeds)

    def _seed(self, place: int) -> int:
        """Of the picture of a request: other noise than the labels of the regressors had."""
        return self.seed * 1_000_003 + 7_919 + place

    def _requests(self, part: str) -> list[ChatRequest]:
        file = HELD_OUT if part == "held-out" else TEST
        records = chat_records(self.records, self.origin, file)[: self.n]
        return [chat_request(record, full=part == "full") for record in records]

    @cached_property
    def _prompt_rewards(self) -> PromptRewards | None:
        if self.rewards is None:
            return None
        return PromptRewards(RewardRegressor.read(self.rewards), self.weights)

    @cached_property
    def _measures(self) -> tuple[PictureMeasures, ...]:
        if not self.pictures:
            return ()
        models = StarterModels(self.models)
        scored = ScoredPictures(models, self.sampler_steps, self.heads)
        ways: dict[str, PromptPictures] = {
            "text-to-image": scored,
            "renderer": RenderedPrompts(models.side()),
        }
        return tuple(PictureMeasures(name, ways[name], scored, models) for name in self.pictures)

    def _answers(
        self,
        arm: RewriteArm,
        name: str,
        part: str,
        requests: dict[str, list[ChatRequest]],
        results: PartialResults,
    ) -> list[dict[str, Any]]:
        """Prompt and seconds of processor time of each answer."""
        row, asked = f"answers/{part}/{name}", requests[part]
        missing = [i for i in range(len(asked)) if results.get(row, str(i)) is None]
        for start in range(0, len(missing), BATCH):
            places = missing[start : start + BATCH]
            began = time.process_time()
            made = arm.answers([asked[i] for i in places], places[0])
            seconds = (time.process_time() - began) / len(places)
            for place, prompt in zip(places, made, strict=True):
                _keep(results, row, place, {"prompt": prompt, "seconds": round(seconds, 4)})
        return _kept(results, row, len(asked))

    def _texts(
        self,
        requests: Sequence[ChatRequest],
        answers: dict[str, list[dict[str, Any]]],
        results: PartialResults,
        part: str,
    ) -> dict[str, list[dict[str, float]]]:
        """Content integrity, words and seconds; the predicted reward where there are regressors."""
        found: dict[str, list[dict[str, float]]] = {}
        for name, rows in answers.items():
            prompts = [one["prompt"] for one in rows]
            found[name] = []
            for request, one in zip(requests, rows, strict=True):
                integrity = content_integrity(one["prompt"], request.content)
                found[name].append(
                    {
                        "integrity": integrity.score,
                        "passes": float(integrity.passes(self.weights.threshold)),
                        "words": float(len(one["prompt"].split())),
                        "seconds": one["seconds"],
                    }
                )
            if self._prompt_rewards is not None:
                rated = self._prompt_rewards(requests, prompts)
                for values, reward in zip(found[name], rated, strict=True):
                    values["predicted"] = reward.total
        return found

    def _pictures(
        self,
        measures: PictureMeasures,
        part: str,
        name: str,
        requests: Sequence[ChatRequest],
        prompts: Sequence[str],
        results: PartialResults,
        on_row: OnShareDone,
    ) -> list[dict[str, float]]:
        """Figures of the picture of each answer; all arms share the noise of a request."""
        row = f"{measures.name}/{part}/{name}"
        missing = [i for i in range(len(prompts)) if results.get(row, str(i)) is None]
        for start in range(0, len(missing), BATCH):
            places = missing[start : start + BATCH]
            on_row(row, start / max(1, len(missing)))
            began = time.process_time()
            made = measures.measure(
                [prompts[i] for i in places],
                [requests[i].wanted for i in places],
                [self._seed(i) for i in places],
            )
            seconds = (time.process_time() - began) / len(places)
            for place, values in zip(places, made, strict=True):
                _keep(results, row, place, {**values, "picture_seconds": round(seconds, 4)})
        return _kept(results, row, len(prompts))

    def _rewarded(
        self,
        texts: dict[str, list[dict[str, float]]],
        pictures: dict[str, list[dict[str, float]]],
    ) -> dict[str, list[dict[str, float]]]:
        """Figures of texts and pictures with the combined reward of the pictures, ``total``.

        Scores count from those of the record's own target, in deviations of its pictures.
        """
        scale = {
            name: deviation([one[name] for one in pictures[RECORD]])
            for name in ("aesthetics", "preference")
        }
        found: dict[str, list[dict[str, float]]] = {}
        for name, rows in pictures.items():
            found[name] = []
            for text, row, record in zip(texts[name], rows, pictures[RECORD], strict=True):
                gains = {one: (row[one] - record[one]) / scale[one] for one in scale}
                scores = self.weights.scores(gains["aesthetics"], gains["preference"])
                total = self.weights.reward(scores, text["integrity"])
                found[name].append({**text, **row, "total": total})
        return found


def deviation(values: Sequence[float]) -> float:
    """The deviation of some values (n − 1); 1 where they do not differ."""
    from statistics import stdev

    return (stdev(values) if len(values) > 1 else 0.0) or 1.0


def _keep(results: PartialResults, row: str, place: int, values: dict[str, Any]) -> None:
    results.measured(row, str(place), lambda: values)


def _kept(results: PartialResults, row: str, count: int) -> list[dict[str, Any]]:
    found = (results.get(row, str(place)) for place in range(count))
    return [one for one in found if one is not None]
