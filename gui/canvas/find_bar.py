"""Finding nodes on the canvas (Ctrl+F): by name, kind, id or setting, in folded groups too."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from engine.graph.model import Node
from gui.canvas.found_marks import FoundMarks
from gui.canvas.view import CanvasView
from gui.theme import theme
from gui.widgets import Card, IconButton, NumberLabel, SearchField, soft_shadow
from gui.widgets.card import Follower

WIDTH, TOP = 380, 12
WITH_CHILDREN = Qt.ShortcutContext.WidgetWithChildrenShortcut

OWN_KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
)


class FindBar(Card):
    """Floats at the top of the canvas. Enter and F3 go on, with Shift back; Escape leaves."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view.viewport())
        self._view, self._document = view, view.document
        self._marks = FoundMarks()
        self.hits: tuple[str, ...] = ()
        self._at = -1
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.field = SearchField(self.tr("Name, kind, id or setting"))
        self.field.setAccessibleName(self.tr("Find on the canvas"))
        self.count = NumberLabel("")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addSpacing(4)
        steps = (
            ("caret-up", self.tr("The hit before"), lambda: self.step(-1)),
            ("caret-down", self.tr("The next hit"), lambda: self.step(1)),
            ("x", self.tr("Close"), self.leave),
        )
        for icon, name, act in steps:
            button = IconButton(icon, name, self)
            button.clicked.connect(act)
            row.addWidget(button)
        self.content.setContentsMargins(8, 6, 6, 6)
        self.content.addLayout(row)
        soft_shadow(self)
        self.hide()
        Follower(view.viewport(), self._place)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        for keys, direction in (("F3", 1), ("Shift+F3", -1)):
            again = QShortcut(QKeySequence(keys), view, context=WITH_CHILDREN)
            again.activated.connect(lambda direction=direction: self.step(direction))
        self._document.graph_changed.connect(self._look_again)
        self._document.level_changed.connect(self._mark)
        theme.changed.connect(self.update)

    def open(self) -> None:
        """Take the keyboard; what was looked for last is still there, to be typed over."""
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search(self.field.text())

    def leave(self) -> None:
        """Stop marking; the node that was found last stays selected."""
        self.hide()
        self._mark()
        self._view.setFocus()

    def step(self, direction: int) -> None:
        """Go to the next hit, or the one before, and round the end."""
        if self.hits:
            start = self._at if self._at >= 0 or direction > 0 else 0
            self._go((start + direction) % len(self.hits))

    def _go(self, place: int) -> None:
        self._at = place
        self._view.go_to(self.hits[place])
        self._tell()
        self._mark()

    def _search(self, query: str) -> None:
        self.hits = find(tuple(self._document.graph.nodes), query)
        self._at = -1
        if self.hits:
            self._go(0)
        else:
            self._tell()
            self._mark()

    def _look_again(self) -> None:
        """The network was edited: the hits are others, and one stays where one is."""
        if self.isHidden():
            return
        here = self.hits[self._at] if 0 <= self._at < len(self.hits) else ""
        self.hits = find(tuple(self._document.graph.nodes), self.field.text())
        self._at = self.hits.index(here) if here in self.hits else -1
        self._tell()
        self._mark()

    def _tell(self) -> None:
        wanted = bool(self.field.text().strip())
        count = len(self.hits)
        self.count.setText(f"{self._at + 1} / {count}" if count else "0" if wanted else "")
        self.field.set_wrong(
            self.tr("No node has this in its name, kind, id or settings.")
            if wanted and not count
            else ""
        )

    def _mark(self) -> None:
        """Mark what is found and drawn: the nodes, and the cards of folded groups around them."""
        scene = self._view.graph_scene
        # A scene that shows another network has deleted all that was in it.
        if not shiboken6.isValid(self._marks) or self._marks.scene() is not scene:
            self._marks = FoundMarks()
            scene.addItem(self._marks)
        shown = () if self.isHidden() else self.hits
        known = (i for i in shown if self._document.has(i))
        held = dict.fromkeys(key for key in map(scene.holder, known) if key)
        self._marks.show_around(scene.nodes[key].scene_card() for key in held)

    def _place(self) -> None:
        room = self._view.viewport().width()
        width = min(WIDTH, room - 2 * TOP)
        self.resize(width, self.sizeHint().height())
        beside = self._view.minimap.x() - TOP - width if self._view.minimap.isVisible() else room
        self.move(max(TOP, min((room - width) // 2, beside)), TOP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in OWN_KEYS:
            event.accept()  # the canvas has shortcuts on some of them
            return True
        if event.type() == QEvent.Type.KeyPress:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if back else 1)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        return super().eventFilter(watched, event)


def find(nodes: tuple[Node, ...], query: str) -> tuple[str, ...]:
    """The ids of the nodes in which every word of a query stands, those by name first."""
    words = query.casefold().split()
    if not words:
        return ()
    named, others = [], []
    for node in nodes:
        name = node.title.casefold()
        if all(word in name for word in words):
            named.append(node.id)
        elif all(word in _told(node) for word in words):
            others.append(node.id)
    return (*named, *others)


def _told(node: Node) -> str:
    """All that a node can be found by."""
    layer = node.layer
    values = ((field.name, getattr(layer, field.name)) for field in layer.fields())
    settings = " ".join(f"{name}={value} {name} {value}" for name, value in values)
    return f"{node.title} {node.id} {layer.kind} {layer.label} {layer.line()} {settings}".casefold()
