"""Where it runs: the Dask cluster, and the way of a run there and of its news back."""

from core.jobs.jobs import Jobs
from core.jobs.mail import PROGRESS_KEY, Inbox, Mailroom
from core.jobs.work import BOUNDARY, PREDICTIONS

__all__ = ["BOUNDARY", "PREDICTIONS", "PROGRESS_KEY", "Inbox", "Jobs", "Mailroom"]
