"""The exceptions Epochscope raises; pages catch `EpochscopeError` and show its text.

    EpochscopeError
    ├── InvalidExperiment        settings that cannot be trained; holds the problems found
    │   └── LimitExceeded        they ask for more than this installation allows
    ├── InvalidSetting           an environment variable that cannot be read
    ├── DatasetUnavailable       the data is not on this computer and could not be fetched
    ├── UnusableUpload           a visitor's own file cannot be made into a dataset
    ├── TrainingError            a run ended early, for a reason the text gives
    │   └── OutOfMemory          the model or one batch did not fit
    ├── RunNotFound              no run has this id
    ├── NotYours                 the run belongs to another visitor, who alone may change it
    ├── OwnDataStaysPrivate      a run on own data cannot be shown to others
    ├── ResultsDamaged           a file of a run is there, but cannot be made sense of
    ├── StoreUnavailable         the run database, or where files are kept, cannot be used just now
    ├── LeaseLost                another worker trains this run now
    └── WorkersUnavailable       no training process can be reached

Every message says what was given, what is allowed and what to do next.
"""

from __future__ import annotations

from typing import NamedTuple

MOST_TOLD = 8  # problems in one message: whoever has mended these sees the next


class Problem(NamedTuple):
    """One thing wrong with an experiment: the field it belongs to and what to do about it."""

    where: tuple[str, ...]
    message: str


class EpochscopeError(Exception):
    """Root of every error that is meant to be read by a visitor."""


class InvalidExperiment(EpochscopeError):
    """The settings cannot be trained."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        shown = [problem.message for problem in problems[:MOST_TOLD]]
        if len(problems) > MOST_TOLD:
            shown.append(f"And {len(problems) - MOST_TOLD:,} more.")
        super().__init__(" ".join(shown))
        self.problems = problems


class LimitExceeded(InvalidExperiment):
    """The settings, or what a visitor has going on, are more than this installation allows."""


class InvalidSetting(EpochscopeError):
    """An environment variable has a value that means nothing."""


class DatasetUnavailable(EpochscopeError):
    """The data is not on this computer and could not be fetched."""


class UnusableUpload(EpochscopeError):
    """A visitor's own file cannot be made into a dataset."""


class TrainingError(EpochscopeError):
    """A run ended before its last epoch."""


class OutOfMemory(TrainingError):
    """The model, or one batch through it, did not fit in memory."""


class RunNotFound(EpochscopeError):
    """No run has the id asked for."""


class NotYours(EpochscopeError):
    """Another visitor started the run."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} is not yours. Only whoever started a run may stop, rename or hide it. "
            "Press Train to start one of your own."
        )


class OwnDataStaysPrivate(EpochscopeError):
    """A run on somebody's own data cannot be shown to others."""

    def __init__(self) -> None:
        super().__init__(
            "A run on your own data stays private: whoever sees a run sees samples of its data. "
            "Train on another dataset to show a run to others."
        )


class ResultsDamaged(EpochscopeError):
    """A file of a run is there, but cannot be made sense of: waiting does not mend it."""


class StoreUnavailable(EpochscopeError):
    """The run database, or the place where files are kept, cannot be read or written just now.

    `cause` says where and why, for whoever runs the server: no visitor reads it.
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause or message


class LeaseLost(EpochscopeError):
    """Another worker has claimed the run, or it is over: this one must not write to it."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} is trained by another worker now, or is over. Nothing is lost: look at "
            "its page."
        )


class WorkersUnavailable(EpochscopeError):
    """No training process can be reached."""
