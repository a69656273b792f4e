"""The Dask cluster: one of this process's own, or a scheduler somebody runs."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import dask
from distributed import Client, Future, LocalCluster
from distributed.client import ClosedClientError
from distributed.security import Security

from core.settings import Settings

CONNECT_S = 10
ANSWER_S = 5
RETRY_S = 2.0
_CONFIG = {
    # A run whose worker died is looked at by `Jobs` before it goes on.
    "distributed.scheduler.allowed-failures": 0,
    # Never hand a worker a run while it trains another; one that is free takes it.
    "distributed.scheduler.worker-saturation": 1.0,
    # A worker that is restarted imports TensorFlow before it is back; after Dask's 15 s a busy
    # computer would have lost it for good.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    # Dask looks at what its threads do every 10 ms and keeps the stacks of 1,000 s: objects through
    # which the collection of garbage after each run goes, the longer the more runs there were.
    "distributed.worker.profile.enabled": False,
    # Pages about itself, on a port of each process that anybody on this computer could ask.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # To notice a loop that hangs for 3 s, ten looks a second are enough, not fifty.
    "distributed.admin.tick.interval": "100 ms",
}
# What a call raises whose scheduler went away just now: Dask's own errors, and timeouts too.
AWAY = (OSError, RuntimeError, ClosedClientError)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Worker:
    """One training process: where it listens, its memory, and whether it has a run.

    `memory_limit_bytes` is what Dask lets it take; 0 is no limit.
    """

    address: str
    memory_bytes: int
    busy: bool
    memory_limit_bytes: int = 0


def connect(settings: Settings, closing: threading.Event) -> Client:
    """A client of the scheduler the settings name, waited for until it answers; or of our own.

    Raises:
        RuntimeError: `closing` was set meanwhile.
    """
    dask.config.set(_CONFIG)
    if settings.scheduler is None:
        return Client(_own(settings))
    while not closing.is_set():
        try:
            return Client(settings.scheduler, timeout=CONNECT_S, name="epochscope")
        except OSError as error:  # also Dask's own, and timeouts
            _log.warning("waiting for the scheduler at %s: %s", settings.scheduler, error)
        closing.wait(RETRY_S)
    raise RuntimeError("closed while waiting for the scheduler")


def end(client: Client) -> None:
    """Let go of the cluster; ours ends, with all its workers."""
    cluster = client.cluster
    client.close()
    if cluster is not None:
        cluster.close()


def answers(client: Client) -> bool:
    """Whether the scheduler can be reached now."""
    return bool(client.status == "running")


def workers(client: Client) -> tuple[Worker, ...]:
    """The training processes, as the scheduler saw them last; none where it does not answer."""
    try:
        # As `scheduler_info` does, which would wait for a scheduler that hangs for ever.
        identity = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=ANSWER_S)
    except (*AWAY, AttributeError):  # a client that is closed has no scheduler
        return ()
    found = identity["workers"]
    return tuple(
        Worker(
            address,
            int(worker["metrics"].get("memory", 0)),
            bool(worker["metrics"].get("task_counts", {}).get("executing", 0)),
            int(worker.get("memory_limit") or 0),
        )
        for address, worker in sorted(found.items())
    )


def has_begun(task: Future) -> bool:
    """Whether a worker is at work on the task now; not if that cannot be said."""
    client = task.client
    try:
        # As `Client.call_stack` does, which would wait for a scheduler that hangs for ever.
        ask = client.scheduler.call_stack
        return bool(client.sync(ask, keys=[task.key], callback_timeout=ANSWER_S))
    except (*AWAY, AttributeError, KeyError):  # a scheduler that is gone; a task that is
        return False


def problem(address: str, answering: bool, found: tuple[Worker, ...]) -> str | None:
    """Why the scheduler at `address` has nothing trained, and what to do."""
    if not answering:
        return (
            f"The scheduler at {address} does not answer. Runs wait until it does; check that it "
            "runs and can be reached from here."
        )
    if not found:
        return (
            f"The scheduler at {address} has no training processes. Runs wait until one joins it; "
            "start one, or look into what those there were have printed."
        )
    return None


def _own(settings: Settings) -> LocalCluster:
    """Processes on this computer, which talk by TLS.

    Whoever reaches a scheduler runs code as its user. This one's credentials are made anew at each
    start and never leave its processes: other users of this computer are refused.
    """
    return LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        host="127.0.0.1",
        protocol="tls",
        security=Security.temporary(),
        dashboard_address="127.0.0.1:0",  # it has no pages, see _CONFIG
        silence_logs=logging.CRITICAL,
        preload=["core.jobs.warm"],
        local_directory=str(settings.home / "workers"),
    )
