"""How a weight begins. Every kind fills an array in place from a generator.

Zeros in every weight would keep the neurons of a layer identical for ever:
each would get the same gradient. Random starts break the tie, and their
spread keeps signals and gradients from growing or dying from layer to layer.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.fields import Declared, Real
from engine.registry import Registry

Array = NDArray[Any]


class Initializer(Declared):
    """A rule for the first values of a parameter.

    formula: the distribution, as one line of text.
    source: the paper it comes from.
    """

    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        """Fill `array` in place.

        fan_in, fan_out: how many values one unit reads, and how many read it.
        Numbers are drawn in float64 whatever the array's precision, so that
        float32 and float64 networks start from the same point.
        """
        raise NotImplementedError  # every kind has its own rule


INITIALIZERS: Registry[Initializer] = Registry("initialiser")


@INITIALIZERS.register
class Zeros(Initializer):
    """All zeros: right for biases, fatal for the weights of a layer."""

    kind = "zeros"
    label = "Zeros"
    summary = "Every value starts at zero; neurons that start alike stay alike."
    formula = "w = 0"

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        array.fill(0)


@INITIALIZERS.register
class Constant(Initializer):
    """One number everywhere."""

    kind = "constant"
    label = "Constant"
    summary = "Every value starts at the same number."
    formula = "w = value"

    value = Real(0.0, help="The number that every value starts at.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        array.fill(self.value)


@INITIALIZERS.register
class Uniform(Initializer):
    """Evenly spread around zero."""

    kind = "uniform"
    label = "Uniform"
    summary = "Evenly spread between two bounds around zero."
    formula = "w ~ U(-bound, bound)"

    bound = Real(0.05, above=0, help="Values are drawn from -bound to bound.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_uniform(rng, array, self.bound)


@INITIALIZERS.register
class Normal(Initializer):
    """A bell curve around zero."""

    kind = "normal"
    label = "Normal"
    summary = "A bell curve around zero."
    synonyms = ("gaussian",)
    formula = "w ~ N(0, deviation²)"

    deviation = Real(0.05, above=0, help="Standard deviation of the values.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_normal(rng, array, self.deviation)


@INITIALIZERS.register
class TruncatedNormal(Initializer):
    """A bell curve around zero without its tails: what lies beyond two deviations is drawn anew."""

    kind = "truncated_normal"
    label = "Truncated normal"
    summary = "A bell curve around zero, without values beyond two deviations."
    synonyms = ("gaussian",)
    formula = "w ~ N(0, deviation²), |w| ≤ 2 deviation"
    source = "Keras, keras.initializers.TruncatedNormal; PyTorch, trunc_normal_"

    deviation = Real(
        0.02, above=0, help="Standard deviation of the curve before its tails are cut."
    )

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        values = rng.standard_normal(array.size)
        beyond = np.flatnonzero(np.abs(values) > 2)
        while len(beyond):
            values[beyond] = rng.standard_normal(len(beyond))
            beyond = beyond[np.abs(values[beyond]) > 2]
        array[...] = (values * self.deviation).reshape(array.shape)


@INITIALIZERS.register
class GlorotUniform(Initializer):
    """Keeps the spread of signals and gradients through tanh-like layers."""

    kind = "glorot_uniform"
    label = "Glorot uniform"
    summary = "Evenly spread, scaled by both fans; suits tanh, sigmoid and softmax."
    synonyms = ("xavier",)
    formula = "w ~ U(-√(6 / (fan_in + fan_out)), √(6 / (fan_in + fan_out)))"
    source = "Glorot and Bengio, Understanding the difficulty of training deep networks, 2010"

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_uniform(rng, array, math.sqrt(6 / (fan_in + fan_out)))


@INITIALIZERS.register
class GlorotNormal(Initializer):
    """The bell curve with the spread of Glorot uniform."""

    kind = "glorot_normal"
    label = "Glorot normal"
    summary = "A bell curve, scaled by both fans; suits tanh, sigmoid and softmax."
    synonyms = ("xavier",)
    formula = "w ~ N(0, 2 / (fan_in + fan_out))"
    source = GlorotUniform.source

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_normal(rng, array, math.sqrt(2 / (fan_in + fan_out)))


@INITIALIZERS.register
class HeUniform(Initializer):
    """Keeps the spread of signals through ReLU, which drops half of them."""

    kind = "he_uniform"
    label = "He uniform"
    summary = "Evenly spread, scaled by the inputs; suits ReLU and its relatives."
    synonyms = ("kaiming",)
    formula = "w ~ U(-√(6 / fan_in), √(6 / fan_in))"
    source = "He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015"

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_uniform(rng, array, math.sqrt(6 / fan_in))


@INITIALIZERS.register
class HeNormal(Initializer):
    """The bell curve with the spread of He uniform."""

    kind = "he_normal"
    label = "He normal"
    summary = "A bell curve, scaled by the inputs; suits ReLU and its relatives."
    synonyms = ("kaiming",)
    formula = "w ~ N(0, 2 / fan_in)"
    source = HeUniform.source

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_normal(rng, array, math.sqrt(2 / fan_in))


@INITIALIZERS.register
class LecunUniform(Initializer):
    """Keeps the variance of a weighted sum at one; what SELU needs."""

    kind = "lecun_uniform"
    label = "LeCun uniform"
    summary = "Evenly spread, scaled by the inputs; suits SELU."
    formula = "w ~ U(-√(3 / fan_in), √(3 / fan_in))"
    source = "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998"

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_uniform(rng, array, math.sqrt(3 / fan_in))


@INITIALIZERS.register
class LecunNormal(Initializer):
    """The bell curve with the spread of LeCun uniform."""

    kind = "lecun_normal"
    label = "LeCun normal"
    summary = "A bell curve, scaled by the inputs; suits SELU."
    formula = "w ~ N(0, 1 / fan_in)"
    source = LecunUniform.source

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_normal(rng, array, math.sqrt(1 / fan_in))


@INITIALIZERS.register
class TorchUniform(Initializer):
    """What PyTorch starts linear, convolutional and recurrent layers from."""

    kind = "torch_uniform"
    label = "PyTorch uniform"
    summary = "Evenly spread, scaled by the inputs, as PyTorch starts its layers."
    synonyms = ("pytorch",)
    formula = "w ~ U(-1 / √fan_in, 1 / √fan_in)"
    source = "PyTorch, torch.nn.Linear"

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        fill_uniform(rng, array, 1 / math.sqrt(fan_in))


@INITIALIZERS.register
class Orthogonal(Initializer):
    """Rows (or columns, whichever are fewer) at right angles and of equal length."""

    kind = "orthogonal"
    label = "Orthogonal"
    summary = "Weight rows at right angles to each other; suits deep and recurrent networks."
    formula = "W Wᵀ = gain² I"
    source = "Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics, 2014"

    gain = Real(1.0, above=0, help="Length of each row.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        rows = array.shape[0] if array.ndim else 1
        columns = array.size // max(rows, 1)
        tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        # QR fixes signs by its own habit; this makes every orthogonal matrix equally likely.
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        array[...] = self.gain * (q if rows >= columns else q.T).reshape(array.shape)


@INITIALIZERS.register
class Identity(Initializer):
    """Ones on the diagonal: each unit begins by passing its own input on.

    A matrix that is not square, or a kernel, is taken as rows of what one unit reads.
    """

    kind = "identity"
    label = "Identity"
    summary = "Each unit starts by passing one input on; suits recurrent weights with ReLU."
    synonyms = ("eye",)
    formula = "W = gain I"
    source = "Le, Jaitly and Hinton, A simple way to initialize recurrent networks, 2015"

    gain = Real(1.0, above=0, help="The number on the diagonal.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        rows = array.shape[0] if array.ndim else 1
        eye = np.eye(rows, array.size // max(rows, 1))
        array[...] = self.gain * eye.reshape(array.shape)


def fill_uniform(rng: np.random.Generator, array: Array, bound: float) -> None:
    """Fill with U(-bound, bound), in place."""
    array[...] = rng.uniform(-bound, bound, array.shape)


def fill_normal(rng: np.random.Generator, array: Array, deviation: float) -> None:
    """Fill with N(0, deviation²), in place."""
    array[...] = rng.standard_normal(array.shape) * deviation
