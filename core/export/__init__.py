"""Ways out: an experiment as a Keras program, results as files."""

from core.export.script import keras_script, layer_call

__all__ = ["keras_script", "layer_call"]
