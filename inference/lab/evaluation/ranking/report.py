"""The experiment: every way of choosing on the same groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from editor.model.image import Image
from editor.model.score import Gates, Score
from editor.ranking.weights import sides_of, usual_of
from inference.lab.evaluation.partial import PartialResults
from inference.lab.evaluation.ranking.artist import CHOICES, evaluate_artists
from inference.lab.evaluation.ranking.damaged import DAMAGE_KINDS, evaluate_damage
from inference.lab.evaluation.ranking.figures import MIXED_WAYS, ChoiceTally, first_places
from inference.lab.evaluation.ranking.groups import (
    GOLD,
    Group,
    Read,
    best_of,
    judge_reads,
    renderer_reads,
    storybook_groups,
)
from inference.lab.evaluation.ranking.mixed import missing_methods, mixed_groups
from inference.lab.evaluation.starter.full_size import at_judges_size
from inference.models.store import ModelStore
from inference.request.registry import method
from inference.vision.clip.calibration import read_calibration
from inference.vision.clip.judge import ClipJudge
from inference.workflow.change import mean_change

OnGroup = Callable[[int, int], None]


def evaluate(
    models: ModelStore,
    *,
    groups: int = 500,
    edits: int = 100,
    seed: int = 2,
    steps: int = 10,
    judge: Path | None = None,
    damage: int = 0,
    mixed: int = 0,
    results: PartialResults | None = None,
    on_group: OnGroup | None = None,
) -> dict[str, Any]:
    """How often each way of choosing puts the best candidate first.

    Args:
        models: the CLIP model that ranks, and InstructPix2Pix where it is to be measured.
        groups: of eight candidates of known quality, drawn by the renderer.
        edits: groups of eight candidates that InstructPix2Pix made; needs the judge.
        seed: of all groups.
        steps: denoising steps for `edits`.
        judge: folder of the trained judge; None or missing: what the renderer drew counts.
        damage: groups of each kind of damage (`damaged`) at 768 px.
        mixed: groups that several methods made (`mixed`), marked by the judge; with more than
            `artist.CHOICES` of them a simulated artist is asked too.
        results: of an earlier run, to go on part by part.
        on_group: called with how many are done, and how many there are.

    Returns:
        `resources/schemas/evaluate-ranking.json`.

    Raises:
        ModelMissing, ModelDamaged: there is no CLIP model that can be used.
    """
    models.clip()
    ranker = ClipJudge(models)
    read: Read = renderer_reads
    if judge is not None and (judge / "judge.json").is_file():
        from inference.lab.training.judge import load_judge

        read = judge_reads(load_judge(judge))
    notes = []
    if read is renderer_reads:
        notes.append("No judge is trained: the best is what the renderer drew as asked.")
    wanted = edits if read is not renderer_reads else 0
    if edits and wanted and models.missing(method("instruct_pix2pix")):
        wanted = 0
        notes.append("There is no InstructPix2Pix model: nothing that it made was ranked.")
    elif edits and not wanted:
        notes.append("Without a judge nothing that InstructPix2Pix made can be marked.")
    several = mixed if read is not renderer_reads and not missing_methods(models) else 0
    if mixed and not several:
        notes.append("Mixed groups need a judge and the models of all their methods.")
    total, done = groups + wanted + len(DAMAGE_KINDS) * damage + several, 0

    def step() -> None:
        nonlocal done
        done += 1
        if on_group is not None:
            on_group(done, total)

    known = results or PartialResults(None)

    def part(name: str, count: int, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return known.measured("part", f"{name} {count}", measure)

    report: dict[str, Any] = {"model": _model(ranker), "seed": seed, "notes": notes}
    parts = {}
    if groups:
        drawn = storybook_groups(groups, seed)
        parts = part("rendered", groups, lambda: _measured(ranker, drawn, read, step))
    report["judge"] = "renderer" if read is renderer_reads else "judge"
    report["rendered"] = parts
    report["made"] = None
    if wanted:
        from inference.lab.evaluation.ranking.made import made_groups

        made = made_groups(models, wanted, seed, steps=steps)
        report["made"] = part("made", wanted, lambda: _measured(ranker, made, read, step)["judged"])
    report["damaged"] = None
    if damage:
        report["damaged"] = part(
            "damaged", damage, lambda: evaluate_damage(ranker, damage, seed, on_group=step)
        )
    if several:
        made_by_several = mixed_groups(models, several, seed, steps=steps)
        report |= part("mixed", several, lambda: evaluate_mixed(made_by_several, read, seed, step))
    return report


def evaluate_mixed(
    groups: Iterable[tuple[Group, list[Score]]], read: Read, seed: int, step: Callable[[], None]
) -> dict[str, Any]:
    """How often each way is right among the results of several methods, and the simulated artist.

    Args:
        groups: with the program's scores.
        read: the judge, at its own size.
        seed: of the artists.
        step: called after each group.

    Returns:
        "mixed", and "artist", which is None with too few groups.
    """
    tally, judged = ChoiceTally(MIXED_WAYS), []
    for group, scores in groups:
        small = [replace(one, pixels=at_judges_size(one.pixels)) for one in group.entries]
        best = best_of(replace(group, entries=tuple(small)), read)
        tally.add(first_places(scores, MIXED_WAYS), best, [entry.kind for entry in group.entries])
        usual = usual_of(scores)
        sides = [sides_of(one, one.gates or Gates(), usual) for one in scores]
        if all(sides):
            judged.append([one for one in sides if one is not None])
        step()
    return {
        "mixed": tally.report(),
        "artist": evaluate_artists(judged, seed) if len(judged) > CHOICES else None,
    }


def evaluate_folder(
    folder: Path | None, *, judge: Path | None = None, **options: Any
) -> dict[str, Any]:
    """`evaluate` on the models below a folder; None for the program's own, judge among them."""
    from inference.ipc.domains import register_domains
    from inference.lab.training.environment import starter_folder
    from inference.models.libraries import prepare_libraries, quiet

    register_domains()
    prepare_libraries()
    quiet()
    root = folder or starter_folder()
    return evaluate(ModelStore([root]), judge=judge or root / "judge", **options)


