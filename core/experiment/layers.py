"""The layers a model can be made of, each with its Keras arguments under Keras's names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.experiment.fields import Part

ActivationName = Literal[
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softmax"
]
Padding = Literal["valid", "same"]

Penalty = Annotated[float, Field(ge=0, le=10)]
Window = Annotated[int, Field(ge=1, le=32)]


_ACTIVATION = "The non-linearity after the layer; linear leaves its outputs as they are."
_PADDING = "`same` keeps the size, `valid` trims the edge."
_STRIDES = "How far the window moves at a time. 2 halves the size."


class Regularizer(Part):
    """Weight penalty added to the loss: `l1 * Σ|w| + l2 * Σw²` (Keras `L1L2`)."""

    l1: Penalty = Field(0.0, title="L1", description="Penalty on the absolute size of weights.")
    l2: Penalty = Field(0.0, title="L2", description="Penalty on the squared size of weights.")

    @property
    def active(self) -> bool:
        """Whether the penalty changes anything."""
        return self.l1 > 0 or self.l2 > 0


class _Weighted(Part):
    """A layer with a kernel, a bias, and an activation."""

    activation: ActivationName = Field("linear", title="Activation", description=_ACTIVATION)
    kernel_regularizer: Regularizer = Field(Regularizer(), title="Kernel regularizer")
    bias_regularizer: Regularizer = Field(Regularizer(), title="Bias regularizer")


class Conv2D(_Weighted):
    """Convolution over height and width."""

    kind: Literal["Conv2D"] = "Conv2D"
    filters: int = Field(
        32,
        ge=1,
        le=1024,
        title="Filters",
        description="Patterns the layer looks for: as many channels come out.",
    )
    kernel_size: Window = Field(
        3, title="Kernel size", description="Side of the window, in pixels. 3 is usual."
    )
    strides: Window = Field(1, title="Strides", description=_STRIDES)
    padding: Padding = Field("valid", title="Padding", description=_PADDING)


class Embedding(Part):
    """A row of `output_dim` learned numbers for each token, in place of its number.

    How many tokens there are follows from the data: the experiment fills `input_dim` in.
    """

    kind: Literal["Embedding"] = "Embedding"
    input_dim: int | None = Field(None, ge=1, title="Tokens")
    output_dim: int = Field(
        32, ge=1, le=1024, title="Embedding size", description="Numbers that stand for a token."
    )


class Conv1D(_Weighted):
    """Convolution along a sequence."""

    kind: Literal["Conv1D"] = "Conv1D"
    filters: int = Field(
        32,
        ge=1,
        le=1024,
        title="Filters",
        description="Patterns the layer looks for: as many channels come out.",
    )
    kernel_size: Window = Field(
        5, title="Kernel size", description="Length of the window, in tokens."
    )
    strides: Window = Field(1, title="Strides", description=_STRIDES)
    padding: Padding = Field("valid", title="Padding", description=_PADDING)


class _Recurrent(Part):
    """Reads a sequence step by step; its last state, or with `return_sequences` each of them."""

    units: int = Field(
        64, ge=1, le=1024, title="Units", description="Numbers the layer remembers and gives out."
    )
    return_sequences: bool = Field(
        False,
        title="Return sequences",
        description="Give out the state at every step. Another layer for sequences needs it.",
    )


class LSTM(_Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

    kind: Literal["LSTM"] = "LSTM"


class GRU(_Recurrent):
    """Gated recurrent unit (Cho et al., 2014)."""

    kind: Literal["GRU"] = "GRU"


class _Pooling(Part):
    """A window that slides over the input; `strides` None means the window's size."""

    pool_size: Window = Field(
        2, title="Pool size", description="Side of the window: 2 halves the size."
    )
    strides: Window | None = Field(
        None,
        title="Strides",
        description="How far the window moves at a time. Left out: as far as the pool size.",
    )
    padding: Padding = Field("valid", title="Padding", description=_PADDING)

    @property
    def step(self) -> int:
        """How far the window moves at a time."""
        return self.strides or self.pool_size


