"""Data: what the network will see, and what is done to it on the way."""

import streamlit as st

from core.ui import (
    augmentation_view,
    data_view,
    frame,
    likeness_view,
    navigation,
    notices,
    own_view,
    pipeline_view,
    platform,
    preview,
)

navigation.open_page("Data")
with notices.readable_errors():
    own_view.show()
draft = frame.draft()
if draft.experiment is None:
    st.warning("The sidebar's settings cannot be used yet: see the messages there.")
    st.stop()

card = draft.experiment.data.card
st.markdown(f"**{card.title}.** {card.summary}")
st.caption(f"Source: {card.source}. Licence: {card.licence}.")
own_view.show_download(draft.experiment)
if card.caution:
    st.warning(card.caution, icon=":material/report:")
if not data_view.available(card):
    preview.show_samples(draft.experiment)
    st.stop()

with notices.readable_errors():
    platform.bring(draft.experiment.data)
    st.subheader("Samples")
    data_view.show_samples(draft.experiment)
    if card.is_image:
        st.subheader("Mean of each class")
        likeness_view.show_means(draft.experiment)
    left, right = st.columns(2)
    with left:
        st.subheader("Class balance" if card.classes else "Target")
        data_view.show_balance(draft.experiment)
    with right:
        st.subheader("Distribution")
        data_view.show_distribution(draft.experiment)
    if card.is_table:
        st.subheader("Correlation")
        data_view.show_correlation(draft.experiment)
    st.subheader("Nearest neighbours")
    likeness_view.show_neighbours(draft.experiment)
    st.subheader("Duplicates")
    data_view.show_duplicates(draft.experiment)
    st.subheader("Preparation")
    data_view.show_steps(draft.experiment)
    if card.is_image:
        st.subheader("Augmentation")
        augmentation_view.show_samples(draft.experiment)
    st.subheader("The same as code")
    pipeline_view.show(draft.experiment)
