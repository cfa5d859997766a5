"""Makes a model's folder out of a repository of the model hub, by the hub's own library."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from stat import S_ISREG
from typing import Any, Final

from editor.messages import Message
from inference.models.catalogue.entry import CatalogueEntry, HubSource
from inference.models.downloads.child_process import OnBytes, run_step
from inference.models.downloads.failures import DownloadFailed, other_content
from inference.models.downloads.install_record import InstallRecord
from inference.models.downloads.staging import Staging
from inference.request.cancel import CancelCheck

_ENVIRONMENT: Final = {
    "HF_HUB_OFFLINE": "0",  # the one place that may: somebody asked for this download
    "HF_HUB_DISABLE_XET": "1",  # plain requests, which go on where they were cut
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
}


def make_from_hub(
    entry: CatalogueEntry,
    source: HubSource,
    staging: Staging,
    check: CancelCheck,
    on_stage: Callable[[str], OnBytes],
    earlier: InstallRecord | None = None,
    damaged: Collection[str] = (),
) -> dict[str, str]:
    """Download into a cache folder of the hub's library; `staging.model` is whole afterwards.

    Mirror (``HF_ENDPOINT``), proxies and token are taken as the library takes them.

    Args:
        entry: the model.
        source: its repository.
        staging: where to do it; files in the making of an earlier attempt are gone on with.
        check: called often; what it raises passes.
        on_stage: as in `make_from_package`.
        earlier: of the model that is repaired; its revision is taken again, and large files have
            to be the same.
        damaged: the files of it that are not taken over.

    Returns:
        What the record says of its origin.

    Raises:
        DiskFull: there is no room.
        DownloadFailed: the repository has none of the files, or others than before.
        StepFailed: of the hub.
    """
    wanted = earlier.origin.get("revision") if earlier else source.revision.value
    listed = run_step(
        "hub_files",
        {
            "repository": source.repository,
            "revision": wanted or "",
            "patterns": list(source.files),
        },
        check,
        environment=_ENVIRONMENT,
    )
    files: list[Mapping[str, Any]] = listed["files"]
    if not any(str(file["path"]).endswith(".safetensors") for file in files):
        raise DownloadFailed(Message("download.no_weights", repository=source.repository))
    staging.model.mkdir(exist_ok=True)
    if earlier is not None:
        _same_as(earlier, files)
        _take_over(earlier, damaged, staging)
    partial = staging.folder / "partial"
    here = [path.lstat() for path in (*partial.glob("*"), *staging.model.rglob("*"))]
    done = sum(one.st_size for one in here if S_ISREG(one.st_mode))
    staging.need_room(sum(file["bytes"] for file in files) - done, entry.title)
    values = {
        "repository": source.repository,
        "revision": listed["revision"],
        "files": files,
        "cache": str(staging.model),
        "partial": str(partial),
    }
    run_step("hub_download", values, check, on_stage("download"), _ENVIRONMENT)
    return {"repository": source.repository, "revision": str(listed["revision"])}


def _same_as(earlier: InstallRecord, files: list[Mapping[str, Any]]) -> None:
    """Refuse a revision whose weights are not those of the first installation."""
    known = {file.sha256 for file in earlier.files}
    for file in files:
        if file["sha256"] and file["sha256"] not in known:
            raise other_content(str(file["path"]))


def _take_over(earlier: InstallRecord, damaged: Collection[str], staging: Staging) -> None:
    """Have the files of the model that are whole in the new one too, without copying them."""
    here = staging.target.resolve()
    for file in earlier.files:
        content = (here / file.path).resolve()  # in `blobs`, where the system has symbolic links
        if file.path in damaged or not content.is_relative_to(here):
            continue
        target = staging.model / content.relative_to(here)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            with suppress(OSError):  # no hard links on this disk: it is downloaded again
                os.link(content, target)
