"""What can go wrong, one class per reason.

Every message says who, what was expected, what came, and what to do.
Everything derives from `GlassboxError`, so that a window or a command can
show the sentence and keep the stack trace to itself.
"""

from __future__ import annotations


class GlassboxError(Exception):
    """Base of every error that a user may read."""


class FieldError(GlassboxError):
    """A setting was given a value that it does not accept."""


class UnknownKindError(GlassboxError):
    """A file or a call names a kind that no registry knows."""


class ShapeError(GlassboxError):
    """A layer was given inputs of a shape that it cannot work on."""


class GraphError(GlassboxError):
    """An edit would leave the graph in a state that makes no sense."""


class UnknownNodeError(GraphError):
    """The graph has no node of that id."""


class UnknownWireError(GraphError):
    """The graph has no such wire."""


class DuplicateNodeError(GraphError):
    """The graph already has a node of that id."""


class SharingError(GraphError):
    """A node cannot use the weights of another."""


class RegroupError(GraphError):
    """Neurons cannot become one layer, or a layer single neurons."""


class ConnectError(GraphError):
    """A wire cannot be drawn. Its subclasses are the reasons."""


class UnknownPortError(ConnectError):
    """The node has no port of that name."""


class SelfLoopError(ConnectError):
    """The wire would join a node to itself."""


class CycleError(ConnectError):
    """The wire would close a loop."""


class DuplicateWireError(ConnectError):
    """The two ports are already joined."""


class OccupiedPortError(ConnectError):
    """The input port takes one wire and has one."""


class IncompatibleShapeError(ConnectError):
    """The values at one end do not fit the other end."""


class FragmentError(GlassboxError):
    """A text is not a piece of a graph that can be pasted."""


class CompileError(GlassboxError):
    """The graph has a problem that keeps it from running."""


class ObjectiveError(CompileError):
    """An objective of a training is not there, or names what is not."""


class DataError(GlassboxError):
    """A data set cannot be read or does not fit."""


class ProjectError(GlassboxError):
    """A project file cannot be read or written."""


class NewerProjectError(ProjectError):
    """The project file was written by a newer version of the program."""


class TrainingDivergedError(GlassboxError):
    """Training produced a number that is not finite.

    step: the step that did, counted from 1. node: id of the first node that went
    bad, in the order of computing, or None where it cannot be told.
    """

    def __init__(self, step: int, node: str | None, message: str) -> None:
        super().__init__(message)
        self.step = step
        self.node = node


class UnknownRunError(GlassboxError):
    """The project has no run of that id."""


class ExportError(GlassboxError):
    """A model cannot be written in the format asked for."""


class ModelImportError(GlassboxError):
    """A model file cannot be opened as a project."""
