"""Why a model was not installed, in sentences."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any

from editor.errors import DiskFull, ExpectedError
from editor.messages import Message, verbatim
from inference.models.downloads.child_process import StepFailed

_NO_INDEX = "connection broken by"
"""What pip writes at each attempt to reach a package index that does not answer."""


class DownloadFailed(ExpectedError):
    """A model was not installed; what was there before is as it was."""

    kind = "download_failed"


class NotInstallable(ExpectedError):
    """The catalogue has no such model, or nothing here could use it."""

    kind = "not_installable"


class NotInstalled(ExpectedError):
    """The model was not installed from the catalogue."""

    kind = "not_installed"


class RemovalFailed(ExpectedError):
    """A model was not removed, or not all of it."""

    kind = "removal_failed"


class BeingInstalled(ExpectedError):
    """Another program installs or removes the same model now."""

    kind = "being_installed"


def failure(error: StepFailed, title: str) -> ExpectedError:
    """What a step that failed says to people.

    Args:
        error: of the step.
        title: of the model.
    """
    values: Mapping[str, Any] = error.values
    match error.code:
        case "disk_full":
            return disk_full(title)
        case "pip" if f"[Errno {errno.ENOSPC}]" in error.last_words:  # it says so in words only
            return disk_full(title)
        case "pip" if _NO_INDEX in error.last_words:
            return DownloadFailed(Message("download.no_index"), Message("do.check_network"))
        case "pip":
            reason = verbatim(_pip_reason(error.last_words))
            return DownloadFailed(
                Message("download.pip", model=title, reason=reason), Message("do.check_index")
            )
        case "sign_in":
            return DownloadFailed(
                Message("download.sign_in", repository=str(values["repository"])),
                Message("do.accept_licence"),
            )
        case "not_there":
            return DownloadFailed(
                Message("download.not_there", repository=str(values["repository"]))
            )
        case "too_many_requests":
            return DownloadFailed(Message("download.too_many_requests"), Message("do.try_later"))
        case "server":
            return DownloadFailed(
                Message("download.server", status=int(values["status"])), Message("do.try_later")
            )
        case "no_connection":
            reason = verbatim(str(values["reason"]))
            return DownloadFailed(
                Message("download.no_connection", reason=reason), Message("do.check_network")
            )
        case "files":
            reason = verbatim(str(values["reason"]))
            return DownloadFailed(Message("download.not_written", model=title, reason=reason))
        case "other_content":
            return other_content(str(values["file"]))
        case "memory":
            return DownloadFailed(Message("download.conversion_memory", model=title))
        case "conversion":
            return DownloadFailed(
                Message(
                    "download.conversion",
                    file=str(values["file"]),
                    reason=verbatim(str(values["reason"]).rstrip(".")),
                )
            )
    reason = verbatim(_last_line(error.last_words) or "no reason given")
    return DownloadFailed(Message("download.ended", model=title, reason=reason))


def disk_full(title: str) -> DiskFull:
    """The disk filled up while a model was installed."""
    return DiskFull(Message("download.disk_full", model=title), Message("do.make_room_for_models"))


def other_content(file: str) -> DownloadFailed:
    """A file has not the content that the catalogue or the hub says."""
    return DownloadFailed(Message("download.other_content", file=file), Message("do.try_later"))


def _pip_reason(words: str) -> str:
    """The last thing that pip calls an error, else its last line."""
    errors = [line for line in words.splitlines() if line.startswith("ERROR: ")]
    line = errors[-1].removeprefix("ERROR: ") if errors else _last_line(words)
    return line.strip().rstrip(".") or "it ended without a word"


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1][:200].rstrip(".") if lines else ""
