"""The shared look: legible colours, and the link to Streamlit's own theme."""

from __future__ import annotations

import pytest

from core.figures import confusion, theme

PAGES = ("#ffffff", "#0e1117", "#171614")  # Streamlit's light page, its dark ones old and new
NAN, INF = float("nan"), float("inf")


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of sRGB from 0 to 255 (WCAG 2.2)."""
    shares = (part / 255 for part in (red, green, blue))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def rgb(hex_color: str) -> tuple[int, ...]:
    return tuple(int(hex_color[start : start + 2], 16) for start in (1, 3, 5))


def over(front: str, back: str, opacity: float) -> list[float]:
    """A see-through colour as it looks on a page."""
    pairs = zip(rgb(front), rgb(back), strict=True)
    return [opacity * a + (1 - opacity) * b for a, b in pairs]


def contrast(one: list[float] | tuple[int, ...], other: list[float] | tuple[int, ...]) -> float:
    low, high = sorted((luminance(*one), luminance(*other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("color", theme.PALETTE)
@pytest.mark.parametrize("page", PAGES)
def test_every_colour_stands_out_from_every_page(color: str, page: str) -> None:
    assert contrast(rgb(color), rgb(page)) >= 3


@pytest.mark.parametrize("tile", [theme.BLUE, confusion.MISTAKE])
@pytest.mark.parametrize(("page", "ink"), [("#ffffff", "#262730"), ("#171614", "#fafafa")])
@pytest.mark.parametrize(("share", "opacity"), confusion.OPACITY)
def test_numbers_of_the_confusion_matrix_are_readable(
    tile: str, page: str, ink: str, share: float, opacity: float
) -> None:
    text = "#ffffff" if share >= confusion.WHITE_TEXT_FROM else ink
    assert contrast(rgb(text), over(tile, page, opacity)) >= 4.5


def test_ink_is_the_colour_streamlit_swaps_for_its_strongest_text() -> None:
    from streamlit.elements.lib import streamlit_plotly_theme

    assert streamlit_plotly_theme.GRAY_90 == theme.INK


def test_training_is_solid_and_validation_dashed() -> None:
    assert (theme.DASHES["train"], theme.DASHES["validation"]) == ("solid", "dash")


def test_neighbouring_runs_differ_in_colour_and_symbol() -> None:
    looks = [(theme.color(place), theme.symbol(place)) for place in range(7)]
    assert (len({tint for tint, _ in looks}), len({shape for _, shape in looks})) == (7, 7)


def test_colours_repeat_after_the_palette() -> None:
    assert theme.color(7) == theme.color(0)


def test_translucent_keeps_the_colour_and_adds_the_opacity() -> None:
    assert theme.translucent("#0072B2", 0.25) == "rgba(0,114,178,0.25)"


def test_plain_leaves_out_what_is_not_finite() -> None:
    assert theme.plain([1, NAN, INF, -INF]) == (1.0, None, None, None)


@pytest.mark.parametrize(
    ("length", "tail", "shown"),
    [(12, 0, "Fashion-MNI…"), (13, 0, "Fashion-MNIST"), (9, 5, "Fas…MNIST")],
)
def test_shortened_text_keeps_its_tail(length: int, tail: int, shown: str) -> None:
    assert theme.shortened("Fashion-MNIST", length, tail) == shown


def test_background_is_left_to_the_page() -> None:
    layout = theme.styled([], height=100, revision="x").layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == (theme.CLEAR, theme.CLEAR)


def test_zoom_is_kept_while_the_revision_is_the_same() -> None:
    assert theme.styled([], height=100, revision="loss").layout.uirevision == "loss"
