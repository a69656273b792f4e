"""Data: what the network will see, and what is done to it on the way."""

import streamlit as st

from core.ui import data_tabs, data_view, frame, navigation, notices, own_view, platform, preview

navigation.open_page("Data")
with notices.readable_errors():
    own_view.show()
draft = frame.draft()
if draft.experiment is None:
    notices.show_problems("These settings cannot be used yet.", draft.problems)
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
    data_tabs.show(draft.experiment)
