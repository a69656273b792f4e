"""What a run's curves and facts say about its fit, in plain words and with the numbers behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.analysis.diagnosis import carries, learned, unfit
from core.analysis.diagnosis.facts import Facts
from core.analysis.diagnosis.signs import Signs
from core.analysis.diagnosis.verdict import Diagnosis, Verdict
from core.records import EpochRecord

# In order: the first that finds something gives the verdict.
CHECKS: tuple[Callable[[Signs], Diagnosis | None], ...] = (
    unfit.diverged,
    unfit.too_early,
    unfit.unseen_classes,
    unfit.no_validation,
    unfit.random_labels,
    unfit.unsettled,
    carries.overfitting,
    learned.not_learning,
    learned.at_limit,
    learned.underfitting,
    carries.uncertain,
    carries.test_differs,
)

__all__ = ["Diagnosis", "Facts", "Verdict", "diagnose"]


def diagnose(records: Sequence[EpochRecord], facts: Facts) -> Diagnosis:
    """Judge a run, finished or not, from its epochs and from what else is known of it."""
    signs = Signs.of(records, facts)
    verdicts = (check(signs) for check in CHECKS)
    return next((verdict for verdict in verdicts if verdict), None) or carries.good_fit(signs)
