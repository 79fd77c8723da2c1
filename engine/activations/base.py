"""What an activation is: a function of the weighted sums, its derivative, and its prose.

z is what goes in, a what comes out, of shape (*shape, N) with examples last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.fields import Declared
from engine.registry import Registry
from engine.workspace import AddStep, Array, ParameterSpec, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class Activation(Declared):
    """One kind of activation.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text.
        source: the paper it comes from.
        needs_input: whether the derivative is taken from z. Then a must not
            overwrite z; otherwise both may be the same array.
        elementwise: whether each output depends on its own z alone.
        surrogate: the derivative used instead of the true one, or empty.
    """

    formula: ClassVar[str]
    source: ClassVar[str] = ""
    needs_input: ClassVar[bool] = False
    elementwise: ClassVar[bool] = True
    surrogate: ClassVar[str] = ""

    @property
    def by_feature(self) -> bool:
        """Whether it tells features apart, which then must be the first axis."""
        return not self.elementwise

    def parameters(self, features: int) -> tuple[ParameterSpec, ...]:
        """Arrays that training changes, for values of so many features or channels."""
        return ()

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        """Add the steps that write f(z) to `a`."""
        raise NotImplementedError  # every kind has its own steps

    def backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        """Add the steps that turn dL/da into dL/dz, in place in `gradient`.

        Comes after `forward` on the same arrays. Adds nothing if `work.fused`.
        """
        if not work.fused:
            self.bind_backward(work, z, a, gradient)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        """The steps of `backward`, which no loss takes over."""
        raise NotImplementedError  # every kind has its own derivative

    def value(self, z: Array) -> Array:
        """f(z) in plain NumPy, for plots and checks."""
        raise NotImplementedError  # every kind has its own formula

    def slope(self, z: Array) -> Array:
        """df/dz in plain NumPy, or the surrogate; for the softmaxes each output by its own z."""
        raise NotImplementedError  # every kind has its own formula

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        """Write f as ONNX nodes. Returns the name of the result.

        places: how many axes follow that of the features.
        """
        raise NotImplementedError  # every kind has its own mapping


ACTIVATIONS: Registry[Activation] = Registry("activation")


def bind_softplus(work: Workspace, z: Array, out: Array) -> None:
    """Add the steps that write log(1 + exp(z)) to `out`, exactly for any z."""
    if z.size <= 256:
        # One call with a slow loop: the better choice up to here.
        work.forward(np.logaddexp, z, work.scalar(0), out=out)
        return
    rest = work.scratch(*z.shape)
    work.forward(np.abs, z, out=rest)
    work.forward(np.negative, rest, out=rest)
    work.forward(np.exp, rest, out=rest)
    work.forward(np.log1p, rest, out=rest)
    work.forward(np.maximum, z, work.scalar(0), out=out)
    work.forward(np.add, out, rest, out=out)


def bind_sigmoid(work: Workspace, z: Array, out: Array, add_step: AddStep | None = None) -> None:
    """Add the steps that write 1 / (1 + exp(-z)) to `out`, as exp(z) / (1 + exp(z)).

    Exact to the last digits on both sides: the cap keeps exp from overflowing
    where the sigmoid is 1 anyway. add_step: `work.backward`, if it is not a forward step.
    """
    add_step = add_step or work.forward
    total = work.scratch(*z.shape)
    add_step(np.minimum, z, work.scalar(80), out=out)
    add_step(np.exp, out, out=out)
    add_step(np.add, out, work.scalar(1), out=total)
    add_step(np.divide, out, total, out=out)


def plain_sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), for plots and checks."""
    grown = np.exp(np.minimum(z, 80))
    return np.asarray(grown / (1 + grown))
