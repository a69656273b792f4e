"""Measures what Epochscope promises about speed and size: `python -m tests.benchmarks`."""
