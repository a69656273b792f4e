"""Epochscope: the frame around every page, with its navigation and the shared sidebar."""

from importlib.machinery import ModuleSpec

# Streamlit makes this script the main module, which Python's multiprocessing runs again in every
# process it starts. A main module of this name is left alone: workers stay free of Streamlit.
__spec__ = ModuleSpec("epochscope.__main__", None)


def main() -> None:
    """Draw the page that the visitor asked for."""
    import streamlit as st  # noqa: PLC0415

    from core.ui import frame  # noqa: PLC0415

    st.set_page_config(page_title="Epochscope", page_icon=":material/neurology:", layout="wide")
    train = st.Page("pages/train.py", title="Train", icon=":material/play_circle:", default=True)
    pages = [
        train,
        st.Page("pages/data.py", title="Data", icon=":material/database:"),
        st.Page("pages/model.py", title="Model", icon=":material/account_tree:"),
        st.Page("pages/history.py", title="History", icon=":material/show_chart:"),
        st.Page("pages/confusion_matrix.py", title="Confusion matrix", icon=":material/grid_on:"),
        st.Page("pages/predictions.py", title="Predictions", icon=":material/image_search:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
    ]
    frame.show(st.navigation(pages, position="top"), train)


if __name__ == "__main__":
    main()
