"""`Jobs`: sends runs to worker processes and looks after them until they end."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Literal

import distributed
from distributed import Client

from core.errors import StoreUnavailable, WorkersUnavailable
from core.jobs import cluster
from core.jobs.afterwards import end_job, evaluate_job
from core.jobs.mail import TOPIC, Mailroom
from core.jobs.queue import next_run
from core.jobs.reasons import failure, killed
from core.jobs.retests import Retests
from core.jobs.work import run_job
from core.jobs.workplace import Places
from core.records import Status
from core.runs import RunStore
from core.settings import Settings

BEAT_S = 2.0
ABANDONED_AFTER_S = 12.0
LOSSES = 4  # of workers in one epoch of a run, before it is given up
_log = logging.getLogger(__name__)


class Jobs:
    """The web process's side of training: a local Dask cluster and the runs sent to it.

    Workers start in the background, each with TensorFlow imported before it takes work. A run
    that is submitted meanwhile waits. One task a worker: runs beyond that wait in order.
    """

    def __init__(self, store: RunStore, settings: Settings, mailroom: Mailroom) -> None:
        self._store, self._settings, self._mailroom = store, settings, mailroom
        self._retests = Retests()
        self._waiting: set[str] = set()
        self._tasks: dict[str, distributed.Future] = {}
        self._unsettled: list[tuple[str, str, BaseException | None]] = []
        self._adopts_from = 0.0
        self._seen: tuple[cluster.Worker, ...] = ()
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(1, "epochscope-start")
        self._places = None  # where the workers of another cluster keep things, they know
        if settings.scheduler is None:
            self._places = Places(settings.database_url, settings.artifacts_url)
        self._connect()
        threading.Thread(target=self._look_after, name="epochscope-beat", daemon=True).start()

    @property
    def state(self) -> Literal["starting", "ready", "broken"]:
        """Whether training processes can take work."""
        if not self._client.done():
            return "starting"
        return "broken" if self._client.exception() else "ready"

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Block until workers can take work; False when they cannot after `timeout_s`."""
        try:
            return self._client.exception(timeout_s) is None
        except NotYet:
            return False

    def submit(self, run_id: str) -> None:
        """Queue a run; it starts as soon as a worker is free."""
        with self._lock:
            self._waiting.add(run_id)
        self._dispatch()

    def pause(self, run_id: str) -> bool:
        """Pause a run within a second; False when it is over."""
        return self._store.pause(run_id)

    def resume(self, run_id: str, *, step: bool = False) -> bool:
        """Go on with a paused run, with `step` for one epoch; False when it is not paused.

        Raises:
            LimitExceeded: too many runs of its owner wait or train.
        """
        most = self._settings.limits.queued
        changed = self._store.resume(run_id, step=step, most=most)
        if changed and self._store.get(run_id).status is Status.QUEUED:
            self.submit(run_id)
        return changed

    def stop(self, run_id: str) -> None:
        """Stop a run: at once when it waits or is paused, else within a second."""
        if not self._store.request_stop(run_id):
            return
        run = self._store.get(run_id)
        if run.status is Status.STOPPED:
            with self._lock:
                self._waiting.discard(run_id)
            if run.checkpoint:
                self._submit_end(run_id)

    def evaluate(
        self, run_id: str, weights: str, visitor: str, timeout_s: float
    ) -> dict[str, float]:
        """Test a finished run's file of weights again, in a worker; the metrics by name.

        Raises:
            RunNotFound: the run or the file is not there.
            LimitExceeded: a test that `visitor` asked for goes on.
            WorkersUnavailable: none is free for `timeout_s` seconds or can start, or it was lost.
        """
        client = self._ready()
        if client is None:
            raise WorkersUnavailable(self.problem or "The training processes are starting.")
        job = partial(client.submit, evaluate_job, run_id, weights, self._places)
        return self._retests.run(visitor, partial(job, pure=False, priority=1), timeout_s)

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(self._client.result().run(os.getpid).values())

    def workers(self) -> tuple[cluster.Worker, ...]:
        """The training processes there were at the last beat; none while they are out of reach."""
        return self._seen if self._ready() else ()

    @property
    def problem(self) -> str | None:
        """Why nothing can be trained now, and what to do; None when it can, or soon will."""
        if self._client.done() and self._client.exception():
            return f"The training processes could not start: {self._client.exception()}."
        if self._settings.scheduler:
            return cluster.problem(self._settings.scheduler, bool(self._ready()), self._seen)
        return None

    def close(self) -> None:
        """End the workers; runs still training are left to be found by the next process."""
        self._closing.set()
        self._client.add_done_callback(_end)  # at once, or as soon as they have started
        self._threads.shutdown(wait=False)

    def _start(self) -> Client:
        client = cluster.connect(self._settings, self._closing)
        self._look(client)
        return client

    def _look(self, client: Client) -> None:
        """Keep what the scheduler says of its workers: pages do not wait for its answer.

        A client that lost its scheduler and found it again receives no events: it asks anew.
        """
        self._seen = cluster.workers(client)
        with suppress(*cluster.AWAY):
            client.subscribe_topic(TOPIC, self._mailroom.deliver)

    def _connect(self) -> None:
        """Look for the cluster, in the background."""
        self._client = self._threads.submit(self._start)
        self._client.add_done_callback(lambda _: self._dispatch())

    def _connect_anew(self) -> None:
        """Let go of a client whose scheduler went away, and look for the scheduler."""
        if not self._client.exception():
            self._threads.submit(cluster.end, self._client.result())
        self._connect()

    def _ready(self) -> Client | None:
        """The client, where the cluster can be reached."""
        if not self._client.done() or self._client.exception():
            return None
        client = self._client.result()
        return client if cluster.answers(client) else None

    def slots(self) -> int:
        """How many runs can train at once."""
        if self._settings.scheduler is None:
            return self._settings.workers
        return len(self.workers())

    def _dispatch(self) -> None:
        """Send waiting runs to workers that are free, in the order of the queue."""
        if self._client.done() and self._client.exception():
            while self._waiting:
                self._fail(self._waiting.pop(), self.problem or "")
        client = self._ready()
        if client is None or self._closing.is_set():
            return
        # Looked at again at the next beat.
        with self._lock, suppress(StoreUnavailable, *cluster.AWAY):
            while self._waiting and len(self._tasks) < self.slots():
                line = self._store.line()
                ours = tuple(run for run in line.waiting if run.id in self._waiting)
                run_id = next_run(replace(line, waiting=ours))
                if run_id is None:  # all were stopped or paused
                    self._waiting.clear()
                    return
                self._send(client, run_id)
                self._waiting.discard(run_id)

    def _send(self, client: Client, run_id: str) -> None:
        # A key of its own: Dask would take a run that goes on for the one it knows.
        key = f"run-{run_id}-{secrets.token_hex(4)}"
        task = client.submit(run_job, run_id, self._places, key, key=key, pure=False)
        self._tasks[run_id] = task
        _log.info("sent to a worker", extra={"run": run_id})
        task.add_done_callback(lambda done: self._ended(run_id, done))

    def _submit_end(self, run_id: str) -> None:
        client = self._ready()
        if client:
            task = client.submit(end_job, run_id, self._places, pure=False, priority=1)
            distributed.fire_and_forget(task)

    def _ended(self, run_id: str, task: distributed.Future) -> None:
        """Called in a thread of Dask's when a task is over, however it ended."""
        with self._lock:
            # A run that was paused and resumed at once may be with its next worker already.
            is_current = run_id in self._tasks and self._tasks[run_id].key == task.key
            if is_current:
                del self._tasks[run_id]
        if self._closing.is_set():
            return
        if is_current:
            error = task.exception() if task.status == "error" else None
            try:
                self._settle(run_id, task.key, error)
            except StoreUnavailable:
                _log.exception("could not store how the run ended", extra={"run": run_id})
                self._unsettled.append((run_id, task.key, error))
        self._dispatch()

    def _settle(self, run_id: str, task: str, error: BaseException | None) -> None:
        """See to it that a run whose task is over goes on, or has an end in the store.

        A run that another web process has taken over meanwhile is that one's to look after.
        """
        if error and not isinstance(error, distributed.KilledWorker):
            self._store.fail(run_id, failure(error), task)
            return
        if self._store.get(run_id).status is Status.RUNNING:
            # Its worker went away: it goes on from its last checkpoint.
            if self._store.restart(run_id, LOSSES, task):
                _log.warning("the run lost its worker and goes on", extra={"run": run_id})
            elif self._store.fail(run_id, killed(LOSSES + 1), task):
                self._submit_end(run_id)
        if self._store.get(run_id).status is Status.QUEUED:
            with self._lock:
                self._waiting.add(run_id)

    def _fail(self, run_id: str, reason: str) -> None:
        try:
            self._store.settle(run_id, Status.FAILED, f"{reason} Press Train to run it again.")
        except StoreUnavailable:
            _log.exception("could not store that the run failed", extra={"run": run_id})

    def _look_after(self) -> None:
        """Beat for the runs of this process, and adopt those of one that went away."""
        while not self._closing.wait(BEAT_S):
            try:
                with self._lock:
                    mine = {*self._tasks, *self._waiting}
                self._store.beat(mine)
                while self._unsettled:  # each until it is stored
                    self._settle(*self._unsettled[0])
                    del self._unsettled[0]
                if time.monotonic() >= self._adopts_from:
                    self._adopt()
            except StoreUnavailable as error:
                # Others could not beat either: what looks abandoned then is not.
                self._adopts_from = time.monotonic() + ABANDONED_AFTER_S
                _log.warning("could not look after the runs: %s", error)
            except Exception:  # noqa: BLE001 - runs go on being looked after, whatever it was
                _log.exception("could not look after the runs")
            if client := self._ready():
                self._look(client)
            elif self._lost():
                with suppress(RuntimeError):  # closed meanwhile: nothing can be begun
                    self._connect_anew()
            self._dispatch()

    def _adopt(self) -> None:
        for run_id in self._store.adopt(ABANDONED_AFTER_S):
            _log.warning("left by another process, the run goes on", extra={"run": run_id})
            self.submit(run_id)

    def _lost(self) -> bool:
        """Whether a scheduler that is not ours went away."""
        return bool(self._settings.scheduler) and self._client.done()


def _end(client: Future[Client]) -> None:
    if not client.exception():
        cluster.end(client.result())
