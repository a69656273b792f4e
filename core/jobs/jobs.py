"""`Jobs`: sends runs to worker processes and looks after them until they end."""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Literal

import dask
import distributed
from distributed import Client, LocalCluster

from core.errors import StoreUnavailable, WorkersUnavailable
from core.jobs.mail import TOPIC, Mailroom
from core.jobs.work import evaluate_job, run_job
from core.records import Status
from core.runs import RunStore
from core.settings import Settings

BEAT_S = 5.0
ABANDONED_AFTER_S = 30.0
_log = logging.getLogger(__name__)


class Jobs:
    """The web process's side of training: a local Dask cluster and the runs sent to it.

    Workers start in the background, each with TensorFlow imported before it takes work. A run
    that is submitted meanwhile waits. One task a worker: runs beyond that wait in order.
    """

    def __init__(self, store: RunStore, settings: Settings, mailroom: Mailroom) -> None:
        self._store, self._settings, self._mailroom = store, settings, mailroom
        self._tasks: dict[str, distributed.Future] = {}
        self._waiting: set[str] = set()
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(1, "epochscope-start")
        self._client: Future[Client] = self._threads.submit(self._start)
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
        self._waiting.add(run_id)
        self._client.add_done_callback(lambda client: self._send(run_id, client))

    def stop(self, run_id: str) -> None:
        """Stop a run: at once when it waits, else within a fraction of a second."""
        if self._store.cancel(run_id):
            task = self._tasks.get(run_id)
            if task is not None:
                task.cancel()
            return
        self._store.request_stop(run_id)

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
                # A worker that died would die again: the run fails, with the reason.
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

    def _send(self, run_id: str, client: Future[Client]) -> None:
        error = client.exception()
        if error:
            self._settle_lost(run_id, f"The training processes could not start: {error}.")
            return
        task = client.result().submit(
            run_job,
            run_id,
            self._settings.database_url,
            self._settings.artifacts_url,
            key=f"run-{run_id}",
            pure=False,
        )
        self._tasks[run_id] = task
        self._waiting.discard(run_id)
        task.add_done_callback(lambda done: self._ended(run_id, done))

    def _ended(self, run_id: str, task: distributed.Future) -> None:
        """Called in a thread of Dask's when a task is over, however it ended."""
        self._tasks.pop(run_id, None)
        if task.status == "error":
            self._settle_lost(run_id, _reason(task.exception()))
        elif task.status != "finished" and not self._closing.is_set():
            self._settle_lost(run_id, "The connection to the training process was lost.")

    def _settle_lost(self, run_id: str, reason: str) -> None:
        try:
            self._store.settle(run_id, Status.FAILED, f"{reason} Press Train to run it again.")
        except StoreUnavailable:
            _log.exception("run %s: could not store that it failed", run_id)

    def _look_after(self) -> None:
        """Beat for the runs sent from here; fail those whose process went away."""
        while not self._closing.wait(BEAT_S):
            try:
                self._store.beat({*self._tasks, *self._waiting})
                for run_id in self._store.abandoned(ABANDONED_AFTER_S):
                    self._settle_lost(run_id, "Epochscope was shut down during this run.")
            except StoreUnavailable as error:
                _log.warning("could not look after the runs: %s", error)


def _end(client: Future[Client]) -> None:
    if client.exception():
        return
    cluster = client.result().cluster
    client.result().close()
    cluster.close()


def _reason(error: BaseException) -> str:
    if isinstance(error, distributed.KilledWorker):
        return (
            "The training process ended without warning, most often because the computer ran "
            "out of memory. The epochs up to then are kept. Try a smaller batch size or model."
        )
    return (
        f"Training ended with an unexpected error ({type(error).__name__}: {error}). This is a "
        "defect of Epochscope; please report it."
    )
