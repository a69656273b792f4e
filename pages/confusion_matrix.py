"""Confusion matrix: which classes the network takes for which."""

import streamlit as st

from core.ui import confusion_view, live, navigation, notices, run_picker

navigation.open_page("Confusion matrix")
run = run_picker.pick()
if run is None:
    notices.nothing_yet("Which classes a network confuses")
    st.stop()
live.follow(run, confusion_view.draw)
