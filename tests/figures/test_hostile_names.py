"""Names of classes and features from somebody's own data mean nothing to Plotly."""

from __future__ import annotations

import html
import json

import numpy as np
import pytest

from core.figures import (
    balance_figure,
    balance_info,
    confusion_figure,
    confusion_info,
    correlation_figure,
    correlation_info,
    distribution_figure,
    distribution_info,
    points_figure,
    points_info,
    probabilities_figure,
    probabilities_info,
)

NAMES = ("<b>bold</b>", "%{x} $x$ <a href='https://evil.example'>click me please</a>", "plain")
EDGES, COUNTS = np.arange(3), np.ones(2)
POINTS = (np.random.default_rng(0).random((6, 2)), np.arange(6) % 3)
FIGURES = {
    "balance": balance_figure(balance_info({"train": (1, 2, 3)}, NAMES)),
    "confusion": confusion_figure(confusion_info(np.eye(3, dtype=np.int64), NAMES)),
    "correlation": correlation_figure(correlation_info(NAMES, np.eye(3))),
    "distribution": distribution_figure(distribution_info(dict.fromkeys(NAMES, (EDGES, COUNTS)))),
    "points": points_figure(points_info({"test": POINTS}, NAMES)),
    "probabilities": probabilities_figure(probabilities_info([0.2, 0.3, 0.5], NAMES, 0)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_name_is_markup(name):
    text = json.dumps(FIGURES[name].to_plotly_json(), default=repr)
    for sign in ("<b>bold", "<a", "%{x} $", "$x$"):
        assert sign not in text


@pytest.mark.parametrize("name", ["balance", "confusion", "correlation"])
def test_names_read_as_they_were_written(name):
    places = FIGURES[name].data[0].x
    assert [html.unescape(place) for place in places] == list(NAMES)


def test_shortened_name_is_no_markup_either():
    aliases = FIGURES["balance"].layout.xaxis.labelalias
    assert [html.unescape(alias) for alias in aliases.values()] == ["%{x} $x$ <a hre…"]
    assert "<" not in "".join(aliases.values())
