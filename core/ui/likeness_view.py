"""The parts of the Data page that show what samples have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import data, formats
from core.data import ClassMeans, Neighbours
from core.data.arrays import Indices
from core.experiment import Data, Experiment
from core.ui import notices, preview, wording
from core.ui.images import Tile, Tone, show_grid

_PLACE = "data.neighbour"
_MARKS = {True: "✓", False: "✗"}
_PLAIN: Tone = "plain"


def show_means(experiment: Experiment) -> None:
    """The mean image of each class, with its name, and of how many it is."""
    card = experiment.data.card
    found = _means(experiment.data, experiment.seed)
    top = card.value_range[1] if card.value_range else 1.0
    show_grid(
        Tile(image, (name,), top) for image, name in zip(found.images, card.classes, strict=True)
    )
    st.caption(
        f"Means of {_of(found)} images trained on{_drawn(found)}. A sharp one tells of images "
        "that are much alike."
    )


@st.fragment
def show_neighbours(experiment: Experiment) -> None:
    """A sample, chosen by class and number, and those nearest to it."""
    with notices.readable_errors():  # those of the page do not see what is drawn anew alone
        _show_neighbours(experiment)


def _show_neighbours(experiment: Experiment) -> None:
    card = experiment.data.card
    rows, place = _choose(experiment)
    row = int(rows[place])
    found = _neighbours(experiment.data, experiment.seed, row)
    if card.is_image:
        _show_images(experiment, row, found)
    else:
        _show_rows(experiment, row, found)
    measure = (
        "words in common, rare ones counting more (TF-IDF)"
        if card.is_text
        else ("Euclidean distance, of samples as the network gets them")
    )
    st.caption(
        f"Nearest by {measure}, among "
        f"{_of(found)} others trained on{_drawn(found)}."
        + (f" {_others(experiment, row, found)}" if card.classes else "")
    )


def _choose(experiment: Experiment) -> tuple[Indices, int]:
    """The samples to choose from, of a class or all; and which: by number, or the next."""
    classes, label = experiment.data.card.classes, None
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    if classes:
        chosen = left.selectbox(
            "Neighbours of",
            classes,
            key=f"data.neighbours_of.{experiment.data.card.name}",
            persist_state="session",
        )
        label = classes.index(chosen) if chosen in classes else 0
    rows = data.choosable(experiment.data, experiment.seed, label)
    key = f"{_PLACE}.{len(rows)}"
    st.session_state.setdefault(key, 1)
    number = (middle if classes else left).number_input(
        f"Which of {len(rows):,}",
        1,
        len(rows),
        key=key,
        persist_state="session",
        help="They are in a random order.",
    )
    with right if classes else middle:
        st.button(
            "Another one",
            icon=":material/refresh:",
            on_click=_next,
            args=(key, len(rows)),
            width="stretch",
        )
    return rows, int(number) - 1


def _next(key: str, count: int) -> None:
    # A browser need not send the number along with the click.
    st.session_state[key] = int(st.session_state.get(key) or 0) % count + 1


def _show_images(experiment: Experiment, row: int, found: Neighbours) -> None:
    card = experiment.data.card
    raw = data.raw_data(experiment.data, experiment.seed)
    top = card.value_range[1] if card.value_range else 1.0
    own = raw.y_train[row]
    tiles = [Tile(raw.x_train[row], (wording.truth(card, own), "chosen"), top)]
    for other, distance in zip(found.rows, found.distances, strict=True):
        truth = raw.y_train[other]
        name, tone = wording.truth(card, truth), _PLAIN
        if card.classes:
            name, tone = f"{_MARKS[truth == own]} {name}", "right" if truth == own else "wrong"
        tiles.append(
            Tile(raw.x_train[other], (name, f"distance {formats.significant(distance)}"), top, tone)
        )
    show_grid(tiles)


def _show_rows(experiment: Experiment, row: int, found: Neighbours) -> None:
    card = experiment.data.card
    raw = data.raw_data(experiment.data, experiment.seed)
    rows = np.concatenate([[row], found.rows])
    table = (
        pd.DataFrame({"Text": data.texts(card, raw.x_train[rows])})
        if card.is_text
        else pd.DataFrame(raw.x_train[rows], columns=list(card.features))
    )
    truth = raw.y_train[rows]
    if card.classes:
        table.insert(0, "Class", [card.classes[label] for label in truth])
        table.insert(0, "", [_MARKS[bool(label == truth[0])] for label in truth])
    else:
        table.insert(0, "Target", truth[:, 0])
    table.insert(0, "Distance", ["chosen", *map(formats.significant, found.distances)])
    preview.show_table(table)


def _others(experiment: Experiment, row: int, found: Neighbours) -> str:
    """How many neighbours are of another class, in words."""
    labels = data.raw_data(experiment.data, experiment.seed).y_train
    count = int((labels[found.rows] != labels[row]).sum())
    return f"{count or 'None'} of the {len(found.rows)} {_is(count)} of another class (✗)."


def _is(count: int) -> str:
    return "are" if count > 1 else "is"


def _of(found: ClassMeans | Neighbours) -> str:
    if found.looked_at == found.total:
        return f"all {found.total:,}"
    return f"{found.looked_at:,} of the {found.total:,}"


def _drawn(found: ClassMeans | Neighbours) -> str:
    return "" if found.looked_at == found.total else ", drawn at random"


@st.cache_data(show_spinner=False, max_entries=64)
def _means(settings: Data, seed: int) -> ClassMeans:
    return data.class_means(settings, seed)


@st.cache_data(show_spinner=False, max_entries=256)
def _neighbours(settings: Data, seed: int, row: int) -> Neighbours:
    return data.neighbours(settings, seed, row)
