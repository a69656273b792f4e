"""Where it runs: the Dask cluster, and the way of a run there and of its news back."""

from core.jobs.cluster import Worker
from core.jobs.estimate import Estimate, Estimator, of_stored
from core.jobs.jobs import Jobs
from core.jobs.mail import BATCHES_KEY, PROGRESS_KEY, Inbox, Mailroom
from core.jobs.measure import Meter
from core.jobs.memory import memory_problem
from core.jobs.queue import Place, next_run, places
from core.jobs.results import (
    BEST_BOUNDARY,
    BEST_PREDICTIONS,
    BOUNDARY,
    DIVERGENCE,
    KEPT_WEIGHTS,
    LAST_STATE,
    PREDICTIONS,
    VALIDATION_PREDICTIONS,
)

__all__ = [
    "BATCHES_KEY",
    "BEST_BOUNDARY",
    "BEST_PREDICTIONS",
    "BOUNDARY",
    "DIVERGENCE",
    "KEPT_WEIGHTS",
    "LAST_STATE",
    "PREDICTIONS",
    "PROGRESS_KEY",
    "VALIDATION_PREDICTIONS",
    "Estimate",
    "Estimator",
    "Inbox",
    "Jobs",
    "Mailroom",
    "Meter",
    "Place",
    "Worker",
    "memory_problem",
    "next_run",
    "of_stored",
    "places",
]
