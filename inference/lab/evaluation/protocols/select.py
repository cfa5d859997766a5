"""`evaluate select`: subjects of photographs outlined by hand."""

from __future__ import annotations

import time
from typing import Any, Final

from inference.lab.evaluation.findings_report import figures_report
from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODEL,
    MODELS,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
)

INFO: Final = ProtocolInfo(
    name="select",
    summary="subjects of photographs outlined by hand",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("folder", "photographs", "folder", metavar="FOLDER", required=True),
        MODELS,
        MODEL,
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Intersection over union with the outlines, of each photograph and of those selected.

    Raises:
        ModelMissing: there is no segmentation model.
    """
    from inference.lab.evaluation.starter.figures import Findings
    from inference.lab.evaluation.subjects import evaluate_subjects
    from inference.models.loaded import LoadedSegmentation
    from inference.workflow.subject import BARS

    began, found = time.monotonic(), Findings()
    network = options[INSTALLED]().load("segmentation", LoadedSegmentation)
    photographs: list[dict[str, Any]] = []
    for one in evaluate_subjects(options["folder"], network, lambda: None):
        kind, selected = one.photograph.kind, one.confidence >= BARS["subject"]
        photographs.append(
            {
                "file": one.photograph.file,
                "kind": kind,
                "iou": round(one.iou, 3),
                "confidence": round(one.confidence, 3),
                "selected": selected,
            }
        )
        found.share(f"{kind}.selected", selected)
        if selected:
            found.value(f"{kind}.iou", one.iou)
        on_progress(f"{len(photographs)} done", 0.0)
    figures = found.rows()
    lines = [
        f"{row['file']:<36} {row['kind']:<8} IoU {row['iou']:.3f}"
        f"  confidence {row['confidence']:.3f}  {'selected' if row['selected'] else 'refused'}"
        for row in photographs
    ]
    lines += [
        f"{row.name.removesuffix('.iou')}: mean IoU {row.mean:.3f} of {row.n} selected"
        for row in figures
        if row.name.endswith(".iou")
    ]
    return figures_report(
        INFO.name,
        options,
        figures,
        models=[network.found.id],
        seconds=time.monotonic() - began,
        n=len(photographs),
        more={"model": network.found.id, "photographs": photographs},
        lines=lines,
    )
