"""Compare: several runs side by side, and what under- and overfitting look like."""

import streamlit as st

from core.ui import compare_choice, compare_view, navigation

navigation.open_page("Compare")
compare_view.show_lesson()
runs = compare_choice.choose()
if len(runs) < 2:
    st.info("Choose two or more runs to compare them.", icon=":material/compare_arrows:")
    st.stop()
compare_view.follow(runs)
