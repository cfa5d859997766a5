"""Asks the hub which files a model has, in which revision."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from inference.models.downloads.steps.hub_errors import hub_errors


def run(values: Mapping[str, Any]) -> dict[str, Any]:
    """The files of a repository that are wanted.

    Args:
        values: `repository`, `revision` ("" for the newest), `patterns` of names.

    Returns:
        `revision`, the commit, and `files`: `path`, `bytes`, and `sha256` or, for small files,
        git's `sha1` of them.

    Raises:
        StepError: as in `hub_errors`.
    """
    from huggingface_hub import HfApi

    with hub_errors(str(values["repository"])):
        info = HfApi().model_info(
            values["repository"], revision=values["revision"] or None, files_metadata=True
        )
        wanted = [
            one
            for one in info.siblings or []
            if any(fnmatchcase(one.rfilename, pattern) for pattern in values["patterns"])
        ]
        files = [
            {
                "path": one.rfilename,
                "bytes": one.size or 0,
                "sha256": one.lfs.sha256 if one.lfs is not None else "",
                "sha1": one.blob_id or "",
            }
            for one in wanted
        ]
        return {"revision": info.sha, "files": files}
