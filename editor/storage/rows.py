"""Putting values into a document: plain functions on a connection inside a transaction."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator

import numpy as np

from editor.formats.opened import SourceFile
from editor.model.edit import Candidate
from editor.model.history import HistoryNode
from editor.model.image import DIGEST_BYTES, Image, Metadata, Tile
from editor.model.patch import Patch
from editor.model.picture import Picture
from editor.model.selection import Selection
from editor.storage import codec, values

SOURCE_CAP = 900 << 20
"""Larger source files are not kept inside the document (SQLite's largest value is 1 GB)."""


def unknown_tiles(connection: sqlite3.Connection, images: Iterable[Image]) -> Iterator[Tile]:
    """Tiles that the file does not hold yet, each digest once."""
    seen: set[bytes] = set()
    for image in images:
        for tile in image.tiles:
            if tile.digest in seen:
                continue
            seen.add(tile.digest)
            if not has_tile(connection, tile.digest):
                yield tile


def has_tile(connection: sqlite3.Connection, digest: bytes) -> bool:
    """True if the file holds this tile."""
    found = connection.execute("SELECT 1 FROM tile WHERE digest=?", (digest,)).fetchone()
    return found is not None


def put_tile(connection: sqlite3.Connection, tile: Tile) -> None:
    """Pack and insert one tile that the file does not hold."""
    pixels = tile.pixels
    height, width, channels = tile.shape
    connection.execute(
        "INSERT INTO tile(digest, height, width, channels, depth, codec, data)"
        " VALUES(?,?,?,?,?,?,?)",
        (
            tile.digest,
            height,
            width,
            channels,
            pixels.itemsize * 8,
            codec.ROWS,
            codec.encode(pixels),
        ),
    )


def put_image(connection: sqlite3.Connection, image: Image) -> int:
    """Insert an image, its grid and every tile still unknown; equal images share one row."""
    meta = put_meta(connection, image.meta)
    digest = image.pixel_digest
    found = connection.execute(
        "SELECT id FROM image WHERE pixel_digest=? AND meta=?", (digest, meta)
    ).fetchone()
    if found is not None:
        return int(found[0])
    for tile in unknown_tiles(connection, (image,)):
        put_tile(connection, tile)
    row = connection.execute(
        "INSERT INTO image(width, height, channels, dtype, pixel_digest, meta) VALUES(?,?,?,?,?,?)",
        (image.width, image.height, image.channels, image.dtype, digest, meta),
    ).lastrowid
    assert row is not None
    connection.executemany(
        "INSERT INTO image_tile(image, place, tile) VALUES(?,?,?)",
        ((row, place, tile.digest) for place, tile in enumerate(image.tiles)),
    )
    return row


def put_meta(connection: sqlite3.Connection, meta: Metadata) -> int:
    """Insert profile, resolution, EXIF and the rest once."""
    digest = meta.digest
    found = connection.execute("SELECT id FROM meta WHERE digest=?", (digest,)).fetchone()
    if found is not None:
        return int(found[0])
    dpi, text = values.dump_meta_text(meta)
    row = connection.execute(
        "INSERT INTO meta(digest, icc, exif, xmp, dpi, text) VALUES(?,?,?,?,?,?)",
        (digest, meta.icc, meta.exif, meta.xmp, dpi, text),
    ).lastrowid
    assert row is not None
    return row


def put_selection(connection: sqlite3.Connection, selection: Selection | None) -> str | None:
    """Insert a selection's coverage once; its digest."""
    if selection is None:
        return None
    digest = selection.digest
    found = connection.execute("SELECT 1 FROM selection WHERE digest=?", (digest,)).fetchone()
    if found is None:
        connection.execute(
            "INSERT INTO selection(digest, image) VALUES(?,?)",
            (digest, put_image(connection, selection.coverage)),
        )
    return digest


def put_patch(connection: sqlite3.Connection, patch: Patch) -> int:
    """Insert a patch once."""
    digest = patch.digest
    found = connection.execute("SELECT id FROM patch WHERE digest=?", (digest,)).fetchone()
    if found is not None:
        return int(found[0])
    pixels = patch.pixels
    packed: tuple[object, ...] = (None,) * 6
    if pixels is not None:
        data = codec.encode(np.ascontiguousarray(pixels))
        packed = (*pixels.shape, pixels.dtype.name, codec.ROWS, data)
    row = connection.execute(
        "INSERT INTO patch(digest, parameters, placement, height, width, channels, dtype, codec,"
        " data) VALUES(?,?,?,?,?,?,?,?,?)",
        (
            digest,
            values.dump_settings(patch.parameters),
            values.dump_placement(patch.placement),
            *packed,
        ),
    ).lastrowid
    assert row is not None
    return row


def put_candidate(connection: sqlite3.Connection, candidate: Candidate) -> int:
    """Insert a candidate once; the same request with other pixels is another row."""
    patch = put_patch(connection, candidate.patch)
    key, request, recorded = values.known_candidate(candidate)
    found = connection.execute(
        "SELECT id FROM candidate WHERE key=? AND patch=?", (key, patch)
    ).fetchone()
    if found is not None:
        return int(found[0])
    row = connection.execute(
        "INSERT INTO candidate(key, patch, request, recorded) VALUES(?,?,?,?)",
        (key, patch, request, recorded),
    ).lastrowid
    assert row is not None
    return row


def put_job(
    connection: sqlite3.Connection, job: str, parent: str, selection: Selection | None, when: float
) -> None:
    """Insert the job that results belong to, once."""
    if connection.execute("SELECT 1 FROM job WHERE id=?", (job,)).fetchone() is None:
        connection.execute(
            "INSERT INTO job(id, parent, selection, time) VALUES(?,?,?,?)",
            (job, parent, put_selection(connection, selection), when),
        )


def put_result(
    connection: sqlite3.Connection, job: str, place: int, candidate: Candidate, when: float
) -> None:
    """Insert one shown candidate of a job."""
    connection.execute(
        "INSERT INTO result(job, place, candidate, time) VALUES(?,?,?,?)",
        (job, place, put_candidate(connection, candidate), when),
    )


def put_score(connection: sqlite3.Connection, job: str, value: str) -> None:
    """Insert one score; the newest of a key counts."""
    connection.execute("INSERT INTO score(job, value) VALUES(?,?)", (job, value))


def put_ranking(connection: sqlite3.Connection, job: str, value: str) -> None:
    """Insert a ranking; the newest of a job counts."""
    connection.execute("INSERT INTO ranking(job, value) VALUES(?,?)", (job, value))


def put_node(connection: sqlite3.Connection, node: HistoryNode) -> None:
    """Insert a node without its pixels, and what made it."""
    connection.execute(
        "INSERT INTO node(id, parent, kind, label, opacity, selection, paint, ranking, time)"
        " VALUES(?,?,?,?,?,?,?,?,?)",
        (
            node.id,
            node.parent,
            node.kind,
            values.clean(node.label),
            float(node.opacity),
            put_selection(connection, node.selection),
            put_selection(connection, node.paint),
            values.dump_ranking(node.ranking),
            float(node.time),
        ),
    )
    for role, candidates in (("made", node.candidates), ("sibling", node.siblings)):
        connection.executemany(
            "INSERT INTO node_candidate(node, role, place, candidate) VALUES(?,?,?,?)",
            [
                (node.id, role, place, put_candidate(connection, candidate))
                for place, candidate in enumerate(candidates)
            ],
        )


def put_layers(connection: sqlite3.Connection, node_id: str, picture: Picture) -> None:
    """Insert a node's picture; from this row on the node has pixels."""
    if has_picture(connection, node_id):
        return  # made twice, for instance re-rendered while the first writing was under way
    for place, layer in enumerate(picture.layers):
        connection.execute(
            "INSERT INTO layer(node, place, image, mask, opacity, blend, name, visible)"
            " VALUES(?,?,?,?,?,?,?,?)",
            (
                node_id,
                place,
                put_image(connection, layer.image),
                put_selection(connection, layer.mask),
                float(layer.opacity),
                layer.blend,
                values.clean(layer.name),
                int(layer.visible),
            ),
        )


def has_picture(connection: sqlite3.Connection, node_id: str) -> bool:
    """True if the node's pixels are in the file."""
    found = connection.execute("SELECT 1 FROM layer WHERE node=? LIMIT 1", (node_id,)).fetchone()
    return found is not None


def put_source(connection: sqlite3.Connection, node_id: str, source: SourceFile) -> None:
    """Keep what a node was opened from."""
    data = source.data if source.data and len(source.data) <= SOURCE_CAP else None
    connection.execute(
        "INSERT INTO source(node, name, format, digest, data) VALUES(?,?,?,?,?)",
        (node_id, values.clean(source.name), source.format, data and bytes_digest(data), data),
    )


def bytes_digest(data: bytes) -> str:
    """Hex BLAKE2b of a file's bytes."""
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def put_event(connection: sqlite3.Connection, kind: str, node: str | None, value: object) -> None:
    """Append to the log of head, stars, names and the like.

    Only the newest draft is kept: it changes at every key.
    """
    if kind == "draft":
        connection.execute("DELETE FROM event WHERE kind='draft'")
    connection.execute(
        "INSERT INTO event(kind, node, value, time) VALUES(?,?,?,?)",
        (kind, node, values.dump(value), time.time()),
    )


def images_of(picture: Picture) -> tuple[Image, ...]:
    """Every image a picture holds, masks included."""
    masks = (layer.mask.coverage for layer in picture.layers if layer.mask is not None)
    return (*(layer.image for layer in picture.layers), *masks)
