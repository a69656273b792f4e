"""Many visitors at once against the real app: `python -m tests.load`."""
