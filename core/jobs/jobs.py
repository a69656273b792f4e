"""`Jobs`: sends runs to worker processes and looks after them until they end."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Literal

import dask
import distributed
from distributed import Client, LocalCluster

from core.errors import StoreUnavailable, WorkersUnavailable
from core.jobs.mail import TOPIC, Mailroom
from core.jobs.work import evaluate_job, results_job, run_job
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
        self._waiting: dict[str, None] = {}  # runs in order
        self._tasks: dict[str, distributed.Future] = {}
        self._unsettled: list[tuple[str, distributed.Future]] = []
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(1, "epochscope-start")
        self._client: Future[Client] = self._threads.submit(self._start)
        self._client.add_done_callback(lambda _: self._dispatch())
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
            self._waiting[run_id] = None
        self._dispatch()

    def pause(self, run_id: str) -> bool:
        """Lay a run down within a second; False when it is over."""
        return self._store.pause(run_id)

    def resume(self, run_id: str, *, step: bool = False) -> bool:
        """Go on with a paused run, with `step` for one epoch; False when it is not paused."""
        changed = self._store.resume(run_id, step=step)
        if changed and self._store.get(run_id).status is Status.QUEUED:
            self.submit(run_id)
        return changed

    def stop(self, run_id: str) -> None:
        """Stop a run: at once when it waits or is paused, else within a second."""
        if not self._store.cancel(run_id):
            self._store.request_stop(run_id)
            return
        with self._lock:
            self._waiting.pop(run_id, None)
        if self._store.get(run_id).checkpoint:
            self._submit_results(run_id)

    def evaluate(self, run_id: str, weights: str, timeout_s: float) -> dict[str, float]:
        """Test a finished run's file of weights again, in a worker; the metrics by name.

        Raises:
            RunNotFound: the run or the file is not there.
            WorkersUnavailable: no worker was free for `timeout_s` seconds, or none can start.
        """
        error = self._client.exception()
        if error:
            raise WorkersUnavailable(f"The training processes could not start: {error}.")
        task = self._client.result().submit(
            evaluate_job,
            run_id,
            weights,
            self._settings.database_url,
            self._settings.artifacts_url,
            pure=False,
            priority=1,
        )
        try:
            found: dict[str, float] = task.result(timeout_s)
        except TimeoutError:
            task.cancel()
            raise WorkersUnavailable(
                "All training processes are busy. Try again when a run has ended."
            ) from None
        return found

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(self._client.result().run(os.getpid).values())

    def close(self) -> None:
        """End the workers; runs still training are left to be found as abandoned."""
        self._closing.set()
        self._client.add_done_callback(_end)  # at once, or as soon as they have started
        self._threads.shutdown(wait=False)

    def _start(self) -> Client:
        dask.config.set(
            {
                # A run whose worker died is looked at here before it goes on.
                "distributed.scheduler.allowed-failures": 0,
                # Never hand a worker a run while it trains another; one that is free takes it.
                "distributed.scheduler.worker-saturation": 1.0,
                # A worker that is restarted imports TensorFlow before it is back; after Dask's
                # 15 s a busy computer would have lost it for good.
                "distributed.deploy.lost-worker-timeout": "1 hour",
            }
        )
        cluster = LocalCluster(
            n_workers=self._settings.workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            preload=["core.jobs.warm"],
            local_directory=str(self._settings.home / "workers"),
        )
        client = Client(cluster)
        client.subscribe_topic(TOPIC, self._mailroom.deliver)
        return client

    def _dispatch(self) -> None:
        """Send waiting runs to workers that are free."""
        if not self._client.done() or self._closing.is_set():
            return
        error = self._client.exception()
        with self._lock:
            while self._waiting and (error or len(self._tasks) < self._settings.workers):
                run_id = next(iter(self._waiting))
                del self._waiting[run_id]
                if error:
                    self._fail(run_id, f"The training processes could not start: {error}.")
                else:
                    self._send(run_id)

    def _send(self, run_id: str) -> None:
        task = self._client.result().submit(
            run_job,
            run_id,
            self._settings.database_url,
            self._settings.artifacts_url,
            key=f"run-{run_id}-{secrets.token_hex(4)}",
            pure=False,
        )
        self._tasks[run_id] = task
        _log.info("sent to a worker", extra={"run": run_id})
        task.add_done_callback(lambda done: self._ended(run_id, done))

    def _submit_results(self, run_id: str) -> None:
        if self.state == "ready":
            task = self._client.result().submit(
                results_job,
                run_id,
                self._settings.database_url,
                self._settings.artifacts_url,
                pure=False,
                priority=1,
            )
            distributed.fire_and_forget(task)

    def _ended(self, run_id: str, task: distributed.Future) -> None:
        """Called in a thread of Dask's when a task is over, however it ended."""
        with self._lock:
            self._tasks.pop(run_id, None)
        if self._closing.is_set():
            return
        try:
            self._settle(run_id, task)
        except StoreUnavailable:
            _log.exception("could not store how the run ended", extra={"run": run_id})
            with self._lock:
                self._unsettled.append((run_id, task))
        self._dispatch()

    def _settle(self, run_id: str, task: distributed.Future) -> None:
        """See to it that a run whose task is over goes on, or has an end in the store."""
        if task.status == "error" and not isinstance(task.exception(), distributed.KilledWorker):
            self._store.settle(run_id, Status.FAILED, _defect(task.exception()))
            return
        if self._store.get(run_id).status is Status.RUNNING:
            # Its worker went away: it goes on from its last checkpoint.
            if not self._store.restart(run_id, LOSSES):
                self._store.settle(run_id, Status.FAILED, _KILLED)
                return
            _log.warning("the run lost its worker and goes on", extra={"run": run_id})
        if self._store.get(run_id).status is Status.QUEUED:
            with self._lock:
                self._waiting[run_id] = None

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
                    unsettled, self._unsettled = self._unsettled, []
                self._store.beat(mine)
                for run_id, task in unsettled:
                    self._settle(run_id, task)
                for run_id in self._store.adopt(ABANDONED_AFTER_S):
                    _log.warning("left by another process, the run goes on", extra={"run": run_id})
                    self.submit(run_id)
            except StoreUnavailable as error:
                _log.warning("could not look after the runs: %s", error)
            self._dispatch()


def _end(client: Future[Client]) -> None:
    if client.exception():
        return
    cluster = client.result().cluster
    client.result().close()
    cluster.close()


_KILLED = (
    f"The training process ended without warning {LOSSES + 1} times in the same epoch, most often "
    "because the computer ran out of memory. The epochs up to then are kept. Try a smaller batch "
    "size or model, then press Train."
)


def _defect(error: BaseException) -> str:
    return (
        f"Training ended with an unexpected error ({type(error).__name__}: {error}). This is a "
        "defect of Epochscope; please report it. Press Train to run it again."
    )
