"""The ways to say what a model is: a quick builder a kind of data, and a list of layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.experiment import layers as kinds
from core.experiment.fields import Part
from core.experiment.layers import ActivationName, Layer, Padding, Penalty, Regularizer, Window

Rate = Annotated[float, Field(ge=0, lt=1)]


READER_TITLES: dict[str, str] = {
    "average": "Average of embeddings",
    "convolution": "1-D convolution",
    "lstm": "LSTM",
    "gru": "GRU",
}


class _Builder(Part):
    """The knobs the quick builders share."""

    activation: ActivationName = Field(
        "relu", title="Activation", description="The non-linearity between layers."
    )
    dropout: Rate = Field(
        0.0, title="Dropout", description="Share of values set to zero while training."
    )
    batch_normalization: bool = Field(
        False,
        title="Batch normalization",
        description="Rescale each layer's outputs by the batch, before the activation.",
    )
    l1: Penalty = Field(
        0.0, title="L1", description="Penalty on |weights|: drives unneeded ones to zero."
    )
    l2: Penalty = Field(
        0.0, title="L2", description="Penalty on weights²: keeps all of them small."
    )

    @property
    def _extras(self) -> str:
        """What holds the model in check, for its title."""
        found = {
            f"dropout {self.dropout:g}": self.dropout,
            "batch norm": self.batch_normalization,
            f"L1 {self.l1:g}": self.l1,
            f"L2 {self.l2:g}": self.l2,
        }
        return "".join(f" + {name}" for name, active in found.items() if active)

    @property
    def _regularizer(self) -> Regularizer:
        return Regularizer(l1=self.l1, l2=self.l2)

    def _activated(self, layer: kinds.Dense | kinds.Conv1D | kinds.Conv2D) -> list[Layer]:
        """`layer` and its activation, with batch normalization between the two if asked for."""
        if not self.batch_normalization:
            return [layer.model_copy(update={"activation": self.activation})]
        return [layer, kinds.BatchNormalization(), kinds.Activation(activation=self.activation)]


def _dropped(rate: float) -> list[Layer]:
    return [kinds.Dropout(rate=rate)] if rate else []


class MLP(_Builder):
    """Multilayer perceptron: `hidden_layers` equal Dense layers."""

    kind: Literal["mlp"] = "mlp"
    hidden_layers: int = Field(
        1, ge=0, le=20, title="Hidden layers", description="Dense layers before the output."
    )
    units: int = Field(
        128, ge=1, le=8192, title="Units", description="Neurons in each dense layer."
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "-".join([str(self.units)] * self.hidden_layers)
        return f"MLP {sizes or 'linear'}{self._extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = [kinds.Flatten()]
        for _ in range(self.hidden_layers):
            dense = kinds.Dense(units=self.units, kernel_regularizer=self._regularizer)
            built += self._activated(dense) + _dropped(self.dropout)
        return tuple(built)


class CNN(_Builder):
    """Convolution blocks, each twice as wide as the one before, then a dense head."""

    kind: Literal["cnn"] = "cnn"
    blocks: int = Field(
        2, ge=1, le=6, title="Convolution blocks", description="Groups that end in pooling."
    )
    convolutions: int = Field(
        1, ge=1, le=4, title="Convolutions per block", description="Conv2D layers in each block."
    )
    filters: int = Field(
        32, ge=1, le=512, title="Filters", description="In the first block; each block doubles it."
    )
    kernel_size: Window = Field(
        3, title="Kernel size", description="Side of the convolution window, in pixels."
    )
    strides: Window = Field(1, title="Strides", description="Pixels a convolution moves at a time.")
    padding: Padding = Field(
        "same", title="Padding", description="`same` keeps the image's size, `valid` trims it."
    )
    pooling: Literal["max", "average", "none"] = Field(
        "max", title="Pooling", description="How a block halves its image."
    )
    dense_units: int = Field(
        128, ge=0, le=8192, title="Units", description="Neurons in the dense layer; 0 for none."
    )
    dense_dropout: Rate = Field(
        0.0, title="Dense dropout", description="Dropout after the dense layer."
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "-".join(str(self.filters * 2**block) for block in range(self.blocks))
        return f"CNN {sizes}{self._extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = []
        for block in range(self.blocks):
            built += self._block(self.filters * 2**block)
        built.append(kinds.Flatten())
        if self.dense_units:
            dense = kinds.Dense(units=self.dense_units, kernel_regularizer=self._regularizer)
            built += self._activated(dense) + _dropped(self.dense_dropout)
        return tuple(built)

    def _block(self, filters: int) -> list[Layer]:
        convolution = kinds.Conv2D(
            filters=filters,
            kernel_size=self.kernel_size,
            strides=self.strides,
            padding=self.padding,
            kernel_regularizer=self._regularizer,
        )
        built = [layer for _ in range(self.convolutions) for layer in self._activated(convolution)]
        if self.pooling == "max":
            built.append(kinds.MaxPooling2D())
        elif self.pooling == "average":
            built.append(kinds.AveragePooling2D())
        return built + _dropped(self.dropout)


class TextNetwork(_Builder):
    """An embedding of the tokens, a layer that makes one row of them, then a dense head."""

    kind: Literal["text"] = "text"
    embedding_size: int = Field(
        32,
        ge=1,
        le=1024,
        title="Embedding size",
        description="Numbers that stand for a token; the network learns them.",
    )
    reader: Literal["average", "convolution", "lstm", "gru"] = Field(
        "average",
        title="How it reads",
        description="What makes one row of numbers of all the tokens. Only the average takes no "
        "notice of their order.",
    )
    reader_units: int = Field(
        64, ge=1, le=1024, title="Reading units", description="Filters, or units of LSTM and GRU."
    )
    kernel_size: Window = Field(
        5, title="Window", description="Tokens a convolution sees at a time."
    )
    dense_units: int = Field(
        32, ge=0, le=8192, title="Units", description="Neurons in the dense layer; 0 for none."
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "" if self.reader == "average" else f" {self.reader_units}"
        return f"{READER_TITLES[self.reader]}{sizes}{self._extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = [kinds.Embedding(output_dim=self.embedding_size), *self._reading()]
        built += _dropped(self.dropout)
        if self.dense_units:
            dense = kinds.Dense(units=self.dense_units, kernel_regularizer=self._regularizer)
            built += self._activated(dense) + _dropped(self.dropout)
        return tuple(built)

    def _reading(self) -> list[Layer]:
        match self.reader:
            case "average":
                return [kinds.GlobalAveragePooling1D()]
            case "lstm":
                return [kinds.LSTM(units=self.reader_units)]
            case "gru":
                return [kinds.GRU(units=self.reader_units)]
        convolution = kinds.Conv1D(
            filters=self.reader_units,
            kernel_size=self.kernel_size,
            padding="same",
            kernel_regularizer=self._regularizer,
        )
        return [*self._activated(convolution), kinds.GlobalMaxPooling1D()]


class Custom(Part):
    """Every layer by hand, without the output layer."""

    kind: Literal["custom"] = "custom"
    layers: tuple[Layer, ...] = Field((), max_length=100, title="Layers")
    preset: str | None = Field(None, max_length=40, title="Preset")

    @property
    def name(self) -> str:
        """A short title."""
        return self.preset or f"Custom, {len(self.layers)} layers"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        return self.layers


Model = Annotated[MLP | CNN | TextNetwork | Custom, Field(discriminator="kind")]
