"""What the numbers of a run mean: pure NumPy, no files, no network, no drawing."""

from core.analysis.confusion import (
    ClassReport,
    Scores,
    class_report,
    confusion_matrix,
    normalize_rows,
)
from core.analysis.curves import (
    best_epoch,
    gap,
    lower_is_better,
    seconds_left,
    seconds_per_epoch,
    smooth,
)
from core.analysis.diagnosis import Diagnosis, Facts, Verdict, diagnose
from core.analysis.intervals import Interval, Score, difference
from core.analysis.kept import kept_epoch
from core.analysis.predictions import Predictions, Regression

__all__ = [
    "ClassReport",
    "Diagnosis",
    "Facts",
    "Interval",
    "Predictions",
    "Regression",
    "Score",
    "Scores",
    "Verdict",
    "best_epoch",
    "class_report",
    "confusion_matrix",
    "diagnose",
    "difference",
    "gap",
    "kept_epoch",
    "lower_is_better",
    "normalize_rows",
    "seconds_left",
    "seconds_per_epoch",
    "smooth",
]
