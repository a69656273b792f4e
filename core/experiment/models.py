"""The ways to say what a model is: a quick builder a kind of data, and a list of layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.experiment import layers as kinds
from core.experiment.builder import Builder, Rate, dropped
from core.experiment.fields import Part
from core.experiment.layers import Layer, Padding, Window

MOST_LAYERS = 100

READER_TITLES: dict[str, str] = {
    "average": "Average of embeddings",
    "convolution": "1-D convolution",
    "lstm": "LSTM",
    "gru": "GRU",
}


class MLP(Builder):
    """Multilayer perceptron: `hidden_layers` equal Dense layers."""

    kind: Literal["mlp"] = "mlp"
    hidden_layers: int = Field(
        1,
        ge=0,
        le=20,
        title="Hidden layers",
        description="Dense layers before the output. 0 is a linear model; more can draw finer "
        "boundaries and overfit sooner.",
    )
    units: int = Field(
        128,
        ge=1,
        le=8192,
        title="Units",
        description="Neurons in each dense layer. More when training itself stays poor, fewer when "
        "only validation does.",
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "-".join([str(self.units)] * self.hidden_layers)
        return f"MLP {sizes or 'linear'}{self.extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = [kinds.Flatten()]
        for _ in range(self.hidden_layers):
            dense = kinds.Dense(units=self.units, kernel_regularizer=self.regularizer)
            built += self.activated(dense) + dropped(self.dropout)
        return tuple(built)


class CNN(Builder):
    """Convolution blocks, each twice as wide as the one before, then a dense head."""

    kind: Literal["cnn"] = "cnn"
    blocks: int = Field(
        2,
        ge=1,
        le=6,
        title="Convolution blocks",
        description="Groups of convolutions that end in pooling. Each sees larger parts of the "
        "image and takes longer.",
    )
    convolutions: int = Field(
        1,
        ge=1,
        le=4,
        title="Convolutions per block",
        description="Conv2D layers in each block. Two find finer patterns at about twice the time.",
    )
    filters: int = Field(
        32,
        ge=1,
        le=512,
        title="Filters",
        description="Patterns the first block looks for; each block doubles the number. Time grows "
        "with it.",
    )
    kernel_size: Window = Field(
        3,
        title="Kernel size",
        description="Side of the convolution window, in pixels. 3 is usual; 5 sees more at once.",
    )
    strides: Window = Field(
        1,
        title="Strides",
        description="Pixels a convolution moves at a time. 2 halves the image and saves time.",
    )
    padding: Padding = Field(
        "same",
        title="Padding",
        description="`same` keeps the image's size, `valid` trims its edge at each convolution.",
    )
    pooling: Literal["max", "average", "none"] = Field(
        "max",
        title="Pooling",
        description="How a block halves its image. Max keeps the strongest response and is usual; "
        "none keeps the size, and is slow.",
    )
    dense_units: int = Field(
        128,
        ge=0,
        le=8192,
        title="Units",
        description="Neurons in the dense layer after the convolutions; 0 for none. Most "
        "parameters are here.",
    )
    dense_dropout: Rate = Field(
        0.0,
        title="Dense dropout",
        description="Dropout after the dense layer, where overfitting starts. 0.5 is usual.",
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "-".join(str(self.filters * 2**block) for block in range(self.blocks))
        return f"CNN {sizes}{self.extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = []
        for block in range(self.blocks):
            built += self._block(self.filters * 2**block)
        built.append(kinds.Flatten())
        if self.dense_units:
            dense = kinds.Dense(units=self.dense_units, kernel_regularizer=self.regularizer)
            built += self.activated(dense) + dropped(self.dense_dropout)
        return tuple(built)

    def _block(self, filters: int) -> list[Layer]:
        convolution = kinds.Conv2D(
            filters=filters,
            kernel_size=self.kernel_size,
            strides=self.strides,
            padding=self.padding,
            kernel_regularizer=self.regularizer,
        )
        built = [layer for _ in range(self.convolutions) for layer in self.activated(convolution)]
        if self.pooling == "max":
            built.append(kinds.MaxPooling2D())
        elif self.pooling == "average":
            built.append(kinds.AveragePooling2D())
        return built + dropped(self.dropout)


class TextNetwork(Builder):
    """An embedding of the tokens, a layer that makes one row of them, then a dense head."""

    kind: Literal["text"] = "text"
    embedding_size: int = Field(
        32,
        ge=1,
        le=1024,
        title="Embedding size",
        description="Numbers that stand for a token; the network learns them. 16 to 64 is plenty "
        "for small sets.",
    )
    reader: Literal["average", "convolution", "lstm", "gru"] = Field(
        "average",
        title="Sequence layer",
        description="What makes one row of numbers of all the tokens. The average is fast and "
        "ignores their order; LSTM and GRU follow it and are slow.",
    )
    reader_units: int = Field(
        64,
        ge=1,
        le=1024,
        title="Sequence units",
        description="Filters of the convolution, or units of LSTM and GRU. More take longer.",
    )
    kernel_size: Window = Field(
        5,
        title="Kernel size",
        description="Tokens a convolution sees at a time: the length of the phrases it can tell "
        "apart.",
    )
    dense_units: int = Field(
        32,
        ge=0,
        le=8192,
        title="Units",
        description="Neurons in the dense layer before the output; 0 for none.",
    )

    @property
    def name(self) -> str:
        """A short title."""
        sizes = "" if self.reader == "average" else f" {self.reader_units}"
        return f"{READER_TITLES[self.reader]}{sizes}{self.extras}"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers before the output layer."""
        built: list[Layer] = [kinds.Embedding(output_dim=self.embedding_size), *self._reading()]
        built += dropped(self.dropout)
        if self.dense_units:
            dense = kinds.Dense(units=self.dense_units, kernel_regularizer=self.regularizer)
            built += self.activated(dense) + dropped(self.dropout)
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
            kernel_regularizer=self.regularizer,
        )
        return [*self.activated(convolution), kinds.GlobalMaxPooling1D()]


class Custom(Part):
    """Every layer by hand; the output layer is added, unless the last one can be it.

    With `output_layer` "added" it is in any case, as it was before one put there was recognized.
    """

    kind: Literal["custom"] = "custom"
    layers: tuple[Layer, ...] = Field((), max_length=MOST_LAYERS, title="Layers")
    preset: str | None = Field(None, max_length=40, title="Preset")
    output_layer: Literal["recognized", "added"] = Field("recognized", title="Output layer")

    @property
    def name(self) -> str:
        """A short title."""
        return self.preset or f"Custom, {len(self.layers)} layers"

    def hidden(self) -> tuple[Layer, ...]:
        """All layers made by hand, the output layer among them where that was put there."""
        return self.layers


Model = Annotated[MLP | CNN | TextNetwork | Custom, Field(discriminator="kind")]
