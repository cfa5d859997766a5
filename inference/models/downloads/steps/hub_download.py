"""Downloads files of a model from the hub into a cache folder of the hub's library."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from inference.models.downloads.child import StepError, say
from inference.models.downloads.steps.hub_errors import hub_errors
from inference.models.relative_path import stays_inside

_BLOCK: Final = 1 << 20
_REPORT_BYTES: Final = 1 << 20


def run(values: Mapping[str, Any]) -> dict[str, Any]:
    """Download what is not there yet.

    The library resumes a cut connection, but begins again after a restart (since 2.0 its files in
    the making have random names). So each file is read by its `http_get` into one of ours, which
    is gone on with, checked, and laid into the cache by one rename; `hf_hub_download` then finds it
    there. Without symbolic links it lies where it has its name; the library would keep it twice.

    Args:
        values: `repository`, `revision`, `files` as `hub_files` gives them, `cache` for the
            library's layout and `partial` for files in the making.

    Raises:
        StepError: "other_content" where a file is not what the hub or the catalogue says, else as
            in `hub_errors`.
    """
    progress = _Progress(sum(file["bytes"] for file in values["files"]))
    repository, revision = values["repository"], values["revision"]
    with hub_errors(repository):
        etags = {_download(repository, revision, one, values, progress) for one in values["files"]}
    _drop_others(_repository_folder(values), revision, etags)
    return {}


def _download(
    repository: str,
    revision: str,
    file: Mapping[str, Any],
    values: Mapping[str, Any],
    progress: _Progress,
) -> str:
    """One file; returns its name among the blobs."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
    from huggingface_hub.file_download import are_symlinks_supported

    name = str(file["path"])
    if not stays_inside(name):
        raise StepError("other_content", file=name)
    url = hf_hub_url(repository, name, revision=revision)
    etag = get_hf_file_metadata(url).etag
    if not etag or not etag.isalnum():
        raise StepError("other_content", file=name)
    folder = _repository_folder(values)
    linked = are_symlinks_supported(values["cache"])
    place = folder / "blobs" / etag if linked else folder / "snapshots" / revision / name
    if place.exists():
        progress.add(int(file["bytes"]))
    else:
        partial = Path(values["partial"]) / etag
        partial.parent.mkdir(parents=True, exist_ok=True)
        _read(url, partial, file, progress)
        place.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(place)
    hf_hub_download(repository, name, revision=revision, cache_dir=values["cache"])
    return etag


def _repository_folder(values: Mapping[str, Any]) -> Path:
    from huggingface_hub.file_download import repo_folder_name

    name = repo_folder_name(repo_id=values["repository"], repo_type="model")
    return Path(values["cache"]) / name


def _drop_others(folder: Path, revision: str, etags: set[str]) -> None:
    """Remove what an earlier attempt left of another revision."""
    for blob in folder.glob("blobs/*"):
        if blob.name not in etags:
            blob.unlink()
    for snapshot in folder.glob("snapshots/*"):
        if snapshot.name != revision:
            shutil.rmtree(snapshot)


def _read(url: str, partial: Path, file: Mapping[str, Any], progress: _Progress) -> None:
    """Read a file, going on where an earlier attempt ended; one that is wrong is read once more."""
    size = int(file["bytes"])
    began = partial.stat().st_size if partial.exists() else 0
    if began > size:
        partial.unlink()
        began = 0
    _fetch(url, partial, began, size, progress)
    if _is_right(partial, file):
        return
    partial.unlink()
    if began:  # what an earlier attempt left may have been the wrong part
        progress.add(-size)
        _fetch(url, partial, 0, size, progress)
        if _is_right(partial, file):
            return
        partial.unlink()
    raise StepError("other_content", file=str(file["path"]))


def _fetch(url: str, partial: Path, began: int, size: int, progress: _Progress) -> None:
    from huggingface_hub import constants
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # no __all__
    from tqdm import tqdm

    class Counter(tqdm):  # type: ignore[misc]  # the library takes a class of tqdm's kind
        """Counts what arrives; draws nothing."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(disable=True)

        def update(self, n: float | None = 1) -> bool | None:
            progress.add(int(n or 0))
            return None

    # What of a piece has come when the connection is cut is lost; the library's are 10 MB.
    constants.DOWNLOAD_CHUNK_SIZE = _BLOCK
    progress.add(began)
    with partial.open("ab") as target:
        http_get(
            url,
            target,
            resume_size=began,
            headers=build_hf_headers(),
            expected_size=size,
            tqdm_class=Counter,
        )
        target.flush()
        os.fsync(target.fileno())


def _is_right(path: Path, file: Mapping[str, Any]) -> bool:
    """Compare with the SHA-256 of large files, or git's SHA-1 of small ones."""
    sha256 = str(file["sha256"])
    check = hashlib.sha256() if sha256 else hashlib.sha1(usedforsecurity=False)
    if not sha256:
        check.update(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as content:
        while block := content.read(_BLOCK):
            check.update(block)
    return check.hexdigest() == (sha256 or str(file["sha1"]))


class _Progress:
    """Tells the parent how far it is, once a megabyte."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._said = total, 0, -_REPORT_BYTES

    def add(self, count: int) -> None:
        self._done += count
        if abs(self._done - self._said) >= _REPORT_BYTES or self._done >= self._total:
            self._said = self._done
            say({"done": self._done, "total": self._total})
