from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from inference.ipc.child_process import Child
from inference.ipc.client import CANCEL_LIMIT, EngineClient
from inference.request.jobs import (
    CandidateReady,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    Planned,
    Prepared,
    Preview,
    Priority,
    Progress,
)
from tests.inference.engine_cases import (
    SLOW_CHILD,
    ends_of,
    picture,
    slow_client,
    slow_job,
    until_all_end,
    until_end,
    until_hanging,
    until_ready,
)

LINUX = sys.platform.startswith("linux")


def test_job_in_events_out(client: EngineClient) -> None:
    image = picture()
    job = slow_job(image, steps=3)
    client.submit(job)
    events = until_end(client, job.id)
    assert [type(e) for e in events] == [
        Prepared,
        Planned,
        *[Progress] * 3,
        CandidateReady,
        JobFinished,
    ]
    assert [e.step for e in events if isinstance(e, Progress)] == [1, 2, 3]
    made = dict(next(e for e in events if isinstance(e, CandidateReady)).candidate.patch.parameters)
    assert made["digest"] == image.pixel_digest
    assert made["total"] == int(image.array().sum())


def test_only_unknown_tiles_cross_and_nothing_stays_on_disk(
    client: EngineClient, tmp_path: Path
) -> None:
    image = picture(600, 600)
    sent = []
    publish = client._publisher.publish
    client._publisher.publish = lambda *a: sent.append(publish(*a)) or sent[-1]  # type: ignore
    changed = image.replace(image.tile_rect(0, 0), 255 - image.read(image.tile_rect(0, 0)))
    for source in (image, image, changed):
        job = slow_job(source, steps=0)
        client.submit(job)
        assert isinstance(until_end(client, job.id)[-1], JobFinished)
    assert [len(ref.new) for ref in sent] == [9, 0, 1]
    assert list((tmp_path / "home" / "scratch").iterdir()) == []


def test_tiles_over_budget_are_dropped_and_sent_again(tmp_path: Path) -> None:
    one, two = picture(seed=1), picture(seed=2)
    with slow_client(tmp_path, budget=one.nbytes + 1) as client:
        for source in (one, two, one, two):
            job = slow_job(source, steps=0)
            client.submit(job)
            made = until_end(client, job.id)
            assert isinstance(made[-1], JobFinished), made[-1]
        assert sum(client._publisher._sizes.values()) <= one.nbytes + 1


def test_cancel_in_the_queue_while_starting(client: EngineClient) -> None:
    job = slow_job(picture())
    client.submit(job)
    client.cancel(job.id)
    assert until_end(client, job.id) == [JobCancelled(job.id)]


@pytest.mark.usefixtures("patient")
def test_cancel_while_editing(client: EngineClient) -> None:
    job = slow_job(picture(), steps=100)
    client.submit(job)
    while not any(isinstance(e, Progress) for e in client.poll(5)):
        pass
    pid = client.pid
    client.cancel(job.id)
    assert isinstance(until_end(client, job.id)[-1], JobCancelled)
    assert client.pid == pid, "a child that answers is kept"


def test_cancel_of_a_child_that_does_not_answer_ends_it(client: EngineClient) -> None:
    until_ready(client)
    job = until_hanging(client)
    pid = client.pid
    client.cancel(job.id)
    assert CANCEL_LIMIT < 1.0, "what an artist is promised"
    assert isinstance(until_end(client, job.id)[-1], JobCancelled)
    until_ready(client)
    assert client.pid != pid
    again = slow_job(picture(), steps=1)
    client.submit(again)
    assert isinstance(until_end(client, again.id)[-1], JobFinished)


