"""Runs: what is training, waiting and paused, and what has ended."""

from core.ui import navigation, runs_view

navigation.open_page("Runs")
runs_view.follow()
