"""Ways out: an experiment as a Keras program, the loop by hand as text, results as files."""

from core.export.loading import file_name
from core.export.loop_script import loop_script
from core.export.loop_source import tape_source
from core.export.pipeline import batches_script, tf_data_script
from core.export.script import keras_script, layer_call, network_script

__all__ = [
    "batches_script",
    "file_name",
    "keras_script",
    "layer_call",
    "loop_script",
    "network_script",
    "tape_source",
    "tf_data_script",
]
