"""The worked examples that ONNX ships to test its operators with: settings, inputs, outputs.

`onnx.backend.test` makes them in Python, each operator's in a module of its own;
asking that module alone takes milliseconds where collecting all takes seconds.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Vector:
    """One example: an operator with its attributes, and arrays by the names of its ports."""

    name: str
    operator: str
    attributes: dict
    inputs: tuple
    outputs: tuple


def vectors(module, operator):
    """All examples of an operator in `onnx.backend.test.case.node.<module>`."""
    import onnx

    case = importlib.import_module(f"onnx.backend.test.case.node.{module}")
    found = []

    def record(node, inputs, outputs, name, **keywords):
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        found.append(Vector(name, node.op_type, attributes, tuple(inputs), tuple(outputs)))

    kept, case.expect = case.expect, record
    try:
        cls = next(c for c in vars(case).values() if getattr(c, "__name__", "") == operator)
        for export in sorted(name for name in dir(cls) if name.startswith("export")):
            with np.errstate(all="ignore"):
                getattr(cls, export)()
    finally:
        case.expect = kept
    return found
