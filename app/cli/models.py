from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.cli.models_convert import add_convert, run_convert
from app.cli.models_list import describe, show
from app.cli.output import DONE, REFUSED, ProgressBar, print_json, remark, say
from app.runtime import paths
from app.runtime.settings import Settings
from editor.errors import ExpectedError
from inference.models.catalogue.entry import UNKNOWN, CatalogueEntry
from inference.models.catalogue.reader import catalogue
from inference.models.discovery import search
from inference.models.downloads.install_record import Damage, InstallRecord
from inference.models.downloads.installer import ModelInstaller
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel
from inference.models.model_folder import PACKED


def add(commands: Any) -> None:
    """Declare the command and its own commands."""
    parser = commands.add_parser("models", help="list, install, check and remove models")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list", help="what can be installed, what is here, what is not used"
    )
    listing.set_defaults(run=_list)
    for name, run, text in (
        ("install", _install, "download a model of the catalogue; the only thing that does"),
        ("verify", _verify, "compare the files of installed models with what was installed"),
        ("repair", _repair, "install again what is damaged"),
        ("remove", _remove, "remove an installed model, or forget an added folder"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument(
            "names", nargs="*" if name == "verify" else "+", metavar="ID", help="as list names it"
        )
        action.set_defaults(run=run)
        if run is _install:
            action.add_argument(
                "--into",
                type=Path,
                metavar="DIR",
                help="install there; it is searched too then",
            )
    adding = actions.add_parser(
        "add", help="search a folder or file of yours too, where it lies; convert a .gguf file"
    )
    adding.add_argument("path", type=Path, metavar="PATH")
    adding.set_defaults(run=_add)
    add_convert(actions)
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true")


def _list(args: argparse.Namespace) -> int:
    report = describe(_installer().installed())
    if args.json:
        print_json(report)
    else:
        show(report)
    return DONE


def _install(args: argparse.Namespace) -> int:
    into = args.into.expanduser().absolute() if args.into is not None else None
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
    installer = _installer(into)
    done = []
    for name in args.names:
        began = time.monotonic()
        entry = catalogue().get(name)
        if entry is not None and name not in installer.installed():
            remark(_terms(entry), error=True)
        bar = _Bar()
        try:
            record = installer.install(name, _never, bar.show)
            if into is not None:
                _search_too(into)
        finally:
            bar.clear()
        folder = installer.folder(name)
        seconds = round(time.monotonic() - began, 1)
        done.append(_installed(record, folder) | {"seconds": seconds})
        if not args.json:
            say(f"{name}: {record.bytes / 1e6:,.0f} MB in {folder}")
    if args.json:
        print_json({"installed": done})
    return DONE


def _verify(args: argparse.Namespace) -> int:
    installer = _installer()
    names = args.names or list(installer.installed())
    found = {name: installer.verify(name, _never) for name in names}
    if args.json:
        print_json({"models": [_damaged(name, damage) for name, damage in found.items()]})
    else:
        for name, damage in found.items():
            say(f"{name}: {'damaged' if damage else 'whole'}")
            _say_damage(damage)
        if not found:
            say("No model was installed from the catalogue.")
    return REFUSED if any(found.values()) else DONE


def _repair(args: argparse.Namespace) -> int:
    installer = _installer()
    done = []
    for name in args.names:
        bar = _Bar()
        try:
            damage = installer.repair(name, _never, bar.show)
        finally:
            bar.clear()
        done.append(_damaged(name, damage))
        if not args.json:
            say(f"{name}: {'repaired' if damage else 'nothing to repair'}")
            _say_damage(damage)
    if args.json:
        print_json({"models": done})
    return DONE


def _remove(args: argparse.Namespace) -> int:
    installer = _installer()
    done = []
    for name in args.names:
        folder = Path(name).expanduser().absolute()
        if folder in paths.added_model_folders():
            _keep_folders(one for one in paths.added_model_folders() if one != folder)
            done.append({"folder": str(folder), "bytes": 0})
            text = f"{folder}: not searched any longer. Its files stay."
        else:
            size = installer.remove(name)
            done.append({"id": name, "bytes": size})
            text = f"{name}: removed, {size / 1e6:,.0f} MB are free again."
            if not size:
                text = f"{name}: what was downloaded of it so far is removed."
        if not args.json:
            say(text)
    if args.json:
        print_json({"removed": done})
    return DONE


def _add(args: argparse.Namespace) -> int:
    folder = args.path.expanduser().absolute()
    if not folder.exists():
        raise ExpectedError(f"There is no {folder}.", "Give a folder that holds models, or a file.")
    if folder.suffix.lower() == PACKED:  # adding it says that it is to be used
        return run_convert(args)
    items = list(search(folder))
    found = [item for item in items if isinstance(item, FoundModel)]
    adapters = [item for item in items if isinstance(item, FoundAdapter)]
    refused = [item for item in items if isinstance(item, RefusedModel)]
    if not found and not adapters:
        first = f"{refused[0].reason} {refused[0].fix or ''}" if refused else ""
        raise ExpectedError(f"There is no model in {folder} that can be used.", first.strip())
    _search_too(folder)
    if args.json:
        print_json(
            {
                "folder": str(folder),
                "found": [{"id": one.id, "family": one.family, "role": one.role} for one in found],
                "adapters": [{"id": one.id, "kind": one.kind} for one in adapters],
                "refused": [
                    {
                        "folder": str(one.folder),
                        "reason": str(one.reason),
                        "fix": str(one.fix or ""),
                    }
                    for one in refused
                ],
            }
        )
        return DONE
    say(f"{folder} is searched from now on:")
    for model in found:
        say(f"  {model.role:<20} {model.id}")
    for adapter in adapters:
        say(f"  {adapter.kind:<20} {adapter.id}")
    for one in refused:
        say(f"  not used: {one.folder}  {one.reason} {one.fix or ''}".rstrip())
    return DONE


def _installer(into: Path | None = None) -> ModelInstaller:
    return ModelInstaller(into or paths.install_folder(), catalogue(), paths.installed_places())


def _search_too(folder: Path) -> None:
    added = paths.added_model_folders()
    if folder not in added:
        _keep_folders((*added, folder))


def _keep_folders(folders: Iterable[Path]) -> None:
    Settings(paths.settings_file()).set("model_folders", [str(folder) for folder in folders])


def _terms(entry: CatalogueEntry) -> str:
    """What is said before a download: how much it is, and under which licence."""
    size = entry.download_bytes
    amount = f"{size / 1e6:,.0f} MB" if size is not None else "of unknown size"
    licence = entry.licence.value or UNKNOWN
    return f"{entry.title}: {amount}, licence {licence}"


def _installed(record: InstallRecord, folder: Path) -> dict[str, Any]:
    return {
        "id": record.id,
        "folder": str(folder),
        "bytes": record.bytes,
        "licence": record.licence,
        "origin": dict(record.origin),
    }


def _damaged(name: str, damage: tuple[Damage, ...]) -> Mapping[str, Any]:
    return {
        "id": name,
        "damaged": [{"path": one.path, "reason": str(one.reason)} for one in damage],
    }


def _say_damage(damage: tuple[Damage, ...]) -> None:
    for one in damage:
        say(f"  {one.path}: {one.reason}")


def _never() -> None:
    """No cancel but Ctrl+C, which Python raises by itself."""


class _Bar:
    """The progress bar of one installation."""

    def __init__(self) -> None:
        self._bar = ProgressBar()

    def show(self, stage: str, done: int, total: int) -> None:
        self._bar.show(stage, done / total if total else 0.0)

    def clear(self) -> None:
        self._bar.clear()