def scores_of(ranker: ClipJudge, group: Group) -> list[Score]:
    """The program's scores of a group; keys are the numbers of the candidates."""
    source = Image.from_array(group.source)
    pictures = [Image.from_array(entry.pixels) for entry in group.entries]
    found = ranker.embeddings.compare(
        source, pictures, group.source_prompt, [group.target_prompt] * len(pictures)
    )
    return [
        ranker.scored(Score(str(i), changed=mean_change(source, picture)), one)
        for i, (picture, one) in enumerate(zip(pictures, found, strict=True))
    ]


def _measured(
    ranker: ClipJudge, groups: Iterable[Group], read: Read, step: Callable[[], None]
) -> dict[str, Any]:
    judged, gold = ChoiceTally(), ChoiceTally()
    for group in groups:
        first = first_places(scores_of(ranker, group))
        kinds = [entry.kind for entry in group.entries]
        judged.add(first, best_of(group, read), kinds)
        if GOLD in kinds:
            gold.add(first, frozenset({kinds.index(GOLD)}), kinds)
        step()
    found = {"judged": judged.report()}
    return found | ({"gold": gold.report()} if gold.chosen else {})


def _model(ranker: ClipJudge) -> dict[str, Any]:
    model = ranker.embeddings.model
    assert model is not None
    digest = ranker.embeddings.digest
    gates = ranker.gates(None)
    calibration = read_calibration(model.folder, digest)
    return {
        "id": model.id,
        "digest": digest,
        "gates": asdict(gates),
        "calibrated_on": calibration.pairs if calibration is not None else None,
    }
