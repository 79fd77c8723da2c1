"""Layers that only the tests of the graph know; none is registered."""

from __future__ import annotations

from engine.errors import ShapeError
from engine.fields import Integer
from engine.initializers import Zeros
from engine.layers.base import ArrivingShapes, Layer, ParameterSpec, Port


class Start(Layer):
    kind = "start"
    label = "Start"
    category = "ends"
    input_ports = ()
    size = Integer(2, minimum=1, help="Features.")

    def infer(self, arriving):
        return ((self.size,),)


class Double(Layer):
    kind = "double"
    label = "Double"
    category = "core"

    def infer(self, arriving):
        (size,) = arriving.one
        return ((2 * size,),)

    def parameters(self, arriving):
        return (ParameterSpec("weight", (2, arriving.one[0]), Zeros()),)

    def multiply_adds(self, arriving):
        return 2 * arriving.one[0]


class Sum(Layer):
    kind = "sum"
    label = "Sum"
    category = "merging"
    input_ports = (Port("in", many=True),)

    def infer(self, arriving: ArrivingShapes):
        if len(set(arriving.all)) > 1:
            raise ShapeError("Sum needs equal shapes.")
        return (arriving.all[0],)


class Split(Layer):
    kind = "split"
    label = "Split"
    category = "merging"
    output_ports = (Port("head"), Port("tail"))

    def infer(self, arriving):
        (size,) = arriving.one
        return ((1,), (size - 1,))


class End(Layer):
    kind = "end"
    label = "End"
    category = "ends"
    input_ports = (Port("in"), Port("target", required=False))
    output_ports = ()

    def infer(self, arriving):
        return ()
