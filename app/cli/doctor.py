from __future__ import annotations

import argparse
import os
from typing import Any

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, print_json, say
from editor.formats.libvips import LibvipsMissing, vips
from inference.models.roles import role_name
from inference.models.store import ModelStore
from inference.request.registry import METHODS
from inference.request.version import VERSION
from inference.workflow.engine import Engine

HELPERS = ("captioner", "chat", "language", "clip")
"""Roles that methods do without."""


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
        say(f"  {row['name']:<20} {state}")
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
