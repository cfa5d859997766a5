from __future__ import annotations

import argparse
import os
from typing import Any

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, print_json, say
from editor.formats.libvips import LibvipsMissing, vips
from inference.models.memory.plan import WHOLE
from inference.models.memory.planner import rows_of
from inference.models.memory.prediction import RunSize
from inference.models.roles import role_name
from inference.models.store import ModelStore
from inference.request.registry import METHODS, MethodInfo
from inference.request.version import VERSION
from inference.workflow.engine import Engine

HELPERS = ("captioner", "chat", "language", "clip")
"""Roles that methods do without."""

CANDIDATES = 4
"""Of the edit whose memory is predicted, as `edit --count` has it."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help="what is installed, what works, what is missing")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the state of this installation."""
    report = describe(model_store(args.models, args.model))
    if args.json:
        print_json(report)
        return DONE
    say(
        f"Pentimento {report['version']}, {report['device']}, "
        f"{'offline' if report['offline'] else 'online'}"
    )
    for problem in report["problems"]:
        say(f"\n{problem}")
    # With one model for each role there is nothing to explain.
    several = any(s["others"] for row in report["methods"] for s in row["models"])
    say("\nMethods")
    for row in report["methods"]:
        lacks = ", ".join(str(role_name(role)) for role in row["missing"])
        state = f"needs a model: {lacks}" if lacks else "ready" if row["ready"] else "cannot run"
        say(f"  {row['name']:<20} {state}{_needs(row.get('memory'))}")
        for served in row["models"] if several else ():
            say(f"  {'':<20} {served['id']}: {served['reason']}")
    if any(served["others"] for served in report["helpers"]):
        say("\nWords and ranking")
        for served in report["helpers"]:
            say(f"  {served['role']:<20} {served['id']}: {served['reason']}")
    say("\nModels" if report["models"] else "\nNo models found.")
    for model in report["models"]:
        size = f"{model['bytes'] / 1e6:,.0f} MB"
        say(f"  {model['role']:<20} {model['id']}  {size}  {model['folder']}")
    for refused in report["refused"]:
        say(f"  not used: {refused['folder']}  {refused['reason']} {refused['fix']}".rstrip())
    return DONE


def _needs(memory: dict[str, Any] | None) -> str:
    """What an edit will take, after the state of its method."""
    if memory is None:
        return ""
    text = f", about {memory['peak_bytes'] / 1e9:.1f} GB of memory"
    if not memory["fits"]:
        return f"{text}: more than there is"
    return text if memory["plan"] == WHOLE.name else f"{text} ({memory['plan']})"


def _served(store: ModelStore, role: str, method: str = "") -> dict[str, Any]:
    """Which model serves a role, and why."""
    found = store.serving(role, method)
    assert found is not None
    return {
        "role": role,
        "id": found.model.id,
        "reason": str(found.reason),
        "others": found.others,
    }


def _memory(store: ModelStore, info: MethodInfo) -> dict[str, Any]:
    """What an edit of so many candidates will take at its peak; {} where that is not known."""
    model = store.model(info.roles[0], info.name) if info.roles else None
    side = store.planner.prepare(model) if model is not None else None
    if side is None:
        return {}
    run = RunSize(side, side, rows_of(CANDIDATES, info.roles))
    planned = store.planned(info.roles[0], info.name, run)
    assert planned is not None, "its networks are known"
    return {
        "memory": {
            "candidates": CANDIDATES,
            "peak_bytes": planned.prediction.device,
            "plan": planned.plan.name,
            "fits": planned.fits,
        }
    }


def describe(store: ModelStore) -> dict[str, Any]:
    """The report as JSON values (`resources/schemas/doctor.json`)."""
    missing = {info.name: store.missing(info) for info in METHODS.values()}
    problems = _problems()
    return {
        "version": VERSION,
        "device": store.device.name if store.found else Engine(store).device,
        "offline": os.environ.get("HF_HUB_OFFLINE") == "1",
        "problems": problems,
        "models": [
            {
                "role": model.role,
                "id": model.id,
                "family": model.family,
                "folder": str(model.folder),
                "digest": store.digest(model),
                "bytes": model.bytes,
            }
            for model in store.found
        ],
        "refused": [
            {"folder": str(item.folder), "reason": str(item.reason), "fix": str(item.fix or "")}
            for item in store.refused
        ],
        "methods": [
            {
                "name": name,
                "ready": not lacks and not problems,
                "missing": list(lacks),
                "models": [
                    _served(store, role, name) for role in METHODS[name].roles if role not in lacks
                ],
                **(_memory(store, METHODS[name]) if not lacks else {}),
            }
            for name, lacks in missing.items()
        ],
        "helpers": [_served(store, role) for role in HELPERS if store.candidates(role)],
    }


def _problems() -> list[str]:
    """What keeps every method from running."""
    try:
        vips()
    except LibvipsMissing as missing:
        return [f"{missing.message} {missing.fix}"]
    return []
