"""Small images in a grid that wraps to the page's width, each with its caption."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

Tone = Literal["plain", "right", "wrong"]
_COLORS: dict[Tone, str] = {"plain": "transparent", "right": "#009E73", "wrong": "#D55E00"}
_WIDTH, _SMALL_WIDTH = 96, 72  # pixels, at least
_MANY = 60
_STYLE = """
<style>
.epochscope-grid {display: grid; gap: 0.75rem; grid-template-columns:
    repeat(auto-fill, minmax(var(--tile), 1fr));}
.epochscope-grid figure {margin: 0; border-top: 3px solid var(--tone); padding-top: 0.25rem;}
.epochscope-grid img {width: 100%; image-rendering: pixelated; border-radius: 0.25rem;}
.epochscope-grid figcaption {font-size: 0.8rem; line-height: 1.3; overflow-wrap: anywhere;}
</style>
"""


@dataclass(frozen=True, eq=False)
class Tile:
    """One image (height, width, channels), values from 0 to `maximum`, with lines of caption."""

    pixels: NDArray[np.generic]
    lines: tuple[str, ...]
    maximum: float = 255.0
    tone: Tone = "plain"


def show_grid(tiles: Iterable[Tile]) -> None:
    """Draw the tiles, smaller where they are many. Captions are shown as they are."""
    tiles = tuple(tiles)
    _show(tiles, f"--tile: {_WIDTH if len(tiles) <= _MANY else _SMALL_WIDTH}px")


def show_rows(tiles: Iterable[Tile], columns: int, tile_width: int = 96) -> None:
    """Draw the tiles in rows of `columns`, however narrow the page; at most `tile_width` wide."""
    _show(tiles, f"grid-template-columns: repeat({int(columns)}, minmax(0, {int(tile_width)}px))")


def _show(tiles: Iterable[Tile], style: str) -> None:
    figures = "".join(_figure(tile) for tile in tiles)
    st.html(f'{_STYLE}<div class="epochscope-grid" style="{style}">{figures}</div>')


def _figure(tile: Tile) -> str:
    lines = "<br>".join(html.escape(line) for line in tile.lines)
    text = html.escape(", ".join(tile.lines), quote=True)
    return (
        f'<figure style="--tone: {_COLORS[tile.tone]}">'
        f'<img src="data:image/png;base64,{_png(tile)}" alt="{text}">'
        f"<figcaption>{lines}</figcaption></figure>"
    )


def _png(tile: Tile) -> str:
    scaled = np.asarray(tile.pixels, dtype=np.float32) * (255.0 / tile.maximum)
    levels = scaled.clip(0, 255).astype(np.uint8)
    image = Image.fromarray(levels[..., 0] if levels.shape[-1] == 1 else levels)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
