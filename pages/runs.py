"""Runs: what is training, waiting and paused, what has ended, and how the server is doing."""

from core.ui import health, kept, navigation, runs_view

navigation.open_page("Runs")
with kept.expander("How the server is doing", "runs.health", ":material/monitor_heart:"):
    health.follow()
runs_view.follow()
