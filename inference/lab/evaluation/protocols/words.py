"""`evaluate words`: how often known words are refused and unknown ones guessed."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODELS,
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
)

if TYPE_CHECKING:
    from inference.lab.evaluation.sentences import SentenceCase

INFO: Final = ProtocolInfo(
    name="words",
    summary="how often known words are refused and unknown ones guessed",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo(
            "--part",
            "held-out, or calibration, of which the wrong sentences are printed too",
            default="held-out",
            metavar="PART",
        ),
        OptionInfo("--sentences", "other sentences", "path", metavar="FILE"),
        MODELS,
    ),
)

_ROLES: Final = ("captioner", "chat", "clip", "instruct_pix2pix", "language", "text_to_image")


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Say every sentence of a part to the engine; nothing is painted.

    Raises:
        BadOption: there is no such part.
        NoSentences: the list is missing or no list.
    """
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.sentences import SENTENCES, read_sentences
    from inference.lab.evaluation.words import Heard, figures, hear

    part = options["part"]
    if part not in ("calibration", "held-out"):
        raise BadOption(f"There is no part {part}.", "Say calibration or held-out.")
    began = time.monotonic()
    sentences = [
        one for one in read_sentences(options["sentences"] or SENTENCES) if one.part == part
    ]
    models = options[INSTALLED]()
    facts: dict[str, Any] = {"protocol": INFO.name, "models": digests_of(models, _ROLES)}
    results = PartialResults(options["report"], facts)

    def key(one: SentenceCase) -> tuple[str, str]:
        return one.picture, f"{one.group}: {one.text}"

    new = [one for one in sentences if results.get(*key(one)) is None]
    for done, one in enumerate(hear(new, models), 1):
        values: dict[str, Any] = {"outcome": one.outcome, "said": one.said, "after": one.after}
        results.measured(*key(one.sentence), partial(dict, values))
        on_progress("words", (len(sentences) - len(new) + done) / len(sentences))
    heard = [Heard(one, **results.get(*key(one)) or {}) for one in sentences]
    found = figures(heard, part)
    rows = found.pop("rows")
    lines = [*_lines(rows), _verdict(found)]
    if part == "calibration":
        lines += [
            f"{one.sentence.group}: {one.sentence.text}  ({one.outcome}: {one.said})"
            for one in heard
            if one.misread or one.carried_out != one.sentence.known
        ]
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        0,
        len(heard),
        sorted(facts["models"].values()),
        rows,
        time.monotonic() - began,
        more=found,
        lines=lines,
    )


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['name']:<24} {row['metric']['mean']:.3f}"
        f"  [{row['metric']['low']:.3f}, {row['metric']['high']:.3f}]  n = {row['n']}"
        for row in rows
    ]


def _verdict(found: dict[str, Any]) -> str:
    most = f"refused at most {found['refused_at_most']}, guessed at most {found['guessed_at_most']}"
    return f"{most}: {'holds' if found['holds'] else 'does not hold'}"
