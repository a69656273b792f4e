"""The drawing of a layer stack."""

from __future__ import annotations

import pytest

from core.experiment.presets import PRESETS
from core.figures import architecture_figure, architecture_info
from core.figures.architecture import ArchitectureInfo, Block
from core.figures.glyphs import Scale, glyph


def info_of(preset: str) -> ArchitectureInfo:
    experiment = PRESETS[preset]
    return architecture_info(experiment.summary, experiment.input_shape)


def test_info_describes_the_input_and_every_layer() -> None:
    assert info_of("mlp-basic") == ArchitectureInfo(
        (
            Block("input", "Input", "", (28, 28, 1), 0),
            Block("shape", "Flatten", "784 values", (784,), 0),
            Block("dense", "Dense", "128 units, ReLU", (128,), 100_480),
            Block("regularization", "Dropout", "20% of values", (128,), 0),
            Block("dense", "Dense", "10 units, softmax", (10,), 1_290),
        )
    )


@pytest.mark.parametrize(
    ("place", "kind", "detail"),
    [
        (1, "convolution", "32 filters, 3 × 3, ReLU"),
        (2, "convolution", "32 filters, 3 × 3"),
        (3, "pooling", "2 × 2"),
        (4, "activation", "ReLU"),
    ],
)
def test_layers_are_told_by_kind_and_settings(place: int, kind: str, detail: str) -> None:
    block = info_of("cnn-deep").blocks[place]
    assert (block.kind, block.detail) == (kind, detail)


@pytest.mark.parametrize("preset", PRESETS)
def test_parameters_add_up_to_those_of_the_model(preset: str) -> None:
    assert info_of(preset).parameters == PRESETS[preset].parameter_count


@pytest.mark.parametrize("preset", PRESETS)
def test_rows_follow_each_other_without_overlap(preset: str) -> None:
    info = info_of(preset)
    rows = list(zip(info.middles, info.blocks, strict=True))
    starts = [middle - block.height / 2 for middle, block in rows]
    ends = [middle + block.height / 2 for middle, block in rows]
    assert starts == [0.0, *ends[:-1]]


def test_every_layer_is_labelled_with_name_output_and_parameters() -> None:
    texts = [words.text for words in architecture_figure(info_of("cnn-small")).layout.annotations]
    assert texts[2:4] == [
        "<b>Convolution</b>  32 filters, 3 × 3, ReLU",
        "28 × 28 × 32  ·  320 parameters",
    ]


def test_total_is_written_below_the_last_layer() -> None:
    texts = [words.text for words in architecture_figure(info_of("mlp-basic")).layout.annotations]
    assert texts[-1] == "<b>101,770</b> parameters in total"


@pytest.mark.parametrize("preset", PRESETS)
def test_figure_is_as_high_as_its_rows(preset: str) -> None:
    info = info_of(preset)
    figure = architecture_figure(info)
    assert figure.layout.height == figure.layout.yaxis.range[0] > max(info.middles)


@pytest.mark.parametrize("smaller", [(14, 14, 32), (28, 28, 8)])
def test_larger_image_has_the_larger_box(smaller: tuple[int, int, int]) -> None:
    scale = Scale.of([(28, 28, 32)])
    large, small = (glyph(shape, scale, 0.0, "#000000") for shape in ((28, 28, 32), smaller))
    assert large.bottom - large.top > small.bottom - small.top


def test_few_values_are_drawn_as_dots() -> None:
    assert len(glyph((10,), Scale.of([(10,)]), 0.0, "#000000").shapes) == 10


def test_drawing_stays_inside_its_row() -> None:
    scale = Scale.of([(32, 32, 512)])
    drawn = glyph((32, 32, 512), scale, 31.0, "#000000")
    assert 0 <= drawn.top < drawn.bottom <= 62


def test_finger_on_the_diagram_scrolls_the_page() -> None:
    assert architecture_figure(info_of("mlp-basic")).layout.dragmode is False
