"""Epochscope: the entry script, which draws the frame and in it the page that is asked for."""

from importlib.machinery import ModuleSpec

# Streamlit makes this script the main module, which Python's multiprocessing runs again in every
# process it starts. A main module of this name is left alone: workers stay free of Streamlit.
__spec__ = ModuleSpec("epochscope.__main__", None)


def main() -> None:
    """Draw navigation, sidebar and page."""
    import streamlit as st  # noqa: PLC0415

    from core.ui import frame  # noqa: PLC0415

    st.set_page_config(
        page_title="Epochscope",
        page_icon=":material/neurology:",
        layout="wide",
        initial_sidebar_state=350,
    )
    frame.show()


if __name__ == "__main__":
    main()
