"""Small images in a grid that wraps to the page's width, each with its caption."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

Tone = Literal["plain", "right", "wrong"]
# Right and wrong have no colour of a class: wrong is a line in the colour of the text.
_LINES: dict[Tone, str] = {"plain": "transparent", "right": "#80808066", "wrong": "currentColor"}
_WIDTH, _SMALL_WIDTH = 96, 72  # pixels, at least
_MANY = 60
_STYLE = """
<style>
.epochscope-grid {display: grid; gap: 0.75rem; grid-template-columns:
    repeat(auto-fill, minmax(var(--tile), 1fr));}
.epochscope-grid figure {margin: 0; border-top: 4px solid var(--tone); padding-top: 0.25rem;}
.epochscope-grid button {all: unset; display: block; width: 100%; cursor: pointer;}
.epochscope-grid button:focus-visible {outline: 3px solid currentColor; outline-offset: 2px;}
.epochscope-grid img {width: 100%; image-rendering: pixelated; border-radius: 0.25rem;}
.epochscope-grid figcaption {font-size: 0.8rem; line-height: 1.3; overflow-wrap: anywhere;}
</style>
"""


# Tells Python which picture was clicked; all of the markup comes from `_markup`, escaped.
_CLICKS = """
export default function ({ data, parentElement, setTriggerValue }) {
    let grid = parentElement.querySelector(".epochscope-clicks")
    if (!grid) {
        grid = document.createElement("div")
        grid.className = "epochscope-clicks"
        parentElement.appendChild(grid)
    }
    if (grid.shown !== data) grid.innerHTML = grid.shown = data
    grid.onclick = (event) => {
        const button = event.target.closest("button[data-number]")
        if (button) setTriggerValue("number", Number(button.dataset.number))
    }
}
"""
_clickable = st.components.v2.component("epochscope_grid", js=_CLICKS, isolate_styles=False)


@dataclass(frozen=True, eq=False)
class Tile:
    """One image (height, width, channels), values from 0 to `maximum`, with lines of caption."""

    pixels: NDArray[np.generic]
    lines: tuple[str, ...]
    maximum: float = 255.0
    tone: Tone = "plain"


def show_grid(tiles: Iterable[Tile]) -> None:
    """Draw the tiles, smaller where they are many. Captions are shown as they are."""
    st.html(grid(tiles))


def grid(tiles: Iterable[Tile]) -> str:
    """The markup of what `show_grid` draws, for whoever wants to keep it."""
    tiles = tuple(tiles)
    width = _WIDTH if len(tiles) <= _MANY else _SMALL_WIDTH
    return _markup(map(_figure, tiles), f"--tile: {width}px")


def show_rows(tiles: Iterable[Tile], columns: int, tile_width: int = 96) -> None:
    """Draw the tiles in rows of `columns`, however narrow the page; at most `tile_width` wide."""
    style = f"grid-template-columns: repeat({int(columns)}, minmax(0, {int(tile_width)}px))"
    st.html(_markup(map(_figure, tiles), style))


def choose_from_grid(tiles: Mapping[int, Tile], key: str, choose: Callable[[int], None]) -> None:
    """Draw tiles by their numbers; `choose` is called with the number of one that is clicked."""

    def clicked() -> None:
        number = st.session_state[key].number
        if number in tiles:  # a browser may send anything
            choose(int(number))

    figures = (_figure(tile, number) for number, tile in tiles.items())
    markup = _markup(figures, f"--tile: {_WIDTH}px")
    _clickable(key=key, data=markup, on_number_change=clicked)


def _markup(figures: Iterable[str], style: str) -> str:
    return f'{_STYLE}<div class="epochscope-grid" style="{style}">{"".join(figures)}</div>'


def _figure(tile: Tile, number: int | None = None) -> str:
    lines = "<br>".join(html.escape(line) for line in tile.lines)
    text = html.escape(", ".join(tile.lines), quote=True)
    image = f'<img src="data:image/png;base64,{_png(tile)}" alt="{text}">'
    if number is not None:
        button = f'<button type="button" title="Open this sample" data-number="{number}">'
        image = f"{button}{image}</button>"
    return (
        f'<figure style="--tone: {_LINES[tile.tone]}">{image}'
        f"<figcaption>{lines}</figcaption></figure>"
    )


def _png(tile: Tile) -> str:
    scaled = np.asarray(tile.pixels, dtype=np.float32) * (255.0 / tile.maximum)
    levels = scaled.clip(0, 255).astype(np.uint8)
    image = Image.fromarray(levels[..., 0] if levels.shape[-1] == 1 else levels)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
