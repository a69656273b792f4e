"""Every kind of chart: its drawing, its sentence and its table under one name."""

from __future__ import annotations

from core.figures.architecture import architecture_figure, architecture_sentence, architecture_table
from core.figures.balance import balance_figure, balance_sentence, balance_table
from core.figures.boundary import boundary_figure, boundary_sentence, boundary_table
from core.figures.chart import Chart
from core.figures.compare import compare_figure, compare_sentence, compare_table
from core.figures.confusion import confusion_figure, confusion_sentence, confusion_table
from core.figures.correlation import correlation_figure, correlation_sentence, correlation_table
from core.figures.distribution import distribution_figure, distribution_sentence, distribution_table
from core.figures.finals import finals_figure, finals_sentence, finals_table
from core.figures.history import history_figure, history_sentence, history_table
from core.figures.learning_rate import (
    learning_rate_figure,
    learning_rate_sentence,
    learning_rate_table,
    schedule_figure,
)
from core.figures.live import live_figure, live_sentence, live_table
from core.figures.points import points_figure, points_sentence, points_table
from core.figures.probabilities import (
    probabilities_figure,
    probabilities_sentence,
    probabilities_table,
)
from core.figures.residuals import (
    residual_histogram_figure,
    residual_histogram_sentence,
    residual_histogram_table,
    residuals_figure,
    residuals_sentence,
    residuals_table,
)

ARCHITECTURE = Chart(architecture_figure, architecture_sentence, architecture_table)
BALANCE = Chart(balance_figure, balance_sentence, balance_table)
BOUNDARY = Chart(boundary_figure, boundary_sentence, boundary_table)
COMPARE = Chart(compare_figure, compare_sentence, compare_table)
CONFUSION = Chart(confusion_figure, confusion_sentence, confusion_table)
CORRELATION = Chart(correlation_figure, correlation_sentence, correlation_table)
DISTRIBUTION = Chart(distribution_figure, distribution_sentence, distribution_table)
FINALS = Chart(finals_figure, finals_sentence, finals_table)
HISTORY = Chart(history_figure, history_sentence, history_table)
LEARNING_RATE = Chart(learning_rate_figure, learning_rate_sentence, learning_rate_table)
SCHEDULE = Chart(schedule_figure, learning_rate_sentence, learning_rate_table)
LIVE = Chart(live_figure, live_sentence, live_table)
POINTS = Chart(points_figure, points_sentence, points_table)
PROBABILITIES = Chart(probabilities_figure, probabilities_sentence, probabilities_table)
RESIDUAL_HISTOGRAM = Chart(
    residual_histogram_figure, residual_histogram_sentence, residual_histogram_table
)
RESIDUALS = Chart(residuals_figure, residuals_sentence, residuals_table)
