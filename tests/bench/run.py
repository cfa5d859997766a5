"""`make bench`: every benchmark in a process of its own, one table, `out/bench.json`.

`--only NAME` runs one (may be repeated), `--runs N` sets the timed runs per arm (at least 7 for
figures that are quoted). A goal that is missed is printed as NO and is no error; a benchmark that
does not run is one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.measure import RUNS, Row, Times, load, table

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "bench.json"
LIMIT = 3600.0

# Name → module and the goals it measures; the order is that of the table.
BENCHES = {
    "smooth": ("smooth_bench", "11"),
    "start": ("start_bench", "12"),
    "transport": ("transport_bench", "14"),
    "undo": ("undo_bench", "15"),
    "canvas": ("canvas_bench", "16"),
    "document": ("document_bench", "15, 17"),
    "diffusion": ("diffusion_bench", "1, 2, 9"),
    "suggest": ("suggest_bench", "10"),
    "captions": ("caption_bench", "captions"),
    "cancel": ("cancel_bench", "cancel"),
    "memory": ("memory_bench", "memory"),
}

# Of the document's figures, those that are goals; the rest explains choices (docs/benchmarks.md).
DOCUMENT_PARTS = ["commit_against_png", "ui_block", "hundred_edits"]


def one(value: float, unit: str = "s") -> Times:
    """A figure that comes as a median only."""
    return Times(value, value, value, 1, unit)


def spread(figures: dict[str, float]) -> Times:
    """Least, median and 95th percentile, as canvas_bench tells them (milliseconds)."""
    return Times(
        figures["median_ms"] / 1000, figures["least_ms"] / 1000, figures["p95_ms"] / 1000, 1
    )


def canvas_rows(found: dict[str, Any]) -> list[Row]:
    """Goal 16 from canvas_bench's figures."""
    redraw, dirty = found["redraw"], found["dirty_rectangle"]
    rows = [
        Row(
            "16",
            f"{arm} frame at fit zoom, {redraw['side']}², 1080p; range is least to p95",
            spread(redraw[arm]),
            spread(redraw["naive"]),
            target=4,
            limit=0.003,
            note=f"ratio of the least times, which other work on the machine disturbs least:"
            f" {redraw['least_ratios'][arm]}",
        )
        for arm in ("pan", "zoom")
    ]
    rows.append(
        Row(
            "16",
            "64 px dab on screen, against drawing everything again",
            spread(dirty["dab"]),
            spread(dirty["full"]),
            target=50,
        )
    )
    return rows


def document_rows(found: dict[str, Any]) -> list[Row]:
    """Goals 17 and 15 from document_bench's figures."""
    commit, block = found["commit_against_png"], found["ui_block"]
    hundred = found["hundred_edits"]
    mib = 1 << 20
    return [
        Row(
            "15",
            "100 edits in a document: growth of the process",
            one(hundred["grown_bytes"] / mib, "MiB"),
            one(hundred["copies_bytes"] / mib, "MiB"),
            limit=0.7 * 1024,
            note=f"undo with the region read again {1000 * hundred['undo_with_read_s']:.2f} ms,"
            f" redo {1000 * hundred['redo_with_read_s']:.2f} ms (from the file where it must)",
        ),
        Row(
            "17",
            f"one edit durable with all pixels ({commit['canvas']}), against a PNG of the picture",
            one(commit["ours_s"]),
            one(commit["png_level6_s"]),
            target=10,
            note=f"PNG level 6, the default; against level 1 {commit['ratio_level1']:.1f}×; the"
            f" edit itself is safe after {1000 * commit['row_durable_s']:.1f} ms",
        ),
        Row(
            "17",
            "accept keeps its caller",
            Times(block["median_s"], block["median_s"], block["max_s"], 1),
            None,
            limit=0.001,
            note=f"p95 {1000 * block['p95_s']:.2f} ms, longest {1000 * block['max_s']:.2f} ms",
        ),
    ]


def row_of(values: dict[str, Any]) -> Row:
    """A row as `measure.main` wrote it."""
    values = {k: v for k, v in values.items() if k not in ("ratio", "met")}
    for arm in ("ours", "baseline"):
        if values[arm] is not None:
            values[arm] = Times(**values[arm])
    return Row(**values)


def run_one(name: str, runs: int) -> list[Row]:
    """Run one benchmark in its own process; raises RuntimeError with its last words."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        written = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"tests.bench.{BENCHES[name][0]}"]
        if name == "document":
            command += ["--json", str(written), *DOCUMENT_PARTS]
        elif name != "canvas":
            command += ["--json", str(written), "--runs", str(runs)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            env=_environment(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-1500:])
        text = written.read_text("utf-8") if written.is_file() else done.stdout
    found = json.loads(text)
    own: dict[str, Callable[[Any], list[Row]]] = {
        "canvas": canvas_rows,
        "document": document_rows,
    }
    return own[name](found) if name in own else [row_of(values) for values in found]


def _environment() -> dict[str, str]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(paths)}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = platform.processor()
    with_names = Path("/proc/cpuinfo")
    if with_names.is_file():
        lines = with_names.read_text("utf-8").splitlines()
        model = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), model)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "nice": os.nice(0) if hasattr(os, "nice") else None,
    }


def main() -> int:
    """Run what was asked for, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=BENCHES, default=[])
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    report: dict[str, Any] = {"machine": machine(), "benches": {}}
    if asked.only and OUT.is_file():  # keep the others' last figures
        report["benches"] = json.loads(OUT.read_text("utf-8")).get("benches", {})
    shown: list[Row] = []
    failed: dict[str, str] = {}
    for name in asked.only or BENCHES:
        print(f"{name} (goal {BENCHES[name][1]}) …", file=sys.stderr, flush=True)
        before, began = load(), time.monotonic()
        try:
            rows = run_one(name, asked.runs)
        except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            failed[name] = str(error)
            continue
        shown += rows
        report["benches"][name] = {
            "when": time.strftime("%Y-%m-%d %H:%M"),
            "seconds": round(time.monotonic() - began, 1),
            "load_before": before,
            "load_after": load(),
            "rows": [_plain(row) for row in rows],
        }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(table(shown))
    for row in shown:
        if row.note:
            print(f"- {row.what}: {row.note}")
    for name, why in failed.items():
        print(f"{name} did not run: {why}", file=sys.stderr)
    return 1 if failed else 0


def _plain(row: Row) -> dict[str, Any]:
    values = asdict(row)
    if row.baseline is None:
        values["ratio"] = None  # JSON knows no "not a number"
    return values


if __name__ == "__main__":
    sys.exit(main())
