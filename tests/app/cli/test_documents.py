from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from editor.formats import open_image
from editor.model.history import HistoryNode, new_id
from editor.model.image import Image, Metadata
from editor.model.picture import Picture
from editor.storage import rows
from editor.storage.document import Document
from editor.storage.schema import connect_reader, connect_writer
from tests.app.cli.cli_cases import Run, check
from tests.editor.document_cases import an_image
from tests.editor.formats.test_metadata import exif
from tests.editor.storage.test_reader import damage


@pytest.fixture
def document(tmp_path: Path) -> tuple[Path, str, Image]:
    """A document of two nodes: its file, the second node's id and pixels."""
    first = Image.from_array(np.full((60, 80, 3), 20000, np.uint16))
    second = Image.from_array(np.full((60, 80, 3), 30000, np.uint16))
    file = tmp_path / "tree.pentimento"
    made = Document.create(Picture.of(first), label="sea.png", state_dir=tmp_path, path=file)
    node = HistoryNode(new_id(), made.history.head, Picture.of(second), "brighter", 1.0e9)
    made.accept(node).result()
    made.star(node.id, True).result()
    made.flush()
    made.close()
    return file, node.id, second


def test_history(
    run: Run, document: tuple[Path, str, Image], capsys: pytest.CaptureFixture[str]
) -> None:
    file, node, image = document
    code, tree = run("history", file)
    assert code == 0
    check("history", tree)
    assert tree["head"] == node
    assert [n["label"] for n in tree["nodes"]] == ["sea.png", "brighter"]
    last = next(n for n in tree["nodes"] if n["id"] == node)
    assert last["starred"]
    assert last["pixel_digest"] == image.pixel_digest

    from app.cli.commands import main

    assert main(["history", str(file)]) == 0
    assert "● brighter ★" in capsys.readouterr().out


def test_history_of_a_damaged_document(
    run: Run, document: tuple[Path, str, Image], capsys: pytest.CaptureFixture[str]
) -> None:
    """What can be read is printed; the exit code says that it is not all."""
    file, node, _ = document
    damage(file, "DELETE FROM image_tile WHERE image=(SELECT max(image) FROM layer)")
    code, tree = run("history", file)
    check("history", tree)
    assert (code, tree["damaged"]) == (3, [node])
    assert "damaged" in tree["warning"]
    assert [n["label"] for n in tree["nodes"]] == ["sea.png", "brighter"]

    from app.cli.commands import main

    assert main(["history", str(file)]) == 3
    assert tree["warning"] in capsys.readouterr().err


def test_verify(run: Run, document: tuple[Path, str, Image]) -> None:
    file = document[0]
    code, report = run("verify", file)
    assert (code, report["ok"], report["nodes"]) == (0, True, 2)


def test_compact(run: Run, document: tuple[Path, str, Image], tmp_path: Path) -> None:
    file = document[0]
    with closing(connect_writer(file, wal=False)) as connection:
        rows.put_image(connection, an_image(99, (900, 800)))
    before = file.stat().st_size
    code, values = run("compact", file)
    assert code == 0
    check("compact", values)
    assert values["bytes"] == file.stat().st_size == before - values["saved"]
    assert values["saved"] > 0
    assert run("verify", file)[1]["nodes"] == 2

    from app.cli.commands import main

    assert main(["compact", str(file)]) == 0


def test_compact_refuses_what_is_open_damaged_or_no_document(
    run: Run, document: tuple[Path, str, Image], tmp_path: Path
) -> None:
    file = document[0]
    with Document.open(file):
        code, values = run("compact", file)
    check("compact", values)
    assert (code, values["error"]["kind"]) == (3, "document_in_use")
    with closing(connect_reader(file)) as connection:
        ((stored,),) = connection.execute("SELECT data FROM tile LIMIT 1").fetchall()
    whole = file.read_bytes().replace(stored, stored[:-1] + bytes([stored[-1] ^ 1]))
    file.write_bytes(whole)
    code, values = run("compact", file)
    assert (code, values["error"]["kind"]) == (3, "damaged_document")
    assert file.read_bytes() == whole
    other = tmp_path / "other.pentimento"
    other.write_text("no document")
    code, values = run("compact", other)
    assert (code, values["error"]["kind"]) == (3, "damaged_document")
    code, values = run("compact", tmp_path / "missing.pentimento")
    assert code == 3
    assert not (tmp_path / "missing.pentimento").exists()


