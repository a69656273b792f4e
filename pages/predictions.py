"""Predictions: single test samples, and what the network said of them."""

import streamlit as st

from core.ui import live, navigation, notices, predictions_view, run_picker

navigation.open_page("Predictions")
run = run_picker.pick()
if run is None:
    notices.nothing_yet("What a network says of single samples")
    st.stop()
live.follow(run, predictions_view.draw)
