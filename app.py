"""Epochscope: the server, and the script that draws the frame and in it the page asked for."""

import sys
from importlib.machinery import ModuleSpec

import streamlit as st

# Python's multiprocessing runs the main module again in every process it starts. A main module
# of this name is left alone: workers stay free of Streamlit.
sys.modules["__main__"].__spec__ = ModuleSpec("epochscope.__main__", None)


def main() -> None:
    """Draw navigation, sidebar and page."""
    from core.ui import frame  # noqa: PLC0415 - a server imports it once it has been started

    frame.show()


if __name__ == "__main__":  # as the script of a visit
    main()
else:  # as the module `streamlit run app.py` serves
    from core.ui import reports

    reports.begin()  # first: what is imported next has something to say

    from core.ui.server import lookups
    from core.ui.server.chain import middleware
    from core.ui.startup import prepared

    lookups.prevent()
    app = st.App(__file__, lifespan=prepared, middleware=middleware)
