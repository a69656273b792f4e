"""Model: the network's layers, how its data changes shape, and where its parameters are."""

import streamlit as st

from core.export import keras_script
from core.ui import code_view, frame, layer_editor, model_view, navigation, notices

navigation.open_page("Model")
draft = frame.draft()
layer_editor.show(draft)
experiment = model_view.choose(draft)
if experiment is None:
    notices.show_problems("This model cannot be built yet.", draft.problems)
    st.stop()

model_view.show_numbers(experiment)
st.header("Summary", anchor=False)
model_view.show_summary(experiment)
left, right = st.columns(2, gap="large")
with left:
    st.header("Diagram", anchor=False)
    model_view.show_diagram(experiment)
with right:
    st.header("Keras code", anchor=False)
    code_view.show(keras_script(experiment), "train.py", experiment)
model_view.show_loop(experiment)
