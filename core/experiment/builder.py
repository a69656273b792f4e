"""What the quick builders of models share: their common settings, and layers made of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.experiment import layers as kinds
from core.experiment.fields import Part
from core.experiment.layers import ActivationName, Layer, Penalty, Regularizer

Rate = Annotated[float, Field(ge=0, lt=1)]


class Builder(Part):
    """The settings the quick builders share."""

    activation: ActivationName = Field(
        "relu",
        title="Activation",
        description="The non-linearity between layers. ReLU is the usual choice; linear makes all "
        "layers together no more than one.",
    )
    dropout: Rate = Field(
        0.0,
        title="Dropout",
        description="Share of values set to zero while training. Use 0.2 to 0.5 against "
        "overfitting; training scores then look worse than validation.",
    )
    batch_normalization: bool = Field(
        False,
        title="Batch normalization",
        description="Rescale each layer's outputs by the batch, before the activation. Deep "
        "networks learn faster with it; it needs some hundred updates to settle.",
    )
    l1: Penalty = Field(
        0.0,
        title="L1",
        description="Penalty on |weights|, added to the loss. Use 0.0001 to 0.01 against "
        "overfitting; it drives weights that are not needed to zero.",
    )
    l2: Penalty = Field(
        0.0,
        title="L2",
        description="Penalty on weights², added to the loss. Use 0.0001 to 0.01 against "
        "overfitting; it keeps all weights small.",
    )

    @property
    def extras(self) -> str:
        """Its regularization, for the model's title."""
        found = {
            f"dropout {self.dropout:g}": self.dropout,
            "batch norm": self.batch_normalization,
            f"L1 {self.l1:g}": self.l1,
            f"L2 {self.l2:g}": self.l2,
        }
        return "".join(f" + {name}" for name, active in found.items() if active)

    @property
    def regularizer(self) -> Regularizer:
        """The weight penalty that L1 and L2 make together."""
        return Regularizer(l1=self.l1, l2=self.l2)

    def activated(self, layer: kinds.Dense | kinds.Conv1D | kinds.Conv2D) -> list[Layer]:
        """`layer` and its activation, with batch normalization between the two if asked for."""
        if not self.batch_normalization:
            return [layer.model_copy(update={"activation": self.activation})]
        return [layer, kinds.BatchNormalization(), kinds.Activation(activation=self.activation)]


def dropped(rate: float) -> list[Layer]:
    """A dropout layer of this rate; none for 0."""
    return [kinds.Dropout(rate=rate)] if rate else []
