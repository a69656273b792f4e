"""Augmentation: its controls in the sidebar, and what it makes of samples on the Data page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import data
from core.data.streams import Stream
from core.experiment import Experiment
from core.experiment.augmentation import FLIP_TITLES
from core.ui import form, wording
from core.ui.controls import Controls
from core.ui.images import Tile, show_rows

SAMPLES = 4
VARIANTS = 5
_SHOWN = "data.augmentation_seed"


def show_controls(controls: Controls, draft: form.Draft) -> None:
    """What may happen to an image, and in words how far it goes."""
    controls.choice("augmentation.flip", FLIP_TITLES)
    controls.share("augmentation.rotation", maximum=0.5, step=0.01)
    controls.share("augmentation.translation", maximum=0.5, step=0.01)
    controls.share("augmentation.zoom", maximum=0.5, step=0.01)
    controls.share("augmentation.contrast", maximum=1.0)
    sentence = draft.experiment.data.augmentation.sentence if draft.experiment else ""
    if sentence:
        st.caption(
            f"In each epoch anew, an image is {sentence}. See **Preparation** on the **Data** page."
        )
    else:
        st.caption("Off: each epoch shows the network the same images.")


def show_samples(experiment: Experiment) -> None:
    """A few samples, each beside what training may make of it."""
    augmentation = experiment.data.augmentation
    if not augmentation.kinds:
        st.caption(
            "Off: each epoch shows the network the same images. Open **Augmentation** in the "
            "sidebar to mirror, turn, shift or zoom them, or to change their contrast."
        )
        return
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(
        f"In each epoch anew, an image is {augmentation.sentence}: more to learn from, and harder "
        "to memorize. What is outside the image is filled with its nearest pixel."
    )
    right.button(
        "Vary again", icon=":material/casino:", on_click=_others, width="stretch", key="vary"
    )
    seed = st.session_state.setdefault(_SHOWN, 0)
    show_rows(_rows(experiment, seed), VARIANTS + 1)


def _rows(experiment: Experiment, seed: int) -> list[Tile]:
    """For each of some samples: itself, then its variants."""
    settings, card = experiment.data, experiment.data.card
    raw = data.raw_data(settings, experiment.seed)
    chosen = data.examples(raw, None, SAMPLES, seed)
    originals = data.rescale(raw.x_train[chosen], card)
    drawn = data.draw_variations(
        settings.augmentation,
        card.shape,
        SAMPLES * VARIANTS,
        Stream.EXAMPLES.generator(seed),
    )
    made = data.varied(np.repeat(originals, VARIANTS, axis=0), drawn)
    tiles = []
    for number, (original, label) in enumerate(zip(originals, raw.y_train[chosen], strict=True)):
        tiles.append(Tile(original, (wording.truth(card, label),), maximum=1.0))
        variants = made[number * VARIANTS : (number + 1) * VARIANTS]
        tiles += [Tile(variant, ("varied",), maximum=1.0) for variant in variants]
    return tiles


def _others() -> None:
    st.session_state[_SHOWN] += 1
