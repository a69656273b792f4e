"""The history of one metric."""

from __future__ import annotations

import math

import pytest

from core.figures import history_figure, history_info
from core.figures.history import Best, Curve, HistoryInfo
from core.figures.theme import SPLIT_COLORS
from tests.figures.runs import run

NAN = float("nan")
RUN = run(loss=[1.0, 0.5, 0.25], val_loss=[1.0, 0.5, 0.75])


def test_info_holds_both_curves_and_the_best_validation_epoch() -> None:
    assert history_info(RUN, "loss") == HistoryInfo(
        metric="loss",
        epochs=(1, 2, 3),
        curves=(Curve("train", (1.0, 0.5, 0.25)), Curve("validation", (1.0, 0.5, 0.75))),
        best=Best("validation", 2, 0.5),
    )


def test_smoothed_curve_is_kept_beside_the_raw_one() -> None:
    curve = history_info(run(loss=[1.0, 3.0]), "loss", smoothing=0.5).curves[0]
    assert (curve.raw, curve.shown) == ((1.0, 3.0), (1.0, pytest.approx(7 / 3)))


def test_best_is_read_from_the_raw_curve() -> None:
    assert history_info(RUN, "loss", smoothing=0.9).best == Best("validation", 2, 0.5)


def test_best_training_epoch_stands_in_without_validation() -> None:
    assert history_info(run(accuracy=[0.5, 0.9, 0.7]), "accuracy").best == Best("train", 2, 0.9)


def test_nan_becomes_a_hole() -> None:
    assert history_info(run(loss=[1.0, NAN]), "loss").curves == (Curve("train", (1.0, None)),)


def test_nothing_is_best_when_nothing_is_finite() -> None:
    assert history_info(run(loss=[NAN]), "loss").best is None


def test_logarithmic_history_leaves_out_zero() -> None:
    info = history_info(run(loss=[1.0, 0.0]), "loss", log=True)
    assert (info.curves[0].raw, info.best) == ((1.0, None), Best("train", 1, 1.0))


def test_no_records_make_an_empty_history() -> None:
    assert history_info((), "loss") == HistoryInfo("loss", (), (), None)


def test_empty_figure_has_axes_and_says_why() -> None:
    figure = history_figure(history_info((), "loss"))
    assert (figure.layout.yaxis.title.text, figure.layout.annotations[0].text) == (
        "Loss",
        "No epoch has ended yet",
    )


def test_training_is_drawn_solid_and_validation_dashed() -> None:
    lines = {
        trace.name: trace.line.dash for trace in history_figure(history_info(RUN, "loss")).data
    }
    assert (lines["Train"], lines["Validation"]) == ("solid", "dash")


def test_raw_curve_stays_behind_the_smoothed_one() -> None:
    figure = history_figure(history_info(RUN, "loss", smoothing=0.6))
    faint = figure.data[0]
    assert (tuple(faint.y), faint.showlegend, faint.line.color) == (
        (1.0, 0.5, 0.25),
        False,
        SPLIT_COLORS["train"],
    )


def test_single_epoch_is_drawn_as_a_marker() -> None:
    figure = history_figure(history_info(RUN[:1], "loss"))
    assert figure.data[0].mode == "markers"


def test_star_marks_the_best_epoch() -> None:
    star = history_figure(history_info(RUN, "loss")).data[-1]
    assert (star.marker.symbol, star.x, star.y) == ("star", (2,), (0.5,))


def test_words_sit_on_the_star_of_a_logarithmic_axis() -> None:
    figure = history_figure(history_info(RUN, "loss", log=True))
    assert figure.layout.annotations[0].y == math.log10(0.5)


@pytest.mark.parametrize(("best", "side"), [(0, "left"), (4, "center"), (9, "right")])
def test_words_turn_away_from_the_edge(best: int, side: str) -> None:
    loss = [1.0] * 10
    loss[best] = 0.5
    figure = history_figure(history_info(run(loss=loss), "loss"))
    assert figure.layout.annotations[0].xanchor == side


def test_zoom_is_dropped_when_the_scale_changes() -> None:
    revisions = {
        history_figure(history_info(RUN, "loss", log=log)).layout.uirevision
        for log in (False, True)
    }
    assert len(revisions) == 2