def test_whoever_cancelled_hears_it_before_the_child_is_reaped(
    client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_ready(client)
    job = until_hanging(client)
    reaped: list[int] = []
    end = Child.end

    def noted(child: Child) -> str:
        reaped.append(child.pid)
        return end(child)

    monkeypatch.setattr(Child, "end", noted)
    monkeypatch.setattr("inference.ipc.client.CANCEL_LIMIT", 0.0)
    pid = client.pid
    client.cancel(job.id)
    events: list[Event] = []
    while not events:
        events = client.poll(5)
    assert events == [JobCancelled(job.id)]
    assert reaped == []
    again = slow_job(picture(), steps=1)
    client.submit(again)
    assert isinstance(until_end(client, again.id)[-1], JobFinished)
    assert reaped == [pid]


def test_cancel_while_pixels_are_being_published(
    client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_ready(client)
    job = slow_job(picture(1000, 1000))
    write, written = os.write, []

    def slow_write(descriptor: int, data: memoryview) -> int:
        written.append(1)
        if len(written) == 3:
            client.cancel(job.id)
        return write(descriptor, data)

    monkeypatch.setattr("inference.ipc.pixel_transport.os.write", slow_write)
    client.submit(job)
    assert isinstance(until_end(client, job.id)[-1], JobCancelled)
    assert len(written) < 8
    monkeypatch.undo()
    again = slow_job(picture(1000, 1000), steps=0)
    client.submit(again)
    assert isinstance(until_end(client, again.id)[-1], JobFinished)


def test_cancel_of_ended_and_unknown_jobs_does_nothing(client: EngineClient) -> None:
    job = slow_job(picture(), steps=0)
    client.submit(job)
    until_end(client, job.id)
    client.cancel(job.id)
    client.cancel("no such job")
    assert client.poll(0.1) == []
    other = slow_job(picture(), steps=1)
    client.submit(other)
    assert isinstance(until_end(client, other.id)[-1], JobFinished)


def test_a_dead_child_is_one_failed_event_and_a_restart(client: EngineClient) -> None:
    job, waiting = slow_job(picture(), print=True), slow_job(picture(), steps=1)
    client.submit(job)
    client.submit(waiting)
    events = until_all_end(client, [job.id, waiting.id])
    (end,) = ends_of(events, job.id)
    assert isinstance(end, JobFailed)
    assert end.kind == "engine_stopped"
    assert str(end.message) == "The image engine stopped and was started again. Nothing is lost."
    assert str(end.fix) == "Run again"
    assert "exit code: 4" in end.details
    assert "last words" in end.details
    assert isinstance(ends_of(events, waiting.id)[0], JobFinished), "the queue goes on"


@pytest.mark.parametrize("seen", [0, 1, 3, "hangs", "ended"])
def test_child_killed_at_any_moment(client: EngineClient, seen: int | str) -> None:
    """After so many events of a job, in a call that hangs, after the end: one end each time."""
    rng = random.Random(7)
    for round_ in range(4):
        job = slow_job(picture(seed=round_), steps=4, hang=seen == "hangs")
        client.submit(job)
        wanted = seen if isinstance(seen, int) else 1
        events: list[Event] = []
        while len(events) < wanted or (seen == "ended" and not ends_of(events, job.id)):
            events += [event for event in client.poll(0.2) if event.job_id == job.id]
        time.sleep(rng.uniform(0, 0.1))
        pid = client.pid
        client.kill()
        if not ends_of(events, job.id):
            events += until_end(client, job.id)
        (end,) = ends_of(events, job.id)
        if isinstance(seen, str):
            assert isinstance(end, JobFinished if seen == "ended" else JobFailed)
        while pid is not None and client.pid == pid:  # the kill may show only now
            client.poll(0.1)
    job = slow_job(picture(), steps=1)
    client.submit(job)
    assert isinstance(until_end(client, job.id)[-1], JobFinished)


def test_a_bug_is_told_and_the_child_lives_on(client: EngineClient) -> None:
    job = slow_job(picture(), None, **{"raise": True})
    client.submit(job)
    end = until_end(client, job.id)[-1]
    assert isinstance(end, JobFailed)
    assert (end.kind, str(end.fix)) == ("bug", "Copy details")
    assert "ValueError: as asked" in end.details
    pid = client.pid
    again = slow_job(picture(), steps=0)
    client.submit(again)
    assert isinstance(until_end(client, again.id)[-1], JobFinished)
    assert client.pid == pid


def test_edits_go_before_previews_and_take_their_place(client: EngineClient) -> None:
    preview = slow_job(picture(), {"priority": Priority.PREVIEW}, steps=50)
    later = slow_job(picture(), {"priority": Priority.PREVIEW}, steps=0)
    edit = slow_job(picture(), steps=1)
    client.submit(preview)
    while not any(isinstance(e, Progress) for e in client.poll(5)):
        pass
    client.submit(later)
    client.submit(edit)
    events = until_all_end(client, [preview.id, later.id, edit.id])
    order = [(e.job_id, type(e)) for e in events if isinstance(e, (JobFinished, JobCancelled))]
    assert order == [
        (preview.id, JobCancelled),
        (edit.id, JobFinished),
        (later.id, JobFinished),
    ]
    assert not any(isinstance(e, Preview) for e in events)


def test_garbage_to_the_child_is_survived(client: EngineClient) -> None:
    until_ready(client)
    pid = client.pid
    assert client._child is not None
    for junk in (b"", b"\x80\x05garbage", os.urandom(5000)):
        client._child.connection.send_bytes(junk)
    client._child.connection.send({"not": "an order"})
    job = slow_job(picture(), steps=1)
    client.submit(job)
    assert isinstance(until_end(client, job.id)[-1], JobFinished)
    assert client.pid == pid


def test_garbage_from_the_child_ends_it(tmp_path: Path) -> None:
    script = (
        "import sys; from multiprocessing.connection import *\n"
        "from inference.ipc.child_process import HELLO\n"
        "c = Connection(int(sys.argv[sys.argv.index('--connection') + 1]))\n"
        "key = sys.stdin.buffer.read(32)\n"
        "c.send_bytes(HELLO); answer_challenge(c, key); deliver_challenge(c, key)\n"
        "c.send_bytes(b'no pickle at all'); sys.stdin.read()\n"
    )
    with EngineClient(tmp_path, command=[sys.executable, "-P", "-c", script]) as client:
        job = slow_job(picture())
        client.submit(job)
        (end,) = until_end(client, job.id)
        assert isinstance(end, JobFailed)
        assert str(end.message) == "The image engine does not start."


def test_a_child_without_the_key_is_not_spoken_to(tmp_path: Path) -> None:
    script = (
        "import sys; from multiprocessing.connection import *\n"
        "from inference.ipc.child_process import HELLO\n"
        "c = Connection(int(sys.argv[sys.argv.index('--connection') + 1]))\n"
        "c.send_bytes(HELLO); answer_challenge(c, b'x' * 32)\n"
    )
    with EngineClient(tmp_path, command=[sys.executable, "-P", "-c", script]) as client:
        job = slow_job(picture())
        client.submit(job)
        (end,) = until_end(client, job.id)
        assert isinstance(end, JobFailed)
        assert not client.is_ready


def test_a_child_that_cannot_start_is_told_once_per_job(tmp_path: Path) -> None:
    for command in ([str(tmp_path / "nothing")], [sys.executable, "-c", "raise SystemExit(5)"]):
        with EngineClient(tmp_path, command=command) as client:
            for _ in range(2):
                job = slow_job(picture())
                client.submit(job)
                (end,) = until_end(client, job.id)
                assert isinstance(end, JobFailed)
                assert end.kind == "engine_stopped"
                assert str(end.message) == "The image engine does not start."


def test_full_disk_fails_the_job_only(
    client: EngineClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    until_ready(client)
    for after in range(0, 6, 2):
        write, written = os.write, []

        def full(descriptor: int, data: memoryview) -> int:
            written.append(1)  # noqa: B023
            if len(written) > after:  # noqa: B023
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(descriptor, data)  # noqa: B023

        monkeypatch.setattr("inference.ipc.pixel_transport.os.write", full)
        job = slow_job(picture(seed=after), steps=0)
        client.submit(job)
        end = until_end(client, job.id)[-1]
        assert isinstance(end, JobFailed)
        assert end.kind == "disk_full"
        monkeypatch.undo()
        assert list((tmp_path / "home" / "scratch").iterdir()) == []
        again = slow_job(picture(seed=after), steps=0)
        client.submit(again)
        assert isinstance(until_end(client, again.id)[-1], JobFinished)


def test_close_does_not_wait_for_the_job(tmp_path: Path) -> None:
    client = slow_client(tmp_path)
    job = until_hanging(client)
    pid = client.pid
    assert pid is not None
    client.close()  # does not wait for the job, which never ends
    assert not psutil.pid_exists(pid)
    client.cancel(job.id)  # late calls from other threads do no harm
    client.submit(job)


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_child_runs_politely_and_keeps_its_key_to_itself(client: EngineClient) -> None:
    until_ready(client)
    child = psutil.Process(client.pid)
    assert child.nice() >= 10
    assert child.net_connections(kind="inet") == []
    assert client._child is not None
    key = client._child._key
    shown = " ".join(child.cmdline()) + str(child.environ())
    assert key.hex() not in shown
    assert repr(key)[2:-1] not in shown


@pytest.mark.skipif(not LINUX, reason="SIGKILL")
def test_child_ends_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from inference.ipc.client import EngineClient\n"
        f"c = EngineClient(Path({str(tmp_path)!r}), command={SLOW_CHILD!r}); c.start()\n"
        "while not c.is_ready: c.poll(0.1)\n"
        "from tests.inference.engine_cases import *\n"
        "until_hanging(c); print(c.pid, flush=True); sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    child = psutil.Process(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    while _runs(child):  # it hangs in its job: only the closed connection can end it
        time.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    """An orphan that ended may stay a zombie where nobody reaps it (containers)."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
