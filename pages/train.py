"""Train: watch a run arrive epoch by epoch; before it, what would be trained."""

import streamlit as st

from core.ui import frame, live, navigation, notices, preview, run_picker, training_view

navigation.open_page("Train")
welcome = st.container()
run = run_picker.pick()
if run is None:
    welcome.markdown(
        "Press **Train** in the sidebar: a network learns from the data below, and every epoch "
        "appears here as it ends. Then change one thing, and train again."
    )
else:
    live.follow(run, training_view.draw)
    st.header("The next run", anchor=False)
draft = frame.draft()
if draft.experiment is None:
    notices.show_problems("These settings cannot be trained yet.", draft.problems)
else:
    preview.show(draft.experiment)
