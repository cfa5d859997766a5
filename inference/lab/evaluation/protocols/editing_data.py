"""`evaluate editing-data`: editors that learnt from different pairs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODELS,
    SEED,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    count,
)

if TYPE_CHECKING:
    from inference.lab.evaluation.starter.text_to_image import ImageSampling

INFO: Final = ProtocolInfo(
    name="editing-data",
    summary="editors that learnt from different pairs, on the same edits",
    paper="InstructPix2Pix (Brooks et al. 2023, figure 10)",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--editor", "may be repeated; the first is compared first", metavar="NAME=DIR",
            repeated=True,
        ),
        count(240, "edits, the kinds in turn"),
        OptionInfo("--steps", "of DPM-Solver++", "integer", 20, minimum=1, maximum=1000),
        OptionInfo("--guidance", "of text and picture", default="7.5,1.5", metavar="T,I"),
        SEED,
        MODELS,
    ),
)  # fmt: skip


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Every editor draws one candidate of every edit, unranked, with the same noise.

    Asked and kept are the judge's, direction CLIP's with the true captions.

    Raises:
        BadOption: no editor is named, a name comes twice, or guidance is no two numbers.
        NotAnEditor: a folder holds none.
    """
    from inference.lab.evaluation.editing_data import (
        EditingDataRun,
        TrainedEditor,
        editing_rows,
    )
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults, file_digest
    from inference.lab.evaluation.report.tables import text_table
    from inference.lab.evaluation.starter.models import StarterModels
    from inference.lab.evaluation.starter.testset import edits
    from inference.lab.storybook.edits import EDIT_KINDS
    from inference.lab.training.environment import starter_folder
    from inference.vision.clip.embeddings import Embeddings

    named, how = named_editors(options["editor"]), sampling(options["steps"], options["guidance"])
    store = options[INSTALLED]()
    store.clip()
    folder = options["models"] or starter_folder()
    judge = StarterModels(folder).judge  # makes the libraries quiet, too
    editors = [TrainedEditor.opened(name, place, how) for name, place in named.items()]
    n, seed = options["n"], options["seed"]
    facts = {
        "protocol": INFO.name,
        "seed": seed,
        "steps": how.steps,
        "guidance": [how.guidance_scale, how.image_guidance_scale],
        "editors": {one.name: one.digest for one in editors},
        "models": digests_of(store, ("clip",)),
        "judge": file_digest(folder / "judge" / "judge.safetensors"),
    }
    results = PartialResults(options["report"], facts)
    run = EditingDataRun(editors, judge, Embeddings(store), how, seed)
    drawn = edits(seed, -(-n // len(EDIT_KINDS)), unseen=False)[:n]
    values = []
    for index, edit in enumerate(drawn):
        on_progress("editors", index / n)
        values.append(
            results.measured(
                INFO.name,
                str(index),
                lambda i=index, e=edit: run.measure(i, e),  # type: ignore[misc]
            )
        )
    rows = editing_rows(list(named), values)
    words = " ".join(f"--editor {name}={place.name}" for name, place in named.items())
    return ProtocolReport(
        f"pentimento evaluate editing-data {words} --n {n} --steps {how.steps} --seed {seed}",
        seed,
        n,
        sorted((*facts["models"].values(), *named)),
        [row.report() for row in rows],
        sum(float(one["took"]) for one in values),
        more={"guidance": facts["guidance"]},
        lines=list(text_table(rows)),
        examples=run.examples,
    )  # fmt: skip


def named_editors(words: list[str]) -> dict[str, Path]:
    """Folders by name.

    Raises:
        BadOption: there is none, one is not written NAME=DIR, or a name comes twice.
    """
    found: dict[str, Path] = {}
    for word in words:
        name, equals, folder = word.partition("=")
        if not (name and equals and folder) or name in found:
            raise BadOption(f"--editor {word} names no other editor.", "Write it as NAME=DIR.")
        found[name] = Path(folder)
    if not found:
        raise BadOption("There is no editor to measure.", "Name some with --editor NAME=DIR.")
    return found


def sampling(steps: int, guidance: str) -> ImageSampling:
    """Steps and both scales of guidance.

    Raises:
        BadOption: these are no two numbers.
    """
    from inference.lab.evaluation.starter.text_to_image import ImageSampling

    try:
        text, picture = (float(part) for part in guidance.split(","))
    except ValueError as error:
        raise BadOption(f"--guidance {guidance} is no T,I.", "Give two numbers.") from error
    return ImageSampling(steps, text, picture)