def test_export(run: Run, document: tuple[Path, str, Image], tmp_path: Path) -> None:
    file, node, image = document
    for name in (node, node[:6], "head"):
        code, _ = run("export", file, "--node", name, "-o", tmp_path / "out.png")
        assert code == 0
        assert open_image(tmp_path / "out.png").image.equals(image)
    code, values = run("export", file, "--node", "none", "-o", tmp_path / "x.png")
    assert (code, values["error"]["kind"]) == (3, "no_such_node")
    code, values = run("export", file, "--node", "head", "-o", tmp_path / "x.nothing")
    assert code == 3
    code, values = run("export", file, "--node", "head", "-o", tmp_path)
    assert (code, values["error"]["kind"]) == (3, "output_exists")
    assert not (tmp_path / "x.png").exists()


def test_export_leaves_the_place_out_unless_it_is_named(run: Run, tmp_path: Path) -> None:
    meta = Metadata(exif=exif())
    picture = Picture.of(Image.from_array(np.zeros((8, 8, 3), np.uint8), meta))
    opened = Document.create(picture, label="a.jpg", state_dir=tmp_path)
    file, root = opened.path, opened.history.current.id
    opened.accept(HistoryNode("ab0000000001", root, picture, "warmer", 1.0e9)).result()
    opened.close()
    found: dict[str, tuple[bool, bool, bool]] = {}
    for kinds in ("", "all", "none", "camera,place", "words"):
        out = tmp_path / "out.png"
        more = ("--metadata", kinds) if kinds else ()
        code, values = run("export", file, "--node", "head", "-o", out, *more)
        assert code == 0
        with Pillow.open(out) as written:
            tags, words = written.getexif(), written.info.get("Description") == "warmer"
            found[kinds] = 0x010F in tags, bool(tags.get_ifd(0x8825)), words
        assert bool(values["notes"]) == (not found[kinds][1])
    assert found == {
        "": (True, False, False),
        "all": (True, True, True),
        "none": (False, False, False),
        "camera,place": (True, True, False),
        "words": (False, False, True),
    }
    unknown = ("--node", "head", "-o", tmp_path / "x.png", "--metadata", "gps")
    code, values = run("export", file, *unknown)
    assert (code, values["error"]["message"]) == (2, "--metadata does not know “gps”.")


def test_export_says_which_ideas_an_id_could_mean(
    run: Run, document: tuple[Path, str, Image], tmp_path: Path
) -> None:
    file, _, image = document
    opened = Document.open(file)
    for name in ("ab0000000001", "ab0000000002"):
        node = HistoryNode(name, opened.history.head, Picture.of(image), name, 1.0e9)
        opened.accept(node).result()
    opened.close()
    words = ["export", file, "-o", tmp_path / "x.png", "--node"]
    code, values = run(*words, "ab0")
    assert code == 3
    message = values["error"]["message"]
    assert message == "2 ideas begin with ab0: ab0000000001, ab0000000002."
    assert run(*words, "ab0000000002")[0] == 0
    assert run(*words, "")[1]["error"]["kind"] == "no_such_node"


@pytest.mark.parametrize("quality", [0, 101])
def test_a_quality_out_of_range_is_one_sentence(
    run: Run, document: tuple[Path, str, Image], tmp_path: Path, quality: int
) -> None:
    words = ["--node", "head", "-o", tmp_path / "x.jpg", "--quality", quality]
    code, values = run("export", document[0], *words)
    assert code == 2
    assert values["error"]["message"] == f"--quality cannot be {quality}."
    assert values["error"]["fix"] == "Give it 1 to 100."


@pytest.mark.parametrize("command", ["history", "verify", "export"])
def test_what_is_no_document_is_refused(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "no.pentimento").write_bytes(b"SQLite format 3\0" + bytes(range(200)))
    (tmp_path / "text.pentimento").write_text("hello")
    more = ["--node", "head", "-o", tmp_path / "x.png"] if command == "export" else []
    for name in ("no.pentimento", "text.pentimento", "missing.pentimento"):
        code, values = run(command, tmp_path / name, *more)
        assert code == 3, (name, values)
        if "error" in values:
            check("history", values)
    assert not (tmp_path / "x.png").exists()
