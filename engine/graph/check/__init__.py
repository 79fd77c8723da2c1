"""Problems of a graph and their remedies."""

from engine.graph.check.checker import check
from engine.graph.check.fix import (
    AddAfter,
    AddBefore,
    Connect,
    Edit,
    Editor,
    Fix,
    GraphEditor,
    InsertOnWire,
    RemoveNode,
    SetField,
    SetSetting,
)
from engine.graph.check.problem import Problem, Severity, Signature

__all__ = [
    "AddAfter",
    "AddBefore",
    "Connect",
    "Edit",
    "Editor",
    "Fix",
    "GraphEditor",
    "InsertOnWire",
    "Problem",
    "RemoveNode",
    "SetField",
    "SetSetting",
    "Severity",
    "Signature",
    "check",
]
