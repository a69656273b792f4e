"""History: every metric of a run, epoch by epoch."""

import streamlit as st

from core.ui import history_view, live, navigation, notices, run_picker

navigation.open_page("History")
run = run_picker.pick()
if run is None:
    notices.nothing_yet("The history of a run")
    st.stop()
live.follow(run, history_view.draw)
