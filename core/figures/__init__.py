"""Plotly figures: `<name>_info(...)` gathers what is shown, `<name>_figure(info)` draws it."""

from core.figures.architecture import architecture_figure, architecture_info
from core.figures.balance import balance_figure, balance_info
from core.figures.boundary import boundary_figure, boundary_info
from core.figures.chart import Chart
from core.figures.charts import (
    ARCHITECTURE,
    BALANCE,
    BOUNDARY,
    COMPARE,
    CONFUSION,
    CORRELATION,
    DISTRIBUTION,
    FINALS,
    HISTORY,
    LEARNING_RATE,
    LIVE,
    POINTS,
    PROBABILITIES,
    RESIDUAL_HISTOGRAM,
    RESIDUALS,
    SCHEDULE,
)
from core.figures.compare import Shown, compare_figure, compare_info
from core.figures.confusion import confusion_figure, confusion_info
from core.figures.correlation import correlation_figure, correlation_info
from core.figures.distribution import distribution_figure, distribution_info
from core.figures.finals import finals_figure, finals_info
from core.figures.history import history_figure, history_info
from core.figures.learning_rate import (
    learning_rate_figure,
    learning_rate_info,
    schedule_figure,
    schedule_info,
)
from core.figures.live import live_figure, live_info
from core.figures.metrics import is_share, metric_title
from core.figures.points import points_figure, points_info
from core.figures.probabilities import probabilities_figure, probabilities_info
from core.figures.residuals import (
    residual_histogram_figure,
    residual_histogram_info,
    residuals_figure,
    residuals_info,
)

__all__ = [
    "ARCHITECTURE",
    "BALANCE",
    "BOUNDARY",
    "COMPARE",
    "CONFUSION",
    "CORRELATION",
    "DISTRIBUTION",
    "FINALS",
    "HISTORY",
    "LEARNING_RATE",
    "LIVE",
    "POINTS",
    "PROBABILITIES",
    "RESIDUALS",
    "RESIDUAL_HISTOGRAM",
    "SCHEDULE",
    "Chart",
    "Shown",
    "architecture_figure",
    "architecture_info",
    "balance_figure",
    "balance_info",
    "boundary_figure",
    "boundary_info",
    "compare_figure",
    "compare_info",
    "confusion_figure",
    "confusion_info",
    "correlation_figure",
    "correlation_info",
    "distribution_figure",
    "distribution_info",
    "finals_figure",
    "finals_info",
    "history_figure",
    "history_info",
    "is_share",
    "learning_rate_figure",
    "learning_rate_info",
    "live_figure",
    "live_info",
    "metric_title",
    "points_figure",
    "points_info",
    "probabilities_figure",
    "probabilities_info",
    "residual_histogram_figure",
    "residual_histogram_info",
    "residuals_figure",
    "residuals_info",
    "schedule_figure",
    "schedule_info",
]
