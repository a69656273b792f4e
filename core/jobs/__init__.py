"""Where it runs: the Dask cluster, and the way of a run there and of its news back."""

from core.jobs.jobs import Jobs
from core.jobs.mail import PROGRESS_KEY, Inbox, Mailroom
from core.jobs.memory import memory_problem
from core.jobs.results import BEST_PREDICTIONS, BOUNDARY, PREDICTIONS, VALIDATION_PREDICTIONS

__all__ = [
    "BEST_PREDICTIONS",
    "BOUNDARY",
    "PREDICTIONS",
    "PROGRESS_KEY",
    "VALIDATION_PREDICTIONS",
    "Inbox",
    "Jobs",
    "Mailroom",
    "memory_problem",
]
