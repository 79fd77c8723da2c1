"""What is drawn around the nodes and computes nothing: groups, frames and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from engine.errors import DuplicateNodeError, GraphError, UnknownNodeError
from engine.signal import Signal

Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Group:
    """Nodes, and groups inside it, that belong together; folded, they are drawn as one box.

    Members name their group (`Node.group`). Its ports are the wires that cross its
    border: a group says how a graph is drawn and nothing of what it computes.

    id: unique among groups. parent: the group that it lies in; empty for none.
    position: top left corner of the box when folded, in pixels.
    """

    id: str
    name: str = ""
    parent: str = ""
    folded: bool = True
    position: tuple[float, float] = (0.0, 0.0)
    color: str = ""


@dataclass(frozen=True)
class Annotation:
    """A frame around a part of the drawing, or a sticky note.

    text: the title of a frame, the words of a note. color: the name of a theme's
    colour; empty for the quiet one. group: where it is drawn, as for a node.
    """

    id: str
    kind: Literal["frame", "note"]
    text: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (240.0, 160.0)
    color: str = ""
    group: str = ""


@dataclass(frozen=True)
class GroupChanged:
    """A group was added (no before), removed (no after) or replaced."""

    before: Group | None
    after: Group | None


@dataclass(frozen=True)
class AnnotationChanged:
    """A frame or note was added (no before), removed (no after) or replaced."""

    before: Annotation | None
    after: Annotation | None


class Drawing:
    """The groups and annotations of a graph, both ordered.

    Emits group_changed (GroupChanged), annotation_changed (AnnotationChanged): after the change.
    """

    def __init__(
        self, groups: Iterable[Group] = (), annotations: Iterable[Annotation] = ()
    ) -> None:
        """Raises what `put_group` and `put_annotation` raise."""
        self.group_changed: Signal[GroupChanged] = Signal()
        self.annotation_changed: Signal[AnnotationChanged] = Signal()
        self._groups: dict[str, Group] = {}
        self._annotations: dict[str, Annotation] = {}
        for group in groups:  # a group may be listed before the one that it lies in
            if group.id in self._groups:
                raise DuplicateNodeError(f"The graph already has a group {group.id!r}.")
            self._groups[group.id] = group
        for group in self._groups.values():
            self._check_way_out(group)
        for annotation in annotations:
            self.add_annotation(annotation)

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(self._groups.values())

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        return tuple(self._annotations.values())

    def group(self, group_id: str) -> Group:
        """Raises UnknownNodeError."""
        try:
            return self._groups[group_id]
        except KeyError:
            raise UnknownNodeError(f"The graph has no group {group_id!r}.") from None

    def annotation(self, annotation_id: str) -> Annotation:
        """Raises UnknownNodeError."""
        try:
            return self._annotations[annotation_id]
        except KeyError:
            raise UnknownNodeError(f"The graph has no frame or note {annotation_id!r}.") from None

    def has_group(self, group_id: str) -> bool:
        return group_id in self._groups

    def has_annotation(self, annotation_id: str) -> bool:
        return annotation_id in self._annotations

    def path(self, group_id: str) -> tuple[str, ...]:
        """The ids of the groups from the outermost to this one; nothing for no group."""
        found: list[str] = []
        while group_id:
            found.append(group_id)
            group_id = self.group(group_id).parent
        return tuple(reversed(found))

    def children(self, group_id: str) -> tuple[Group, ...]:
        """The groups that lie directly in a group; in none, for an empty id."""
        return tuple(group for group in self._groups.values() if group.parent == group_id)

    def fresh_id(self, kind: str, taken: Iterable[str] = ()) -> str:
        """An unused id: `group_1`, `frame_1`, `note_1`, ..."""
        used = {*self._groups, *self._annotations, *taken}
        number = 1
        while f"{kind}_{number}" in used:
            number += 1
        return f"{kind}_{number}"

    # Mutators

    def add_group(self, group: Group, index: int | None = None) -> None:
        """Add a group, at a place in the order if one is given.

        Raises DuplicateNodeError, or GraphError for a parent that is not there.
        """
        if group.id in self._groups:
            raise DuplicateNodeError(f"The graph already has a group {group.id!r}.")
        self._check_way_out(group)
        self._groups = _inserted(self._groups, group.id, group, index)
        self.group_changed.emit(GroupChanged(None, group))

    def remove_group(self, group_id: str) -> None:
        """Remove a group that no group lies in. Raises UnknownNodeError, GraphError."""
        group = self.group(group_id)
        if inside := self.children(group_id):
            raise GraphError(
                f"The group {group.name or group.id} has {inside[0].name or inside[0].id} in it. "
                "Take that out first."
            )
        del self._groups[group_id]
        self.group_changed.emit(GroupChanged(group, None))

    def change_group(self, group: Group) -> None:
        """Put a group in the place of the one with its id. Raises as `add_group`."""
        before = self.group(group.id)
        self._check_way_out(group)
        self._groups[group.id] = group
        self.group_changed.emit(GroupChanged(before, group))

    def _check_way_out(self, group: Group) -> None:
        """Raises GraphError if a group lies in itself, or in one that is not there."""
        seen, outer = {group.id}, group
        while outer.parent:
            if outer.parent in seen:
                raise GraphError(
                    f"The group {outer.name or outer.id} cannot lie in itself. "
                    "Choose another place."
                )
            if outer.parent not in self._groups:
                raise GraphError(
                    f"The group {outer.id} is to lie in {outer.parent!r}, which is not there. "
                    "Add that group first."
                )
            outer = self._groups[outer.parent]
            seen.add(outer.id)

    def add_annotation(self, annotation: Annotation, index: int | None = None) -> None:
        """Add a frame or note, at a place in the order if one is given.

        Raises DuplicateNodeError.
        """
        if annotation.id in self._annotations:
            raise DuplicateNodeError(f"The graph already has {annotation.id!r}.")
        self._annotations = _inserted(self._annotations, annotation.id, annotation, index)
        self.annotation_changed.emit(AnnotationChanged(None, annotation))

    def remove_annotation(self, annotation_id: str) -> None:
        """Raises UnknownNodeError."""
        before = self.annotation(annotation_id)
        del self._annotations[annotation_id]
        self.annotation_changed.emit(AnnotationChanged(before, None))

    def change_annotation(self, annotation: Annotation) -> None:
        """Put a frame or note in the place of the one with its id. Raises UnknownNodeError."""
        before = self.annotation(annotation.id)
        self._annotations[annotation.id] = annotation
        self.annotation_changed.emit(AnnotationChanged(before, annotation))

    def copy(self) -> Drawing:
        """The same without the listeners."""
        return Drawing(self.groups, self.annotations)


def _inserted(
    drawn: dict[str, Drawn], key: str, value: Drawn, index: int | None
) -> dict[str, Drawn]:
    """The same with one more, at a place in the order or at its end."""
    items = list(drawn.items())
    items.insert(len(items) if index is None else index, (key, value))
    return dict(items)
