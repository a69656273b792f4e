"""Several runs in one plot."""

from __future__ import annotations

from core.figures import Shown, compare_figure, compare_info
from core.figures.compare import CompareInfo, RunCurves, run_symbol
from core.figures.history import Curve
from core.figures.theme import color
from tests.figures.runs import run

FIRST = Shown("MLP", run(loss=[1.0, 0.5], val_loss=[1.0, 0.75]), 0)
SECOND = Shown("CNN", run(loss=[0.9], val_loss=[0.8]), 1)
LOST = Shown("SGD", run(loss=[2.0, 1e9], val_loss=[2.0, 1e9]), 2, "diverged", diverged=True)


def test_info_holds_the_curves_of_every_run() -> None:
    assert compare_info([FIRST, SECOND], "loss") == CompareInfo(
        metric="loss",
        runs=(
            RunCurves(
                "MLP", 0, (1, 2), (Curve("train", (1.0, 0.5)), Curve("validation", (1.0, 0.75)))
            ),
            RunCurves("CNN", 1, (1,), (Curve("train", (0.9,)), Curve("validation", (0.8,)))),
        ),
    )


def test_info_holds_only_the_splits_that_are_wanted() -> None:
    assert compare_info([FIRST], "loss", ("validation",)).runs == (
        RunCurves("MLP", 0, (1, 2), (Curve("validation", (1.0, 0.75)),)),
    )


def test_run_that_diverged_does_not_stretch_the_axis() -> None:
    info = compare_info([FIRST, LOST], "loss")
    assert info.bounds == (0.475, 1.025)
    assert compare_figure(info).layout.yaxis.range == info.bounds


def test_axis_is_free_where_no_run_or_every_run_diverged() -> None:
    assert compare_info([FIRST, SECOND], "loss").bounds is None
    assert compare_info([LOST], "loss").bounds is None
    assert compare_info([FIRST, LOST], "loss", log=True).bounds is None


def test_run_that_diverged_within_the_others_values_leaves_the_axis_free() -> None:
    near = Shown("SGD", run(loss=[1.0, float("nan")]), 2, "diverged", diverged=True)
    assert compare_info([FIRST, near], "loss").bounds is None


def test_legend_says_what_became_of_a_run() -> None:
    assert compare_figure(compare_info([LOST], "loss")).data[-1].name == "SGD (diverged)"


def drawn(figure, mode: str):
    """The traces of runs, not those that stand in the legend alone."""
    return [trace for trace in figure.data if trace.mode == mode and trace.x[0] is not None]


def test_both_curves_of_a_run_have_its_colour() -> None:
    figure = compare_figure(compare_info([FIRST, SECOND], "loss"))
    expected = [color(0), color(0), color(1), color(1)]
    assert [trace.line.color for trace in drawn(figure, "lines")] == expected
    assert [trace.marker.color for trace in drawn(figure, "markers")] == expected


def test_run_keeps_its_colour_when_the_one_before_it_is_left_out() -> None:
    [line, _] = drawn(compare_figure(compare_info([SECOND], "loss")), "lines")
    assert line.line.color == color(1)


def test_first_49_runs_each_have_a_colour_and_symbol_of_their_own() -> None:
    assert len({(color(place), run_symbol(place)) for place in range(49)}) == 49


def test_highlighted_run_stands_out_and_lies_on_top() -> None:
    figure = compare_figure(compare_info([FIRST, SECOND], "loss", highlighted=0))
    lines = drawn(figure, "lines")
    assert [trace.line.color for trace in lines[-2:]] == [color(0)] * 2
    assert lines[-1].opacity == 1
    assert lines[0].opacity < 0.5
    assert lines[-1].line.width > lines[0].line.width


def test_each_curve_is_marked_here_and_there_and_at_its_end() -> None:
    long = Shown("MLP", run(loss=[1 / (epoch + 1) for epoch in range(100)]), 0)
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


def test_zoom_stays_while_the_runs_go_on() -> None:
    before = compare_figure(compare_info([FIRST], "loss")).layout.uirevision
    after = compare_figure(compare_info([FIRST, SECOND], "loss")).layout.uirevision
    assert before == after


def test_long_title_is_whole_in_lines_that_fit_a_phone() -> None:
    title = "Categorical cross-entropy · SGD · learning rate 0.1 · momentum 0.9 · 30 epochs"
    name = compare_figure(compare_info([Shown(title, FIRST.epochs, 0)], "loss")).data[-1].name
    lines = name.split("<br>")
    assert " ".join(lines) == title
    assert max(map(len, lines)) <= 44


def test_no_runs_ask_for_a_choice() -> None:
    figure = compare_figure(compare_info([], "loss"))
    assert figure.layout.annotations[0].text == "Choose runs to compare"
