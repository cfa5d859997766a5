"""Documents on the command line: their history, their digests, their pictures."""

from __future__ import annotations

from tests.characterisation.running import Case


def paper(name: str, document: str, command: str, *more: str) -> Case:
    """A command on a document of `tests/characterisation/documents`."""
    return Case(name, (command, document, *more), (document,))


def export(name: str, document: str, node: str, out: str, *more: str) -> Case:
    """An export of one idea."""
    argv = ("export", document, "--node", node, "-o", out, *more)
    return Case(f"export-{name}", argv, (document,))


_HISTORY = (
    paper("history", "branches.pentimento", "history"),
    paper("history-json", "walk.pentimento", "history", "--json"),
    paper("history-interrupted", "interrupted.pentimento", "history"),
    paper("history-damaged", "damaged.pentimento", "history", "--json"),
    paper("history-newer", "newer.pentimento", "history", "--json"),
    paper("history-foreign", "foreign.pentimento", "history"),
    Case("history-missing", ("history", "missing.pentimento", "--json")),
    Case("history-of-picture", ("history", "photo.png"), ("photo.png",)),
    Case("history-of-text", ("history", "a.pentimento", "--json"), keep=(("a.pentimento", "a"),)),
)

_VERIFY = (
    paper("verify", "painted.pentimento", "verify"),
    paper("verify-json", "deep.pentimento", "verify", "--json"),
    paper("verify-interrupted", "interrupted.pentimento", "verify", "--json"),
    paper("verify-damaged", "damaged.pentimento", "verify"),
    paper("verify-damaged-json", "damaged.pentimento", "verify", "--json"),
    paper("verify-newer", "newer.pentimento", "verify", "--json"),
    paper("verify-foreign", "foreign.pentimento", "verify", "--json"),
    Case("verify-missing", ("verify", "missing.pentimento", "--json")),
)

_EXPORT = (
    export("head", "walk.pentimento", "head", "a.png", "--json"),
    export("in-words", "walk.pentimento", "head", "a.png"),
    export("beginning", "branches.pentimento", "000000200004", "a.png", "--json"),
    export("ambiguous", "branches.pentimento", "0000002", "a.png", "--json"),
    export("nothing", "branches.pentimento", "none", "a.png", "--json"),
    export("empty-id", "branches.pentimento", "", "a.png", "--json"),
    export("deep", "deep.pentimento", "head", "a.png", "--json"),
    export("deep-as-tiff", "deep.pentimento", "head", "a.tif", "--json"),
    export("deep-as-jpeg", "deep.pentimento", "head", "a.jpg", "--quality", "80", "--json"),
    export("alpha-as-jpeg", "transparent.pentimento", "head", "a.jpeg"),
    export("alpha-as-webp", "transparent.pentimento", "head", "a.webp", "--json"),
    export("grey-as-webp", "grey.pentimento", "head", "a.webp", "--json"),
    export("profile-as-jpeg", "profile.pentimento", "head", "a.jpg", "--quality", "50"),
    export("profile-as-tiff", "profile.pentimento", "head", "a.tiff", "--json"),
    export("unfinished", "interrupted.pentimento", "head", "a.png", "--json"),
    export("damaged", "damaged.pentimento", "head", "a.png", "--json"),
    export("ending", "walk.pentimento", "head", "a.nothing", "--json"),
    export("folder", "walk.pentimento", ".", ".", "--json"),
    export("quality", "walk.pentimento", "head", "a.jpg", "--quality", "0", "--json"),
    export("into-missing-folder", "walk.pentimento", "head", "b/c/a.png", "--json"),
    Case(
        "export-over-a-file",
        ("export", "walk.pentimento", "--node", "head", "-o", "a.png", "--json"),
        ("walk.pentimento",),
        keep=(("a.png", "mine\n"),),
    ),
    Case("export-without-node", ("export", "a.pentimento", "-o", "a.png", "--json")),
)

PAPERS = (*_HISTORY, *_VERIFY, *_EXPORT)
