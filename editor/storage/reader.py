"""Reading a whole document (all but pixels), keeping what can be kept of a damaged one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from editor.model.edit import Candidate
from editor.model.history import History, HistoryNode
from editor.model.image import DIGEST_BYTES, Image, Metadata, Tile, tile_rects
from editor.model.patch import Patch
from editor.model.picture import Layer, Picture
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.storage import values
from editor.storage.loaded_document import LoadedDocument
from editor.storage.pixel_store import PixelStore
from editor.storage.stored_jobs import StoredJob

PIXELS_CAP = 120_000_000
SIDE_CAP = 65_500
NODES_CAP = 100_000
LAYERS_CAP = 1000
JOBS_CAP = 1_000_000

_DAMAGE = (*values.DAMAGE, sqlite3.Error, UnicodeError)


def load_document(connection: sqlite3.Connection, store: PixelStore) -> LoadedDocument:
    """Read everything but pixels; what is damaged is left out and named.

    Raises:
        sqlite3.Error: the tables of nodes and events themselves cannot be read.
    """
    return _Loading(connection, store).run()


def unmade(history: History, damaged: Iterable[str]) -> tuple[str, ...]:
    """Accepted nodes whose pixels are still to be made, parents first."""
    lost = set(damaged)
    return tuple(n.id for n in history.nodes.values() if n.picture is None and n.id not in lost)


class _Loading:
    def __init__(self, connection: sqlite3.Connection, store: PixelStore) -> None:
        self._connection = connection
        self._store = store
        self._problems: list[str] = []
        self._known: set[bytes] | None = None
        self._tiles: dict[bytes, Tile] = {}
        self._metas: dict[int, Metadata] = {}
        self._images: dict[int, Image] = {}
        self._selections: dict[str, Selection] = {}
        self._candidates: dict[int, Candidate] = {}

    def run(self) -> LoadedDocument:
        with suppress(*_DAMAGE):
            self._known = {row[0] for row in self._rows("SELECT digest FROM tile")}
        nodes, damaged, total = self._nodes()
        history = History(nodes=nodes)
        loaded = LoadedDocument(history=history, total=total, damaged=tuple(damaged))
        self._events(loaded)
        try:
            loaded.jobs = self._jobs(nodes)
        except _DAMAGE as error:
            self._wrong("jobs", error)
        loaded.problems = tuple(self._problems)
        return loaded

    def _rows(self, query: str, *bound: Any) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(query, bound)

    def _row(self, query: str, *bound: Any) -> tuple[Any, ...]:
        row = self._connection.execute(query, bound).fetchone()
        if row is None:
            raise ValueError("a row is missing")
        return tuple(row)

    def _wrong(self, what: str, error: BaseException) -> None:
        self._problems.append(f"{what}: {error}")

    # -- nodes ------------------------------------------------------------------------------
    def _nodes(self) -> tuple[dict[str, HistoryNode], list[str], int]:
        nodes: dict[str, HistoryNode] = {}
        damaged: list[str] = []
        total = 0
        query = (
            "SELECT id, parent, kind, label, opacity, selection, paint, ranking, time FROM node"
            " ORDER BY rowid LIMIT ?"
        )
        # Parents are always written before their children, so a tree read in this order cannot
        # have a circle or a gap.
        for row in self._rows(query, NODES_CAP):
            total += 1
            try:
                node_id = values.plain_id(row[0])
                if node_id in nodes or (row[1] is not None and row[1] not in nodes):
                    raise ValueError("the idea it started from is missing")
                node = self._node(node_id, row)
            except _DAMAGE as error:
                damaged.append(str(row[0])[:80])
                self._wrong(f"node {str(row[0])[:80]!r}", error)
                continue
            try:
                node = _with_picture(node, self._picture(node_id))
            except _DAMAGE as error:
                damaged.append(node_id)
                self._wrong(f"picture of {node_id}", error)
            nodes[node_id] = node
        return nodes, damaged, total

    def _node(self, node_id: str, row: tuple[Any, ...]) -> HistoryNode:
        _, parent, kind, label, opacity, selection, paint, ranking, time = row
        for text in (kind, label):
            if not isinstance(text, str) or len(text) > values.TEXT_CAP:
                raise ValueError("no text")
        if not 0.0 <= opacity <= 1.0:
            raise ValueError("opacity lies between 0 and 1")
        made: dict[str, list[Candidate]] = {"made": [], "sibling": []}
        query = "SELECT role, candidate FROM node_candidate WHERE node=? ORDER BY role, place"
        try:
            for role, candidate in self._rows(query, node_id):
                made[role].append(self._candidate(candidate))
            places = values.parse_ranking(ranking)
            where, over = self._selection(selection), self._selection(paint)
        except _DAMAGE as error:
            # Without its pixels such a node cannot be made again; with them it is still shown.
            self._wrong(f"what made {node_id}", error)
            if self._row("SELECT count(*) FROM layer WHERE node=?", node_id)[0] == 0:
                raise
            made, places, where, over = {"made": [], "sibling": []}, Ranking(), None, None
        return HistoryNode(
            id=node_id,
            parent=parent,
            picture=None,
            label=label,
            time=float(time),
            candidates=tuple(made["made"]),
            siblings=tuple(made["sibling"]),
            ranking=places,
            opacity=float(opacity),
            paint=over,
            selection=where,
            kind=kind,
        )

    def _picture(self, node_id: str) -> Picture | None:
        layers = []
        query = (
            "SELECT image, mask, opacity, blend, name, visible FROM layer WHERE node=?"
            " ORDER BY place LIMIT ?"
        )
        for image, mask, opacity, blend, name, visible in self._rows(query, node_id, LAYERS_CAP):
            layers.append(
                Layer(
                    self._image(image),
                    self._selection(mask),
                    float(opacity),
                    str(blend),
                    str(name),
                    bool(visible),
                )
            )
        if not layers:
            return None
        sizes = {(layer.image.width, layer.image.height) for layer in layers}
        if len(sizes) != 1:
            raise ValueError("layers of different sizes")
        return Picture(tuple(layers))

    # -- pixels by reference ------------------------------------------------------------------
    def _image(self, image_id: int) -> Image:
        if image_id in self._images:
            return self._images[image_id]
        width, height, channels, dtype, digest, meta = self._row(
            "SELECT width, height, channels, dtype, pixel_digest, meta FROM image WHERE id=?",
            image_id,
        )
        if not (1 <= width <= SIDE_CAP and 1 <= height <= SIDE_CAP):
            raise ValueError("an image of impossible size")
        if width * height > PIXELS_CAP or channels not in (1, 2, 3, 4):
            raise ValueError("an image of impossible size")
        if dtype not in ("uint8", "uint16"):
            raise ValueError("an image of unknown depth")
        places = list(tile_rects(width, height))
        rows = list(
            self._rows(
                "SELECT place, tile FROM image_tile WHERE image=? ORDER BY place LIMIT ?",
                image_id,
                len(places) + 1,
            )
        )
        if [place for place, _ in rows] != list(range(len(places))):
            raise ValueError("an image with missing tiles")
        tiles = []
        for (_, tile), rect in zip(rows, places, strict=True):
            shape = (rect.height, rect.width, channels)
            tiles.append(self._tile(tile, shape, dtype))
        image = Image(width, height, channels, dtype, tuple(tiles), self._meta(meta))
        if image.pixel_digest != digest:
            raise ValueError("an image does not match its digest")
        self._images[image_id] = image
        return image

    def _tile(self, digest: bytes, shape: tuple[int, int, int], dtype: str) -> Tile:
        found = self._tiles.get(digest)
        if found is not None and found.shape == shape and found.dtype == dtype:
            return found
        if not isinstance(digest, bytes) or len(digest) != DIGEST_BYTES:
            raise ValueError("a tile without digest")
        if self._known is not None and digest not in self._known:
            raise ValueError("a tile is missing")
        tile = Tile.stored(digest, shape, dtype, self._store)
        self._tiles[digest] = tile
        return tile

    def _meta(self, meta_id: int) -> Metadata:
        if meta_id not in self._metas:
            digest, *columns = self._row(
                "SELECT digest, icc, exif, xmp, dpi, text FROM meta WHERE id=?", meta_id
            )
            meta = values.parse_meta(*columns)
            if meta.digest != digest:
                raise ValueError("metadata does not match its digest")
            self._metas[meta_id] = meta
        return self._metas[meta_id]

    def _selection(self, digest: str | None) -> Selection | None:
        if digest is None:
            return None
        if digest not in self._selections:
            (image,) = self._row("SELECT image FROM selection WHERE digest=?", digest)
            selection = Selection(self._image(image))
            if selection.digest != digest:
                raise ValueError("a selection does not match its digest")
            self._selections[digest] = selection
        return self._selections[digest]

    # -- candidates and jobs ------------------------------------------------------------------
    def _candidate(self, candidate_id: int) -> Candidate:
        if candidate_id not in self._candidates:
            key, request, recorded, digest, parameters, placement = self._row(
                "SELECT c.key, c.request, c.recorded, p.digest, p.parameters, p.placement"
                " FROM candidate c JOIN patch p ON p.id=c.patch WHERE c.id=?",
                candidate_id,
            )
            patch = Patch.stored(
                digest,
                values.parse_settings(parameters),
                values.parse_placement(placement),
                self._store,
            )
            self._candidates[candidate_id] = Candidate(
                values.parse_request(request, key), patch, values.parse_settings(recorded)
            )
        return self._candidates[candidate_id]

    def _jobs(self, nodes: dict[str, HistoryNode]) -> dict[str, StoredJob]:
        jobs: dict[str, StoredJob] = {}
        query = "SELECT id, parent, selection, time FROM job ORDER BY rowid LIMIT ?"
        for job, parent, selection, time in self._rows(query, JOBS_CAP):
            try:
                if parent not in nodes:
                    raise ValueError("its picture is missing")
                jobs[values.plain_id(job)] = StoredJob(
                    job,
                    parent,
                    self._results(job),
                    self._scores(job),
                    self._ranking(job),
                    self._selection(selection),
                    float(time),
                )
            except _DAMAGE as error:
                self._wrong(f"results of {str(job)[:80]!r}", error)
        return jobs

    def _results(self, job: str) -> tuple[Candidate, ...]:
        found = []
        for (candidate,) in self._rows(
            "SELECT candidate FROM result WHERE job=? ORDER BY place", job
        ):
            try:
                found.append(self._candidate(candidate))
            except _DAMAGE as error:
                self._wrong(f"a result of {job}", error)
        return tuple(found)

    def _scores(self, job: str) -> tuple[Score, ...]:
        found: dict[str, Score] = {}
        for (value,) in self._rows("SELECT value FROM score WHERE job=? ORDER BY id", job):
            score = values.parse_score(values.parse_json(value))
            found[score.key] = score
        return tuple(found.values())

    def _ranking(self, job: str) -> Ranking | None:
        query = "SELECT value FROM ranking WHERE job=? ORDER BY id DESC LIMIT 1"
        for (value,) in self._rows(query, job):
            return values.parse_ranking(value)
        return None

    # -- events -----------------------------------------------------------------------------
    def _events(self, loaded: LoadedDocument) -> None:
        history = loaded.history
        head: str | None = None
        trail: list[Any] = []
        query = (
            "SELECT kind, node, value FROM event WHERE kind!='head'"
            " OR id=(SELECT max(id) FROM event WHERE kind='head') ORDER BY id"
        )
        try:
            for kind, node, text in self._rows(query):
                try:
                    value = values.parse_json(text)
                    if node is None:
                        loaded.apply_event(kind, value)
                    elif node not in history.nodes:
                        continue
                    elif kind == "head":
                        head, trail = node, list(value["trail"])
                    elif kind == "star":
                        history = history.star(node, bool(value))
                    elif kind == "name":
                        history = history.rename(node, str(value))
                    elif kind == "note":
                        history = history.note(node, str(value))
                except values.DAMAGE as error:  # one bad event does not affect those after it
                    self._wrong("events", error)
        except _DAMAGE as error:
            self._wrong("events", error)
        loaded.history = _placed(history, head, trail, set(loaded.damaged))


def _with_picture(node: HistoryNode, picture: Picture | None) -> HistoryNode:
    return node if picture is None else replace(node, picture=picture)


def _placed(history: History, head: str | None, trail: list[Any], lost: set[str]) -> History:
    """Put head where it was, or on the nearest idea that can be shown."""
    if not history.nodes:
        return history
    newest_first = list(history.nodes)[::-1]
    if head is None:
        head = newest_first[0]
    shown = [n for n in reversed(history.path(head)) if n not in lost]
    if not shown:
        shown = [n for n in newest_first if n not in lost]
    place = shown[0] if shown else head
    way: list[str] = []
    step = place
    for node in trail if place == head else ():
        if node not in history.nodes or history.nodes[node].parent != step:
            break
        way.append(node)
        step = node
    return replace(history, head=place, trail=tuple(way))
