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
    st.subheader("Nearest neighbours")
    likeness_view.show_neighbours(experiment)
    if experiment.data.card.is_image and experiment.data.card.classes:
        st.subheader("Mean of each class")
        likeness_view.show_means(experiment)


def _show_values(experiment: Experiment) -> None:
    card = experiment.data.card
    left, right = st.columns(2)
    with left:
        st.subheader("Class balance" if card.classes else "Number to predict")
        data_view.show_balance(experiment)
    with right:
        st.subheader("Distribution")
        data_view.show_distribution(experiment)
    if card.is_table:
        st.subheader("Correlation")
        data_view.show_correlation(experiment)
    st.subheader("Duplicates")
    data_view.show_duplicates(experiment)


def _show_preparation(experiment: Experiment) -> None:
    data_view.show_steps(experiment)
    if experiment.data.card.is_image:
        st.subheader("Augmentation")
        augmentation_view.show_samples(experiment)
    st.subheader("The same as code")
    pipeline_view.show(experiment)
