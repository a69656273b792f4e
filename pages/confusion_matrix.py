"""Confusion matrix: which classes the network takes for which; of numbers, how far off it is."""

import streamlit as st

from core.ui import confusion_view, live, navigation, notices, run_picker

navigation.open_page(run_picker.result_title)
run = run_picker.pick()
if run is None:
    notices.nothing_yet("Which classes a network confuses, or how far off its numbers are,")
    st.stop()
live.follow(run, confusion_view.draw)
