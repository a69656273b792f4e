"""Ways out: an experiment as a Keras program, the loop by hand as text, results as files."""

from core.export.loop_source import tape_source
from core.export.pipeline import tf_data_script
from core.export.script import keras_script, layer_call

__all__ = ["keras_script", "layer_call", "tape_source", "tf_data_script"]
