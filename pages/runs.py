"""Runs: what is training, waiting and paused, what has ended, and how the server is doing."""

import streamlit as st

from core.ui import health, navigation, runs_view

navigation.open_page("Runs")
with st.expander("How the server is doing", icon=":material/monitor_heart:"):
    health.follow()
runs_view.follow()
