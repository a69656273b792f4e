"""Whether a larger network has been trained on the same data, and did no better."""

from __future__ import annotations

from core.analysis import Facts, Score, difference
from core.errors import EpochscopeError
from core.records import RunRecord, Status
from core.ui import platform, wording

# Times the parameters.
_LARGER = 1.5
# Better by this much is better: points of accuracy, and share of a loss.
_POINTS, _SHARE = 0.02, 0.05


def name(run: RunRecord, facts: Facts) -> str:
    """The name of such a run, which Markdown shows as it is; empty if there is none."""
    try:
        others = platform.library().recent()
    except EpochscopeError:
        return ""
    found = (one for one in others if _is_larger(one, run) and not _is_better(one, facts))
    one = next(found, None)
    return wording.inert(one.name or one.experiment.model.name) if one else ""


def _is_larger(other: RunRecord, run: RunRecord) -> bool:
    """Whether it had all that `run` had, and more parameters."""
    mine, theirs = run.experiment, other.experiment
    if other.status is not Status.FINISHED or not other.evaluation or other.id == run.id:
        return False
    alike = {"epochs": 1, "loop": "compiled"}
    return (
        (theirs.data, theirs.seed, theirs.loss) == (mine.data, mine.seed, mine.loss)
        and theirs.training.model_copy(update=alike) == mine.training.model_copy(update=alike)
        and other.epochs_done >= run.epochs_done
        and theirs.parameter_count >= _LARGER * mine.parameter_count
    )


def _is_better(other: RunRecord, facts: Facts) -> bool:
    """Whether its test is better, or cannot be compared."""
    if not facts.class_count:
        mine, theirs = facts.evaluation.get("loss"), other.evaluation.get("loss")
        return mine is None or theirs is None or theirs < (1 - _SHARE) * mine
    if not facts.test or "accuracy" not in other.evaluation:
        return True
    score = Score.of(other.evaluation["accuracy"], facts.test.total)
    return difference(score, facts.test).low > 0 or score.share > facts.test.share + _POINTS
