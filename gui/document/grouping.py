"""The verbs on groups, and those on nodes that groups go along with.

An id is that of a node or of a group; a group stands for all nodes in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from engine.errors import ConnectError, GraphError
from engine.graph.drawing import Group
from engine.graph.fragment import Fragment, cut, paste
from engine.graph.groups import groups_among, inside, members
from gui.document import commands
from gui.document.annotating import named_together
from gui.document.editing import GraphEditing, Position
from gui.document.structure_commands import Assign, Draw

translate = QCoreApplication.translate


class GroupEditing(GraphEditing):
    """Undoable edits of a graph with groups, a part of the document."""

    def has(self, each: str) -> bool:
        """Whether there is a node, a group, a frame or a note of this id."""
        drawing = self.graph.drawing
        return each in self.graph or drawing.has_group(each) or drawing.has_annotation(each)

    def is_group(self, each: str) -> bool:
        return each not in self.graph and self.graph.drawing.has_group(each)

    def is_annotation(self, each: str) -> bool:
        return not (each in self.graph or self.is_group(each)) and (
            self.graph.drawing.has_annotation(each)
        )

    def position_of(self, each: str) -> Position:
        """Where a node, a folded group, a frame or a note stands. Raises UnknownNodeError."""
        if self.is_group(each):
            return self.graph.drawing.group(each).position
        if self.is_annotation(each):
            return self.graph.drawing.annotation(each).position
        return self.graph.node(each).position

    def group_of(self, each: str) -> str:
        """The group in which a node, a group, a frame or a note lies; empty for none."""
        if self.is_group(each):
            return self.graph.drawing.group(each).parent
        if self.is_annotation(each):
            return self.graph.drawing.annotation(each).group
        return self.graph.node(each).group

    def called(self, ids: Sequence[str]) -> str:
        """What is chosen as an undo text names it: the title of one, the number of several.

        Frames and notes are named only where there is nothing else.
        """
        drawn = {i for i in ids if self.is_annotation(i)}
        if drawn and len(drawn) == len(ids):
            return named_together([self.graph.drawing.annotation(i) for i in ids])
        ids = [i for i in ids if i not in drawn]
        if len(ids) == 1 and self.is_group(ids[0]):
            return self.graph.drawing.group(ids[0]).name or ids[0]
        return commands.what([self.graph.node(i) for i in members(self.graph, ids)])

    # Groups

    def group(self, ids: Iterable[str], position: Position, name: str = "") -> str:
        """Draw nodes and groups in a new group, folded at a position; the group's id.

        Frames and notes that are named go into it with them.

        Raises GraphError if there is nothing to group.
        """
        ids = self._outermost(ids)
        if all(self.is_annotation(i) for i in ids):
            raise GraphError("A group needs nodes, and none is selected. Select some first.")
        drawing = self.graph.drawing
        parent = self.common_group(ids)
        group_id = drawing.fresh_id("group", [node.id for node in self.graph.nodes])
        name = name or self._fresh_name(translate("Undo", "Block"))
        with self.edit(translate("Undo", "Group {}").format(self.called(ids))):
            made = Group(group_id, name, parent, folded=True, position=position)
            self.undo.push(Draw(drawing, None, made))
            self._put_into(ids, group_id)
        return group_id

    def _outermost(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The ids without those that lie in a group which is among them."""
        ids = tuple(dict.fromkeys(ids))
        named = {i for i in ids if self.is_group(i)}
        return tuple(i for i in ids if not named & set(self.graph.drawing.path(self.group_of(i))))

    def common_group(self, ids: Sequence[str]) -> str:
        """The innermost group that all lie in; empty for none."""
        paths = [self.graph.drawing.path(self.group_of(i)) for i in ids]
        common = ""
        for row in zip(*paths, strict=False):
            if len(set(row)) > 1:
                break
            common = row[0]
        return common

    def _fresh_name(self, name: str) -> str:
        taken = {group.name for group in self.graph.drawing.groups}
        number, fresh = 1, name
        while fresh in taken:
            number += 1
            fresh = f"{name} {number}"
        return fresh

    def ungroup(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Dissolve groups: what lies in them stays where they lay. Answers what that is."""
        drawing = self.graph.drawing
        groups = [drawing.group(i) for i in ids if self.is_group(i)]
        freed: dict[str, None] = {}
        with self.edit(translate("Undo", "Ungroup {}").format(_names(groups))):
            for group in groups:
                for each in drawing.annotations:
                    if each.group == group.id:
                        self.undo.push(Draw(drawing, each, replace(each, group=group.parent)))
                loose = self._directly_in(group.id)
                freed.update(dict.fromkeys(loose))
                self._put_into(loose, group.parent)  # then it is empty, and goes
        return tuple(i for i in freed if self.has(i))

    def _directly_in(self, group_id: str) -> tuple[str, ...]:
        nodes = [node.id for node in self.graph.nodes if node.group == group_id]
        return (*nodes, *(group.id for group in self.graph.drawing.children(group_id)))

    def put_into(self, ids: Iterable[str], group_id: str) -> None:
        """Draw nodes, groups, frames and notes in a group, or, with an empty id, in none; groups
        that are empty then go. Raises GraphError for a group that would lie in itself."""
        ids = [i for i in self._outermost(ids) if self.group_of(i) != group_id]
        if not ids:
            return
        name = self.graph.drawing.group(group_id).name if group_id else ""
        text = translate("Undo", "Move {0} into {1}" if group_id else "Move {0} out of its group")
        with self.edit(text.format(self.called(ids), name)):
            self._put_into(ids, group_id)

    def _put_into(self, ids: Iterable[str], group_id: str) -> None:
        drawing = self.graph.drawing
        nodes = {}
        for each in ids:
            if self.is_group(each):
                group = drawing.group(each)
                self.undo.push(Draw(drawing, group, replace(group, parent=group_id)))
            elif self.is_annotation(each):
                note = drawing.annotation(each)
                self.undo.push(Draw(drawing, note, replace(note, group=group_id)))
            else:
                nodes[each] = group_id
        if nodes:
            self.undo.push(Assign(self.graph, nodes))
        self._remove_empty_groups()

    def _remove_empty_groups(self) -> None:
        groups = self.graph.drawing.groups
        if not groups:
            return
        filled = Counter(node.group for node in self.graph.nodes)
        full = {i for name in filled if name for i in self.graph.drawing.path(name)}
        self._remove_groups([group.id for group in groups if group.id not in full])

    def _remove_groups(self, ids: Sequence[str]) -> None:
        """Take groups away, with the notes in them, the inner ones first."""
        drawing = self.graph.drawing
        gone = set(ids)
        for each in drawing.annotations:
            if each.group in gone:
                self.undo.push(Draw(drawing, each, None))
        for group_id in sorted(gone, key=lambda i: -len(drawing.path(i))):
            self.undo.push(Draw(drawing, drawing.group(group_id), None))

    def fold(
        self, group_id: str, folded: bool, positions: Mapping[str, Position] | None = None
    ) -> None:
        """Draw a group as one card, or its nodes; `positions` make room around it."""
        group = self.graph.drawing.group(group_id)
        if folded == group.folded:
            return
        text = translate("Undo", "Fold {}") if folded else translate("Undo", "Unfold {}")
        with self.edit(text.format(group.name or group.id)):
            if positions:
                self.move(positions)
            group = self.graph.drawing.group(group_id)
            self.undo.push(Draw(self.graph.drawing, group, replace(group, folded=folded)))

    def place_group(self, group_id: str, position: Position) -> None:
        """Say where the card of a group stands, its nodes left where they are."""
        group = self.graph.drawing.group(group_id)
        if position != group.position:
            text = translate("Undo", "Move {}").format(group.name or group.id)
            after = replace(group, position=position)
            self.undo.push(Draw(self.graph.drawing, group, after, text))

    # What groups take part in

    def rename(self, node_id: str, name: str) -> None:
        """Give a node or a group another name."""
        if not self.is_group(node_id):
            super().rename(node_id, name)
            return
        group, name = self.graph.drawing.group(node_id), name.strip()
        if name and name != group.name:
            text = translate("Undo", "Rename {} to {}").format(group.name or group.id, name)
            self.undo.push(Draw(self.graph.drawing, group, replace(group, name=name), text))

    def remove(self, ids: Iterable[str]) -> None:
        """Remove nodes and their wires, groups with all that lies in them, frames and notes."""
        ids = tuple(ids)
        drawn = {i for i in ids if self.is_annotation(i)}
        nodes = members(self.graph, [i for i in ids if i not in drawn])
        with self.edit(translate("Undo", "Remove {}").format(self.called(ids))):
            self.remove_annotations(drawn)
            self._before_removal(nodes)
            super().remove(nodes)
            self._remove_empty_groups()

    def _before_removal(self, ids: Sequence[str]) -> None:
        """What has to be done while nodes that are to go are still there."""

    def move(self, positions: Mapping[str, Position], nudge: bool = False) -> None:
        """Place nodes, frames and notes elsewhere, and groups with all that lies in them.

        A group all of whose nodes are moved goes with them. Nudges of the same nodes in a
        row become one edit.
        """
        nodes, drawn = self._with_contents(positions)
        moved = {i: p for i, p in nodes.items() if self.graph.node(i).position != p}
        if not moved and drawn == {i: self.position_of(i) for i in drawn}:
            return
        text = translate("Undo", "Move {}").format(self.called(tuple(positions)))
        kept = nodes if nudge else moved
        self.undo.push(commands.Move(self.graph, kept, drawn, text, nudge))

    def _with_contents(
        self, positions: Mapping[str, Position]
    ) -> tuple[dict[str, Position], dict[str, Position]]:
        """Where nodes, and what is drawn around them, come to stand when these are moved."""
        drawing, graph = self.graph.drawing, self.graph
        nodes: dict[str, Position] = {}
        groups: dict[str, Position] = {}
        notes = {i: to for i, to in positions.items() if self.is_annotation(i)}
        for each, (across, down) in positions.items():
            if each in notes:
                continue
            if not self.is_group(each):
                nodes[each] = (across, down)
                continue
            left, top = drawing.group(each).position
            step = (across - left, down - top)
            for node in inside(graph, each):
                nodes[node.id] = _moved(node.position, step)
            within = groups_among(drawing, [each])
            for inner in within:
                groups[inner] = _moved(drawing.group(inner).position, step)
            for note in drawing.annotations:
                if note.group in within:
                    notes.setdefault(note.id, _moved(note.position, step))
        if drawing.groups:
            groups |= self._carried(nodes, groups)
        return nodes, {**groups, **notes}

    def _carried(
        self, nodes: Mapping[str, Position], groups: Mapping[str, Position]
    ) -> dict[str, Position]:
        """Groups that were not named, but all of whose nodes are moved, by the same step."""
        graph = self.graph
        steps: dict[str, set[Position]] = {}
        for node in graph.nodes:
            to = nodes.get(node.id, node.position)
            step = (to[0] - node.position[0], to[1] - node.position[1])
            for group_id in graph.drawing.path(node.group):
                steps.setdefault(group_id, set()).add(step)
        return {
            group_id: _moved(graph.drawing.group(group_id).position, step)
            for group_id, (step, *others) in steps.items()
            if not others and step != (0.0, 0.0) and group_id not in groups
        }

    # Many at once

    def paste(
        self,
        fragment: Fragment,
        offset: Position,
        text: str = "",
        group: str | None = None,
        shared: Sequence[str] = (),
        wired: bool = False,
    ) -> tuple[str, ...]:
        """Add what a fragment holds under new ids; the ids of what is not inside a new group.

        wired: keep the wires that led to it from other nodes, where those are here and can.
        group: where it is to lie; the level that is open unless one is given.
        shared: ids of nodes whose copies use their weights.
        """
        group = self.level if group is None else group
        placed = paste(fragment, self.graph, offset, group, shared)
        text = text or translate("Undo", "Paste {}")
        tops = [each.name for each in placed.groups if each.parent == group]
        named = tops[0] if len(tops) == 1 and all(n.group != group for n in placed.nodes) else ""
        if not placed.nodes:
            named = named_together(placed.annotations)
        with self.edit(text.format(named or commands.what(placed.nodes))):
            self._add_all(placed)
            self._take_weights(placed)
            for wire in placed.incoming if wired else ():
                with suppress(ConnectError):
                    self.connect(wire)
        return (
            *(node.id for node in placed.nodes if node.group == group),
            *(each.id for each in placed.groups if each.parent == group),
        )

    def _add_all(self, placed: Fragment) -> None:
        drawing = self.graph.drawing
        waiting = list(placed.groups)
        while waiting:  # a group may be listed before the one that it lies in
            for each in [g for g in waiting if not g.parent or drawing.has_group(g.parent)]:
                self.undo.push(Draw(drawing, None, each))
                waiting.remove(each)
        for note in placed.annotations:
            self.undo.push(Draw(drawing, None, note))
        for node in placed.nodes:
            self.undo.push(commands.AddNode(self.graph, node))
        for wire in placed.wires:
            self.undo.push(commands.Connect(self.graph, wire))

    def _take_weights(self, placed: Fragment) -> None:
        """Keep the weights that come with a fragment."""

    def duplicate(
        self, ids: Iterable[str], offset: Position = (32.0, 32.0), shared: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Add copies of nodes and groups and of the wires among them; the new ids.

        They lie where the originals do, if those lie in one group.
        """
        ids = self._outermost(ids)
        text = translate("Undo", "Duplicate {}")
        return self.paste(cut(self.graph, ids), offset, text, self.common_group(ids), shared)


def _names(groups: Sequence[Group]) -> str:
    if len(groups) == 1:
        return groups[0].name or groups[0].id
    return translate("Undo", "{} groups").format(len(groups))


def _moved(position: Position, step: Position) -> Position:
    return position[0] + step[0], position[1] + step[1]
