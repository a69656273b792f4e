"""The parts of the Data page."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from core import data, figures
from core.data import ArrayFacts, ClassCounts, Duplicates, Histogram, Step
from core.data.arrays import Floats
from core.experiment import Data, DatasetCard, Experiment
from core.experiment.shapes import describe
from core.ui import charts, preview, tables, wording
from core.ui.images import Tile, show_grid

_ALL = "All classes"
_A_CLASS = 3
_ONE_CLASS = 40
_MOST_CLASSES = 100
_CORRELATED = 40  # features: more would be too small to read
_SHOWN = "data.examples_seed"


def available(card: DatasetCard) -> bool:
    """Whether the dataset can be shown without downloading it."""
    return data.is_local(card.name)


def show_samples(experiment: Experiment) -> None:
    """Images of all classes or of one, with other examples on demand; points as a scatter."""
    card = experiment.data.card
    if card.is_table and card.classes:
        chosen = _class(card)
        label = None if chosen == _ALL else card.classes.index(chosen)
        preview.show_rows(experiment, _A_CLASS if label is None else _ONE_CLASS, label)
        return
    if card.is_text:
        chosen = _class(card)
        label = None if chosen == _ALL else card.classes.index(chosen)
        preview.show_texts(experiment, _A_CLASS if label is None else _ONE_CLASS, label)
        return
    if not card.is_image or not card.classes:
        preview.show_samples(experiment)
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        chosen = _class(card)
    seed = st.session_state.setdefault(_SHOWN, 0)
    right.button("Show others", icon=":material/refresh:", on_click=_others, width="stretch")
    raw = data.raw_data(experiment.data, experiment.seed)
    every = range(card.class_count)[:_MOST_CLASSES]
    labels = every if chosen == _ALL else [card.classes.index(chosen)]
    count = max(1, min(_A_CLASS, _ONE_CLASS // len(labels))) if chosen == _ALL else _ONE_CLASS
    top = card.value_range[1] if card.value_range else 1.0
    show_grid(
        Tile(raw.x_train[index], (card.classes[label],), top)
        for label in labels
        for index in data.examples(raw, label, count, seed)
    )


def _class(card: DatasetCard) -> str:
    return st.selectbox(
        "Class", [_ALL, *card.classes], key=f"data.class.{card.name}", persist_state="session"
    )


def show_balance(experiment: Experiment) -> None:
    """Bars of samples a class in each part; for numbers, the spread of the target."""
    card = experiment.data.card
    if not card.classes:
        target = _histograms(experiment.data.arrays, experiment.seed)[-1]
        _show_histograms((target,), "Number to predict", "target")
        return
    counts = _counts(experiment.data.arrays, experiment.seed)
    info = figures.balance_info(asdict(counts), card.classes)
    charts.show(figures.BALANCE, info, "balance")


def show_distribution(experiment: Experiment) -> None:
    """How pixel or feature values are spread, as stored."""
    card = experiment.data.card
    found = _histograms(experiment.data.arrays, experiment.seed)
    if card.is_text:
        _show_histograms(found, "Tokens of a text", "distribution")
        st.caption("The first token of each text says that it begins.")
        return
    shown = found if card.is_image else found[: len(card.features)]
    if card.is_table:
        feature = st.selectbox(
            "Feature", card.features, key=f"data.feature.{card.name}", persist_state="session"
        )
        shown = (shown[card.features.index(feature)],)
    _show_histograms(shown, "Pixel value" if card.is_image else "Value", "distribution")
    looked_at, total = found[0].looked_at, found[0].total
    if looked_at < total:
        st.caption(f"From {looked_at:,} of {total:,} values, drawn at random.")


def show_correlation(experiment: Experiment) -> None:
    """How far each two features of a table go together."""
    card = experiment.data.card
    features = card.features[:_CORRELATED]
    names = wording.columns(features if card.classes else (*features, "target"))
    info = figures.correlation_info(names, _correlation(experiment.data.arrays, experiment.seed))
    charts.show(figures.CORRELATION, info, "correlation")
    st.caption("Pearson's correlation of the samples trained on: 1 rise together, -1 opposed.")
    if len(card.features) > _CORRELATED:
        st.caption(f"The first {_CORRELATED} of {len(card.features):,} features.")


def show_duplicates(experiment: Experiment) -> None:
    """Whether the network meets samples again on which it is judged."""
    found = _duplicates(experiment.data.arrays, experiment.seed)
    if not found:
        st.caption("No sample is there twice: the network is judged by samples that are new to it.")
        return
    trained, held = experiment.data.train_count, experiment.data.validation_count
    st.caption(
        f"Value for value the same: of {trained:,} samples trained on, {found.repeated:,} repeat "
        f"an earlier one; of {held:,} held back, {found.validation:,} are also trained on, and of "
        f"{experiment.data.card.test_size:,} tested on, {found.test:,}. On those the network is "
        "judged by what it has seen."
    )


def show_steps(experiment: Experiment) -> None:
    """Every step with its arrays before and after."""
    for number, step in enumerate(_steps(experiment.data, experiment.seed, experiment.one_hot), 1):
        with st.container(border=True):
            st.markdown(f"**{number}. {step.name}**")
            st.caption(step.explanation)
            tables.show(_table(step), width="stretch")
            same = [facts.name for facts in step.after if facts in step.before]
            if same and len(same) < len(step.after):
                st.caption(f"As before: {', '.join(same)}.")


def _others() -> None:
    st.session_state[_SHOWN] += 1


def _table(step: Step) -> pd.DataFrame:
    """The arrays that a step changes; all, if it changes none."""
    before = {facts.name: facts for facts in step.before}
    rows = []
    for facts in [facts for facts in step.after if facts not in step.before] or step.after:
        earlier = before.get(facts.name)
        row = {"Array": facts.name}
        if step.before:
            row |= {"Before": _facts(earlier) if earlier else "–"}
        rows.append(row | {"After" if step.before else "Shape, type and values": _facts(facts)})
    return pd.DataFrame(rows)


def _facts(facts: ArrayFacts) -> str:
    note = f", {facts.note}" if facts.note else ""
    extremes = f"{wording.amount(facts.minimum)} to {wording.amount(facts.maximum)}"
    return f"{describe(facts.shape)}, {facts.dtype}, {extremes}{note}"


def _show_histograms(found: tuple[Histogram, ...], title: str, key: str) -> None:
    counted = {histogram.name: (histogram.edges, histogram.counts) for histogram in found}
    info = figures.distribution_info(counted, title)
    charts.show(figures.DISTRIBUTION, info, key)


@st.cache_data(show_spinner=False, max_entries=64)
def _counts(settings: Data, seed: int) -> ClassCounts:
    return data.class_counts(settings, seed)


@st.cache_data(show_spinner=False, max_entries=64)
def _histograms(settings: Data, seed: int) -> tuple[Histogram, ...]:
    return data.value_histogram(settings, seed)


@st.cache_data(show_spinner=False, max_entries=64)
def _correlation(settings: Data, seed: int) -> Floats:
    return data.correlation(settings, seed, _CORRELATED)


@st.cache_data(show_spinner=False, max_entries=64)
def _duplicates(settings: Data, seed: int) -> Duplicates:
    return data.duplicates(settings, seed)


@st.cache_data(show_spinner=False, max_entries=64)
def _steps(settings: Data, seed: int, one_hot: bool) -> tuple[Step, ...]:
    return data.steps(settings, seed, one_hot)
