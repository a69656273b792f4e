"""The two plots that grow while a run goes on."""

from __future__ import annotations

import pytest

from core.figures import live_figure, live_info
from core.figures.history import Curve
from core.figures.live import LiveInfo, Panel
from core.records import Progress
from tests.figures.runs import run

RUN = run(loss=[2.2, 1.1], val_loss=[1.0, 0.9], accuracy=[0.54, 0.7], val_accuracy=[0.6, 0.8])


def test_info_holds_both_plots_with_round_axes() -> None:
    assert live_info(RUN, planned_epochs=10) == LiveInfo(
        epochs=(1, 2),
        planned=10,
        panels=(
            Panel("loss", (Curve("train", (2.2, 1.1)), Curve("validation", (1.0, 0.9))), 0.0, 3.0),
            Panel(
                "accuracy", (Curve("train", (0.54, 0.7)), Curve("validation", (0.6, 0.8))), 0.5, 1.0
            ),
        ),
    )


@pytest.mark.parametrize(
    ("highest", "top"), [(0.9, 1.0), (1.0, 1.0), (2.3, 3.0), (0.042, 0.05), (180.0, 200.0)]
)
def test_error_axis_ends_at_the_next_round_number(highest: float, top: float) -> None:
    panel = live_info(run(loss=[highest]), 5, ("loss",)).panels[0]
    assert panel.top == pytest.approx(top)


def test_axes_stay_while_better_epochs_arrive() -> None:
    layouts = [live_figure(live_info(RUN[:done], 10)).layout for done in (1, 2)]
    spans = [(one.xaxis.range, one.yaxis.range, one.yaxis2.range) for one in layouts]
    assert spans[0] == spans[1]


def test_plot_reaches_past_the_plan_when_the_run_did() -> None:
    assert live_info(RUN, planned_epochs=1).planned == 2


def test_both_plots_are_there_before_the_first_epoch() -> None:
    figure = live_figure(live_info((), 10))
    assert [trace.yaxis for trace in figure.data] == ["y", "y2"]


def test_legend_names_each_split_once() -> None:
    figure = live_figure(live_info(RUN, 10))
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Train", "Validation"]


def test_only_the_newest_epoch_is_marked() -> None:
    traces = live_figure(live_info(RUN, 10)).data
    marked = [(trace.x, trace.y) for trace in traces if "markers" in trace.mode]
    assert marked == [((2,), (1.1,)), ((2,), (0.9,)), ((2,), (0.7,)), ((2,), (0.8,))]


def test_plots_are_headed_by_their_metric() -> None:
    figure = live_figure(live_info(run(loss=[1.0], mae=[0.5]), 3, ("loss", "mae")))
    assert [words.text for words in figure.layout.annotations] == [
        "<b>Loss</b>",
        "<b>Mean absolute error</b>",
    ]


@pytest.mark.parametrize(("planned", "side"), [(40, "left"), (5, "right")])
def test_early_stop_is_named_on_the_side_of_its_line_that_has_room(planned: int, side: str) -> None:
    figure = live_figure(live_info(run(loss=(3, 2, 1, 1)), planned, ("loss",), stopped=True))
    notes = [note for note in figure.layout.annotations if "Stopped early" in note.text]
    assert [(note.x, note.xanchor) for note in notes] == [(4, side)]
    assert [line.x0 for line in figure.layout.shapes] == [4]


def test_run_that_was_not_stopped_early_has_no_line() -> None:
    figure = live_figure(live_info(run(loss=(3, 2)), 5, ("loss",)))
    assert not figure.layout.shapes


def test_epoch_whose_weights_are_kept_is_marked_in_both_plots():
    figure = live_figure(live_info(RUN, 10, stopped=True, kept=1))
    marked = [shape.x0 for shape in figure.layout.shapes]
    words = [note.text.strip() for note in figure.layout.annotations]
    assert marked == [2, 1, 2, 1]
    assert words.count("Weights kept: epoch 1") == 2


def test_nothing_is_marked_where_the_last_weights_are_kept():
    assert not live_figure(live_info(RUN, 10)).layout.shapes


def within(*losses: float, epoch: int = 0, batches: int = 10) -> list[Progress]:
    return [
        Progress("Training", epoch, number, batches, means={"loss": loss, "accuracy": 0.5})
        for number, loss in enumerate(losses, start=1)
    ]


def test_means_within_the_first_epoch_are_drawn_before_any_epoch_has_ended() -> None:
    info = live_info((), 4, ("loss",), running=within(2.0, 1.5))
    assert info.places == (0.1, 0.2)
    assert info.panels[0].running == (2.0, 1.5)
    drawn = live_figure(info).data[-1]
    assert list(drawn.y) == [2.0, 1.5]
    assert drawn.name == "Within the epoch"


def test_means_within_a_later_epoch_begin_where_the_last_one_ended() -> None:
    records = run(loss=[1.0, 0.5])
    info = live_info(records, 4, ("loss",), running=within(0.4, epoch=2))
    assert info.places == (2.1,)


def test_axis_of_epochs_has_room_for_the_first_one_from_its_first_batch() -> None:
    figure = live_figure(live_info((), 4, ("loss",), running=within(2.0)))
    low, high = figure.layout.xaxis.range
    assert 0 < low < 0.1
    assert high > 4


def test_a_loss_that_explodes_is_drawn_on_a_logarithmic_axis() -> None:
    info = live_info((), 4, ("loss",), running=within(2.0, 3e8, float("inf"), float("nan")))
    assert info.panels[0].running == (2.0, 3e8, None, None)
    axis = live_figure(info).layout.yaxis
    assert axis.type == "log"
    assert tuple(axis.range) == (0, 9)


def test_a_loss_that_falls_far_stays_on_an_axis_of_equal_steps() -> None:
    info = live_info((), 4, ("loss",), running=within(900.0, 0.001))
    assert live_figure(info).layout.yaxis.type != "log"