class MaxPooling2D(_Pooling):
    """The largest value of each window."""

    kind: Literal["MaxPooling2D"] = "MaxPooling2D"


class AveragePooling2D(_Pooling):
    """The mean of each window."""

    kind: Literal["AveragePooling2D"] = "AveragePooling2D"


class MaxPooling1D(_Pooling):
    """The largest value of each window of a sequence."""

    kind: Literal["MaxPooling1D"] = "MaxPooling1D"


class GlobalAveragePooling1D(Part):
    """The mean of each channel over the whole sequence."""

    kind: Literal["GlobalAveragePooling1D"] = "GlobalAveragePooling1D"


class GlobalMaxPooling1D(Part):
    """The largest value of each channel in the whole sequence."""

    kind: Literal["GlobalMaxPooling1D"] = "GlobalMaxPooling1D"


class GlobalAveragePooling2D(Part):
    """The mean of each channel over the whole image."""

    kind: Literal["GlobalAveragePooling2D"] = "GlobalAveragePooling2D"


class Flatten(Part):
    """All values of a sample in one row."""

    kind: Literal["Flatten"] = "Flatten"


class Dense(_Weighted):
    """Every output connected to every input."""

    kind: Literal["Dense"] = "Dense"
    units: int = Field(
        64, ge=1, le=8192, title="Units", description="Neurons: as many numbers come out."
    )


class Activation(Part):
    """A non-linearity on its own."""

    kind: Literal["Activation"] = "Activation"
    activation: ActivationName = Field("relu", title="Activation", description=_ACTIVATION)


class Dropout(Part):
    """Sets a share of its inputs to zero, in training only."""

    kind: Literal["Dropout"] = "Dropout"
    rate: float = Field(
        0.5, ge=0, lt=1, title="Rate", description="Share of values set to zero in training."
    )


class BatchNormalization(Part):
    """Rescales each channel by the statistics of the batch (Ioffe and Szegedy, 2015)."""

    kind: Literal["BatchNormalization"] = "BatchNormalization"
    momentum: float = Field(
        0.99,
        ge=0,
        lt=1,
        title="Momentum",
        description="Share of the moving statistics kept at each update. Lower it where "
        "updates are few: 0.9 settles after some 30, 0.99 after some 300.",
    )
    epsilon: float = Field(
        0.001,
        gt=0,
        le=1,
        title="Epsilon",
        description="Added to the variance, against division by zero.",
    )


class Rescaling(Part):
    """Multiplies by `scale` and adds `offset`; nothing is learned.

    The experiment puts it last where targets are scaled, without the two numbers: they are the
    deviation and the mean of the targets trained on, which whoever builds the model fills in.
    """

    kind: Literal["Rescaling"] = "Rescaling"
    scale: float | None = Field(None, title="Scale")
    offset: float | None = Field(None, title="Offset")


Layer = Annotated[
    Conv2D
    | MaxPooling2D
    | AveragePooling2D
    | GlobalAveragePooling2D
    | Flatten
    | Dense
    | Activation
    | Dropout
    | BatchNormalization
    | Embedding
    | Conv1D
    | LSTM
    | GRU
    | MaxPooling1D
    | GlobalAveragePooling1D
    | GlobalMaxPooling1D,
    Field(discriminator="kind"),
]
LAYER_TYPES: dict[str, type[Part]] = {
    cls.__name__: cls
    for cls in (
        Conv2D,
        MaxPooling2D,
        AveragePooling2D,
        GlobalAveragePooling2D,
        Flatten,
        Dense,
        Activation,
        Dropout,
        BatchNormalization,
        Embedding,
        Conv1D,
        LSTM,
        GRU,
        MaxPooling1D,
        GlobalAveragePooling1D,
        GlobalMaxPooling1D,
    )
}
IMAGE_LAYERS = frozenset(name for name in LAYER_TYPES if name.endswith("2D"))
SEQUENCE_LAYERS = frozenset(
    name for name in LAYER_TYPES if name.endswith("1D") or name in ("Embedding", "LSTM", "GRU")
)
