"""How a metric is named and written: titles, axes and number formats by Keras name."""

from __future__ import annotations

from core import formats
from core.figures.theme import Spec, axis, spec

_TITLES = {
    "loss": "Loss",
    "accuracy": "Accuracy",
    "macro_precision": "Precision (macro)",
    "macro_recall": "Recall (macro)",
    "macro_f1": "F1 (macro)",
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "learning_rate": "Learning rate",
}
_SHARES = frozenset({"accuracy", "macro_precision", "macro_recall", "macro_f1"})
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200)


def metric_title(metric: str) -> str:
    """A metric's name in plain words, without the `val_` of its Keras name."""
    name = metric.removeprefix("val_")
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def is_share(metric: str) -> bool:
    """Whether a metric runs from 0 to 1 and is shown in percent."""
    return metric.removeprefix("val_") in _SHARES


def hover_format(metric: str) -> str:
    """The d3 format of one value in a hover label."""
    return ".1%" if is_share(metric) else ",.3r"


def written(metric: str, value: float) -> str:
    """One value as text: `87.5 %` or `0.312`."""
    return formats.percent(value) if is_share(metric) else formats.significant(value)


def metric_axis(metric: str, log: bool = False) -> Spec:
    """The vertical axis of a metric; scores are marked in percent, millions as 4M."""
    if is_share(metric):
        ticks = spec(tickformat="~%")
    elif log:
        ticks = spec(tickformat="~g")
    else:
        ticks = spec(exponentformat="SI", minexponent=6, separatethousands=True)
    kind = spec(type="log", dtick="D2") if log else {}
    return axis(metric_title(metric), zeroline=False, **ticks, **kind)


def epoch_axis(last: int, marks: int = 12) -> Spec:
    """The horizontal axis from epoch 1 to `last`, with at most `marks` whole epochs marked."""
    last = max(last, 1)
    edge = max(0.25, 0.02 * last)
    start = max(0.1, 1 - edge)  # there is no epoch 0 to mark
    step = next((step for step in _STEPS if last <= step * marks), _STEPS[-1])
    # Counted from 0, steps of 5 fall on 5, 10, 15.
    ticks = spec(tick0=0, dtick=step, tickformat=",d", zeroline=False)
    hover = spec(unifiedhovertitle=spec(text="Epoch %{x}"))
    return axis("Epoch", range=[start, last + edge], **ticks, **hover)
