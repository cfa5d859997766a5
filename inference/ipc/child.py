from __future__ import annotations

import argparse
import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any, NoReturn

from editor.model.image import Image
from editor.model.selection import Selection
from inference.ipc.child_process import HELLO, KEY_BYTES
from inference.ipc.domains import register_domains
from inference.ipc.pixel_transport import MappedTiles
from inference.ipc.protocol import (
    CancelJob,
    DropTiles,
    FindDevice,
    LimitMemory,
    RunJob,
    SearchModels,
    StandingOrder,
    TilesMapped,
)
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.image_ref import ImageRef
from inference.request.jobs import (
    BUG,
    BUG_FIX,
    ConceptJob,
    EngineReady,
    Job,
    JobFailed,
    RewriteJob,
    SuggestJob,
)
from inference.request.version import VERSION
from inference.workflow.engine import Engine

_IDLE = 0.5
"""Seconds without an order after which the child uses its time to get ready."""


class Server:
    """The child's end: one thread reads orders, the main thread runs jobs one by one."""

    def __init__(
        self, connection: Connection[Any, Any], engine: Engine, tiles: MappedTiles
    ) -> None:
        self._connection = connection
        self._engine = engine
        self._tiles = tiles
        self._orders: queue.SimpleQueue[RunJob | DropTiles | StandingOrder]
        self._orders = queue.SimpleQueue()
        self._tokens: dict[str, CancelToken] = {}
        self._device_sent = False
        self._sending = threading.Lock()

    def send(self, message: object) -> None:
        """Send one message; a closed connection ends the process."""
        try:
            with self._sending:
                self._connection.send(message)
        except OSError:
            leave()

    def listen(self) -> None:
        """Read orders until the connection closes, then end the process: the watchdog.

        A cancel is taken here, while the main thread is inside a job.
        """
        while True:
            try:
                data = self._connection.recv_bytes()
            except (EOFError, OSError):
                leave()
            try:
                order = pickle.loads(data)
            except Exception as error:  # not a message: log it and go on
                print(f"not an order: {error!r}", file=sys.stderr, flush=True)
                continue
            if isinstance(order, CancelJob):
                token = self._tokens.get(order.job_id)
                if token is not None:
                    token.cancel()
            elif isinstance(order, RunJob):
                self._tokens[order.job.id] = CancelToken()
                self._orders.put(order)
            elif isinstance(order, DropTiles | StandingOrder):
                self._orders.put(order)
            else:
                print(f"not an order: {type(order).__name__}", file=sys.stderr, flush=True)

    def serve(self, spare: Iterable[Callable[[], object]] = ()) -> None:
        """Run orders for ever; take a step of `spare` whenever none has come for a while."""
        steps = iter(spare)
        idle: float | None = _IDLE
        while True:
            try:
                order = self._orders.get(timeout=idle)
            except queue.Empty:
                if not self._prepare(steps):
                    idle = None
                continue
            if isinstance(order, DropTiles):
                self._tiles.drop(order.files)
                continue
            if isinstance(order, SearchModels):
                self._engine.models.search_in(order.folders)
                continue
            if isinstance(order, FindDevice):
                self._find_device()
                continue
            if isinstance(order, LimitMemory):
                self._engine.models.limit(order.bytes)
                continue
            job = order.job
            token = self._tokens[job.id]
            try:
                resolved = self._resolved(job)
            except Exception as error:
                self.send(JobFailed(job.id, "bug", BUG, BUG_FIX, repr(error)))
            else:
                self._engine.run(resolved, self.send, token)
            self._tokens.pop(job.id, None)
            self._send_device()

    def _prepare(self, steps: Iterator[Callable[[], object]]) -> bool:
        """Take the next step, if there is one; a failure here shows when the step is needed."""
        step = next(steps, None)
        if step is None:
            return False
        try:
            step()
        except Exception as error:
            print(f"not ready: {error!r}", file=sys.stderr, flush=True)
        self._send_device()
        return True

    def _find_device(self) -> None:
        """Import torch for its list of devices, a second or two, and send what it finds."""
        try:
            _ = self._engine.models.device
        except Exception as error:  # a library that is broken: jobs that need it say so
            print(f"no device: {error!r}", file=sys.stderr, flush=True)
        self._send_device()

    def _send_device(self) -> None:
        """Send where models run, once, when something has found it out."""
        if self._device_sent or not self._engine.models.has_device:
            return
        self._device_sent = True
        info = self._engine.models.device.info
        self.send(EngineReady(info.name, VERSION, os.getpid(), device_info=info))

    def _resolved(self, job: Job) -> Job:
        """The job with pictures in place of references."""
        if isinstance(job, ConceptJob):
            return job
        source = self._image(job.source)
        if isinstance(job, SuggestJob | RewriteJob):
            return replace(job, source=source, domain_picture=self._image(job.domain_picture))
        if not isinstance(job, EditJob):
            return replace(job, source=source)
        assert source is not None
        coverage = self._image(job.selection)
        selection = Selection(coverage) if coverage is not None else None
        domain_picture = self._image(job.domain_picture)
        return replace(job, source=source, selection=selection, domain_picture=domain_picture)

    def _image(self, pixels: object) -> Image | None:
        if pixels is None:
            return None
        if not isinstance(pixels, ImageRef):
            raise TypeError("pictures cross as references")
        image = self._tiles.resolve(pixels)
        if pixels.file:
            self.send(TilesMapped(pixels.file))
        return image


def leave() -> NoReturn:
    """End at once. Nothing here needs saving, and interpreter shutdown takes seconds."""
    os._exit(0)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the child: `--connection HANDLE --home DIR [--models DIR]...`.

    The key comes through standard input. Ends when the connection closes.
    """
    parser = argparse.ArgumentParser(prog="inference.ipc.child")
    parser.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--connection", type=int, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--models", type=Path, action="append", default=[])
    arguments = parser.parse_args(argv)
    if sys.platform != "win32":  # there the parent starts it below normal
        with suppress(OSError):
            os.nice(10)
    key = sys.stdin.buffer.read(KEY_BYTES)
    connection = _connection(arguments.connection)
    try:
        connection.send_bytes(HELLO)
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
    except (OSError, EOFError):
        return 0
    register_domains()
    engine = Engine(ModelStore(arguments.models, arguments.home / "model-digests.json"))
    server = Server(connection, engine, MappedTiles(arguments.home / "scratch"))
    threading.Thread(target=server.listen, name="pentimento-listen", daemon=True).start()
    server.send(EngineReady(engine.device, VERSION, os.getpid()))
    if os.environ.get("PENTIMENTO_NO_WARMUP"):
        server.serve()
    with suppress(ImportError):
        engine.warm_up()
    server.serve(engine.warm_steps())
    return 0


def _connection(handle: int) -> Connection[Any, Any]:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(handle)
    return Connection(handle)


if __name__ == "__main__":
    sys.exit(main())
