"""The program that `test_kill_document.py` kills: an artist at work, who says what is safe.

Each line on standard output is written only after the document's future resolved, that is after
the document promised that this cannot be lost any more.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import Future
from pathlib import Path

from editor.model.picture import Picture
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.storage.document import Document
from tests.editor.document_cases import a_candidate, a_node, a_ranking, an_image, edited

SIZE = (700, 520)


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def when_safe(future: Future[None], *words: object) -> None:
    def tell(done: Future[None]) -> None:
        if done.exception() is None:
            say(*words)

    future.add_done_callback(tell)


def opened(folder: Path, seed: int) -> Document:
    found = sorted(folder.glob("*.pentimento"))
    if found:
        document = Document.open(found[0])
        for node_id in document.pending():
            # What a window does after a crash: make the pixels again from what is stored.
            node = document.history.nodes[node_id]
            assert node.candidates and node.parent is not None  # noqa: PT018
            source = document.history.nodes[node.parent].picture
            assert source is not None
            number = int(node.candidates[0].request.seed)
            when_safe(document.complete(node_id, edited(source, number)), "pixels", node_id)
        return document
    document = Document.create(
        Picture.of(an_image(seed, SIZE, "uint16")),
        label="photo",
        state_dir=folder,
        path=folder / "a.pentimento",
    )
    assert document.flush()
    say("node", document.history.head)
    say("pixels", document.history.head)
    return document


def work(document: Document, rng: random.Random) -> None:
    history = document.history
    parent = rng.choice(list(history.nodes)) if rng.random() < 0.3 else str(history.head)
    picture = history.nodes[parent].picture
    if picture is None:
        return
    seed = rng.randrange(1 << 30)
    rect = Rect(rng.randrange(500), rng.randrange(400), 90, 90)
    selection = Selection.from_rect(rect, *SIZE) if rng.random() < 0.5 else None
    job = f"job-{seed}"
    candidates = [a_candidate(seed, sampled=bool(n), source=str(n)) for n in range(2)]
    for candidate in candidates:
        future = document.add_candidate(job, parent, candidate, selection)
        when_safe(future, "candidate", parent, job, candidate.key)
    document.set_ranking(job, a_ranking(*candidates))
    node = a_node(history, seed, parent=parent, picture=rng.random() < 0.5, selection=selection)
    when_safe(document.accept(node), "node", node.id)
    if node.picture is None:
        when_safe(document.complete(node.id, edited(picture, seed)), "pixels", node.id)
    document.set_draft(job)
    on = rng.random() < 0.5
    when_safe(document.star(node.id, on), "star", node.id, int(on))
    step = rng.random()
    if step < 0.3:
        document.undo()
    elif step < 0.4:
        document.redo()
    elif step < 0.5:
        name = rng.choice("abc")
        document.name_file(document.path.with_name(f"{name}.pentimento")).result()
    elif step < 0.55:
        document.flush()
        time.sleep(0.55)  # idle long enough for the log to be folded in


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    say("start")
    document = opened(folder, seed)
    say("open")
    while True:
        for _ in range(rng.randrange(3, 12)):
            work(document, rng)
            document.wait_for_room()
            if rng.random() < 0.5:
                document.flush()
        path = document.path
        document.close()
        document = Document.open(path)


main()
