"""What a dataset holds and what is done to it, on the Data page: one part open at a time."""

from __future__ import annotations

import streamlit as st

from core.experiment import Experiment
from core.ui import augmentation_view, data_view, kept, likeness_view, pipeline_view

TABS_KEY = "data.tab"
TABS = ("Samples", "Values", "Preparation")


def show(experiment: Experiment) -> None:
    """The samples, how their values are spread, and the way to the network, in tabs.

    Only the open tab is drawn: together they are as long as five screens.
    """
    samples, values, preparation = kept.tabs(TABS, TABS_KEY)
    if samples.open:
        with samples:
            _show_samples(experiment)
    if values.open:
        with values:
            _show_values(experiment)
    if preparation.open:
        with preparation:
            _show_preparation(experiment)


def _show_samples(experiment: Experiment) -> None:
    data_view.show_samples(experiment)
    st.header("Nearest neighbours", anchor=False)
    likeness_view.show_neighbours(experiment)
    if experiment.data.card.is_image and experiment.data.card.classes:
        st.header("Mean of each class", anchor=False)
        likeness_view.show_means(experiment)


def _show_values(experiment: Experiment) -> None:
    card = experiment.data.card
    left, right = st.columns(2)
    with left:
        st.header("Class balance" if card.classes else "Number to predict", anchor=False)
        data_view.show_balance(experiment)
    with right:
        st.header("Distribution", anchor=False)
        data_view.show_distribution(experiment)
    if card.is_table:
        st.header("Correlation", anchor=False)
        data_view.show_correlation(experiment)
    st.header("Duplicates", anchor=False)
    data_view.show_duplicates(experiment)


def _show_preparation(experiment: Experiment) -> None:
    data_view.show_steps(experiment)
    if experiment.data.card.is_image:
        st.header("Augmentation", anchor=False)
        augmentation_view.show_samples(experiment)
    st.header("The same as code", anchor=False)
    pipeline_view.show(experiment)
