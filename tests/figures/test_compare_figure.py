"""Several runs in one plot."""

from __future__ import annotations

from core.figures import compare_figure, compare_info
from core.figures.compare import CompareInfo, RunCurves
from core.figures.history import Curve
from core.figures.theme import color
from tests.figures.runs import run

FIRST = ("MLP", run(loss=[1.0, 0.5], val_loss=[1.0, 0.75]))
SECOND = ("CNN", run(loss=[0.9], val_loss=[0.8]))


def test_info_holds_the_curves_of_every_run() -> None:
    assert compare_info([FIRST, SECOND], "loss") == CompareInfo(
        metric="loss",
        runs=(
            RunCurves(
                "MLP", (1, 2), (Curve("train", (1.0, 0.5)), Curve("validation", (1.0, 0.75)))
            ),
            RunCurves("CNN", (1,), (Curve("train", (0.9,)), Curve("validation", (0.8,)))),
        ),
    )


def drawn(figure, mode: str):
    """The traces of runs, not those that stand in the legend alone."""
    return [trace for trace in figure.data if trace.mode == mode and trace.x[0] is not None]


def test_both_curves_of_a_run_have_its_colour() -> None:
    figure = compare_figure(compare_info([FIRST, SECOND], "loss"))
    expected = [color(0), color(0), color(1), color(1)]
    assert [trace.line.color for trace in drawn(figure, "lines")] == expected
    assert [trace.marker.color for trace in drawn(figure, "markers")] == expected


def test_each_curve_is_marked_here_and_there_and_at_its_end() -> None:
    long = ("MLP", run(loss=[1 / (epoch + 1) for epoch in range(100)]))
    [marks] = drawn(compare_figure(compare_info([long], "loss")), "markers")
    assert marks.x == (1, 17, 33, 49, 65, 81, 97, 100)
    assert marks.y == tuple(1 / epoch for epoch in marks.x)


def test_training_is_solid_and_validation_dashed_in_every_run() -> None:
    figure = compare_figure(compare_info([FIRST, SECOND], "loss"))
    dashes = [trace.line.dash for trace in drawn(figure, "lines")]
    assert dashes == ["solid", "dash", "solid", "dash"]


def test_legend_names_splits_and_runs_once() -> None:
    figure = compare_figure(compare_info([FIRST, SECOND], "loss"))
    named = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert named == ["Train", "Validation", "MLP", "CNN"]


def test_legend_entry_and_curves_of_a_run_hide_together() -> None:
    figure = compare_figure(compare_info([FIRST], "loss"))
    groups = [trace.legendgroup for trace in figure.data]
    assert groups == ["run 0"] * 4 + [None, None, "run 0"]  # curves and marks; the splits' keys


def test_runs_of_the_same_title_are_both_kept() -> None:
    assert len(compare_info([FIRST, FIRST], "loss").runs) == 2


def test_axis_reaches_the_longest_run() -> None:
    figure = compare_figure(compare_info([SECOND, FIRST], "loss"))
    assert figure.layout.xaxis.range[1] > 2


def test_long_title_keeps_its_time_of_day() -> None:
    title = "CNN 32-64-128 · Fashion-MNIST 10k (bundled) · 12:03:22"
    figure = compare_figure(compare_info([(title, FIRST[1])], "loss"))
    assert figure.data[-1].name == "CNN 32-64-128 · Fashion-MNIST 10… · 12:03:22"


def test_no_runs_ask_for_a_choice() -> None:
    figure = compare_figure(compare_info([], "loss"))
    assert figure.layout.annotations[0].text == "Choose runs to compare"
