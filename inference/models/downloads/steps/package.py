"""Downloads one wheel with pip, as a file: nothing is installed and nothing of it is run."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Mapping
from typing import Any

from inference.models.downloads.child import StepError


def run(values: Mapping[str, Any]) -> dict[str, Any]:
    """Run ``pip download`` with the settings of this machine: index, mirror, proxies, certificates.

    The tags of Python and platform are given, so that every machine gets the same file.

    Args:
        values: `package`, `version`, `python`, `platform`, `folder` to write to.

    Raises:
        StepError: "pip" where it did not work; its own words are on standard error.
    """
    os.environ["PIP_NO_INPUT"] = "1"
    os.environ.pop("PIP_REQUIRE_VIRTUALENV", None)
    sys.argv = [
        "pip", "download", f"{values['package']}=={values['version']}",
        "--no-deps", "--only-binary=:all:",
        "--implementation=cp", f"--python-version={values['python']}",
        f"--platform={values['platform']}",
        f"--dest={values['folder']}", "--no-cache-dir",
        "--disable-pip-version-check", "--progress-bar=raw", "--no-color",
    ]  # fmt: skip
    try:
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise StepError("pip") from None
    return {}
