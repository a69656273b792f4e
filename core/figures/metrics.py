"""How a metric is named and written: titles, axes and number formats by Keras name."""

from __future__ import annotations

from core.figures.theme import Spec, axis

_TITLES = {
    "loss": "Loss",
    "accuracy": "Accuracy",
    "macro_precision": "Precision, mean of classes",
    "macro_recall": "Recall, mean of classes",
    "macro_f1": "F1, mean of classes",
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "learning_rate": "Learning rate",
}
_SHARES = frozenset({"accuracy", "macro_precision", "macro_recall", "macro_f1"})


def metric_title(metric: str) -> str:
    """A metric's name in plain words, without the `val_` of its Keras name."""
    name = metric.removeprefix("val_")
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def is_share(metric: str) -> bool:
    """Whether a metric runs from 0 to 1 and is shown in percent."""
    return metric.removeprefix("val_") in _SHARES


def hover_format(metric: str) -> str:
    """The d3 format of one value in a hover label."""
    return ".2%" if is_share(metric) else ".4~g"


def written(metric: str, value: float) -> str:
    """One value as text: `87.5 %` or `0.3123`."""
    return f"{100 * value:.1f} %" if is_share(metric) else f"{value:.4g}"


def metric_axis(metric: str, log: bool = False) -> Spec:
    """The vertical axis of a metric; scores are marked in percent."""
    kind = {"type": "log", "dtick": "D2"} if log else {}
    ticks = {"tickformat": "~%"} if is_share(metric) else {"tickformat": "~g"}
    return axis(metric_title(metric), zeroline=False, **kind, **ticks)


def epoch_axis(last: int) -> Spec:
    """The horizontal axis from epoch 1 to `last`, marked at whole epochs."""
    last = max(last, 1)
    margin = max(0.25, 0.02 * last)
    step = next(
        (step for limit, step in ((12, 1), (25, 2), (60, 5), (120, 10)) if last <= limit), 0
    )
    # With the first tick on 0, a step of 5 marks 5, 10, 15; zoomed in, ticks stay whole.
    marks = {"tick0": 0, "dtick": step} if step else {"nticks": 10}
    shown = {"tickformat": ",d", "unifiedhovertitle": {"text": "Epoch %{x}"}, "zeroline": False}
    return axis("Epoch", range=[1 - margin, last + margin], **shown, **marks)
