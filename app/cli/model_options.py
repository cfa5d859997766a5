"""The options that say which models a command uses: `--models` and `--model`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.output import UsageError
from app.runtime import paths
from editor.errors import ExpectedError
from inference.ipc.domains import register_domains
from inference.models.store import ModelStore
from inference.request.model_choice import ModelChoice


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder with models")
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="ROLE=ID",
        help="take this model for that role, as doctor names both; may be given again",
    )


def model_store(folder: Path | None, choices: list[str] | None = None) -> ModelStore:
    """The models of `--models`, else those of this installation, and the worlds they name.

    Args:
        folder: of `--models`.
        choices: values of `--model`.

    Raises:
        ExpectedError: there is no such folder.
        UsageError: a choice is not written as ROLE=ID, or there is no such role or model.
    """
    register_domains()
    if folder is not None and not folder.is_dir():
        raise ExpectedError(f"There is no folder {folder}.", "Give a folder with --models.")
    folders = (folder,) if folder is not None else paths.models()
    wanted = [_choice(text) for text in choices or ()]
    store = ModelStore(folders, paths.home() / "model-digests.json", choices=wanted)
    for choice in wanted:
        _check(choice, store)
    return store


def _choice(text: str) -> ModelChoice:
    role, equals, name = text.partition("=")
    if not equals or not role or not name:
        raise UsageError(f"--model {text} names no model.", "Write it as role=id.")
    return ModelChoice(role, name)


def _check(choice: ModelChoice, store: ModelStore) -> None:
    ids = [model.id for model in store.candidates(choice.role)]
    if choice.id in ids:
        return
    if ids:
        known = f"These can serve as {choice.role}: {', '.join(ids)}."
    else:
        roles = ", ".join(sorted({model.role for model in store.found})) or "none"
        known = f"There are models for these roles: {roles}."
    raise UsageError(f"No model {choice.id} serves as {choice.role}.", known)
