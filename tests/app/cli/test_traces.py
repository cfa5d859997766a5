from __future__ import annotations

import json
from pathlib import Path

from editor.storage.document import Document
from tests.app.cli.cli_cases import Run, picture


def test_import_and_open(run: Run, tmp_path: Path) -> None:
    picture(tmp_path, "o1.png", 40, 30)
    rows = [
        {
            "session": "5",
            "turn": k,
            "instruction": f"do {k}",
            "input": "i.png",
            "output": f"o{k}.png",
        }
        for k in (1, 2)
    ]
    sessions = tmp_path / "sessions.jsonl"
    sessions.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    code, values = run("traces", "import", sessions, "-o", tmp_path / "t.jsonl")
    assert code == 0
    assert (values["kind"], values["traces"], values["edits"]) == ("sessions", 1, 2)
    document = tmp_path / "t.pentimento"
    code, values = run("traces", "open", tmp_path / "t.jsonl", "-o", document)
    assert (code, values["trace"], values["drawn"]) == (0, "5", 2)
    opened = Document.open(document, read_only=True)
    history = opened.history
    nodes = [history.nodes[id_] for id_ in history.path(history.head or "")]
    assert [node.label for node in nodes] == ["5", "do 1", "do 2"]
    sizes = [
        (node.picture.image.width, node.picture.image.height) for node in nodes if node.picture
    ]
    assert sizes == [(512, 512), (40, 30), (512, 512)]
    opened.close()


def test_prompts_are_labels_and_notes(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("prompt\na red house\na red house and snow\na blue house and snow\n", "utf-8")
    models = tmp_path / "models"
    models.mkdir()
    code, values = run("traces", "import", log, "-o", tmp_path / "t.jsonl", "--credit", "mine",
                       "--models", models, "--sensitivity")  # fmt: skip
    assert (code, values["features"], values["edit_kinds"]) == (
        0,
        "words",
        {"insert": 1, "replace": 1},
    )
    assert set(values["sensitivity"]) == {"0.10", "0.15", "0.20", "0.30"}
    document = tmp_path / "t.pentimento"
    code, _ = run("traces", "open", tmp_path / "t.jsonl", "--trace", "000000-000", "-o", document)
    assert code == 0
    code, tree = run("history", document)
    labels = [node["label"] for node in sorted(tree["nodes"], key=lambda n: n["time"])]
    assert labels == ["a red house", "+ and snow", "red → blue"]


def test_what_does_not_fit_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"id": "1", "steps": [{"prompt": "a"}]}\n', "utf-8")
    assert run("traces", "open", tmp_path / "t.jsonl", "-o", tmp_path / "t.png")[0] == 2
    code, values = run(
        "traces", "open", tmp_path / "t.jsonl", "--trace", "2", "-o", tmp_path / "t.pentimento"
    )
    assert (code, values["error"]["kind"]) == (3, "bad_traces")
    (tmp_path / "e.jsonl").write_text('{"id": "1", "steps": []}\n', "utf-8")
    code, values = run("traces", "open", tmp_path / "e.jsonl", "-o", tmp_path / "e.pentimento")
    assert (code, values["error"]["message"]) == (3, "No trace of the file has a kept step.")
    assert run("traces", "import", tmp_path / "none", "-o", tmp_path / "o.jsonl")[0] == 3
    assert run("traces", "import", tmp_path / "t.jsonl", "-o", tmp_path / "o", "--eps", "3")[0] == 2
