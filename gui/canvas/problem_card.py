"""The card beside a badge: what is wrong with a node, and its remedies, one click away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.graph.check import Problem
from gui.theme import theme, ui_font
from gui.widgets import HairLine, PlainButton, Sign, TextLabel, soft_shadow

WIDE = 320
AWAY = 12
STAYS_MS = 350
"""How long it waits for the pointer on its way from the badge."""

OWN_KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Space,
)
SIGNS = {"error": "bad", "warning": "warning", "hint": "info"}


class ProblemCard(QFrame):
    """All problems of one node, each with its sentence, its remedy, and a button that applies it.

    Emits
        fix_wanted(Fix): the user chose a remedy. left: the keyboard goes back to the canvas.
    """

    fix_wanted = Signal(object)
    left = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("problemCard")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(WIDE)
        self.pinned = False
        self.buttons: list[PlainButton] = []
        self._problems: tuple[Problem, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 12, 12, 12)
        self._rows.setSpacing(8)
        soft_shadow(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self.hide)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    @property
    def sentences(self) -> list[str]:
        """What it says; nothing while it is hidden."""
        labels = self.findChildren(TextLabel)
        return [label.text() for label in labels] if self.isVisible() else []

    def show_at(
        self,
        place: QPoint,
        title: str,
        problems: Sequence[Problem],
        *,
        pinned: bool = False,
        around: QRect | None = None,
    ) -> None:
        """Say what is wrong, beside a place on the canvas; pinned, until it is left.

        around: what it must not lie over, if it can be helped.
        """
        self._timer.stop()
        if tuple(problems) != self._problems or self.isHidden():
            self._problems = tuple(problems)
            self._fill(title)
        self.pinned = pinned
        self.setAccessibleName(self.tr("Problems of {}").format(title))
        self.setAccessibleDescription(" ".join(p.message for p in problems))
        self.resize(WIDE, self.heightForWidth(WIDE))
        self._place(place, around or QRect(place, place))
        self.show()
        self.raise_()
        if pinned:
            (self.buttons[0] if self.buttons else self).setFocus(Qt.FocusReason.PopupFocusReason)

    def let_go(self) -> None:
        """The pointer is elsewhere: go, unless it comes over here."""
        if not self.pinned and self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def close_card(self) -> None:
        """Go now, and give the keyboard back."""
        had = self.isAncestorOf(self.window().focusWidget() or self._host) or self.hasFocus()
        self.pinned = False
        self.hide()
        if had:
            self.left.emit()

    def _fill(self, title: str) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.setParent(None)
                part.deleteLater()
        self.buttons = []
        head = TextLabel(title, self, token="text")
        head.setFont(ui_font(13, 600))
        self._rows.addWidget(head)
        for number, problem in enumerate(self._problems):
            if number:
                self._rows.addWidget(HairLine(self))
            self._rows.addWidget(self._row(problem))

    def _row(self, problem: Problem) -> QWidget:
        row = QWidget(self)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(Sign(SIGNS[problem.severity], row), 0, Qt.AlignmentFlag.AlignTop)
        down = QVBoxLayout()
        down.setSpacing(4)
        message = TextLabel(problem.message, row, token="text")
        remedy = TextLabel(problem.remedy, row)
        down.addWidget(message)
        down.addWidget(remedy)
        remedy.setVisible(bool(problem.remedy))
        if problem.fix is not None:
            fix = problem.fix
            button = PlainButton(fix.label, parent=row)
            button.setToolTip(self.tr("Apply this remedy. It can be undone."))
            button.clicked.connect(lambda: self.fix_wanted.emit(fix))
            self.buttons.append(button)
            down.addSpacing(4)
            down.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        across.addLayout(down, 1)
        return row

    def heightForWidth(self, width: int) -> int:
        return self._rows.totalHeightForWidth(width) + 2 * self.frameWidth()

    def _place(self, place: QPoint, around: QRect) -> None:
        """At the right of a place, else under or over what it is about, else at its left."""
        room: QRect = self._host.rect().adjusted(8, 8, -8, -8)
        wide, tall = self.width(), self.height()
        level = min(place.y() - AWAY, room.bottom() - tall)
        middle = min(max(room.left(), around.center().x() - wide // 2), room.right() - wide)
        corners = (
            QPoint(place.x() + AWAY, level),
            QPoint(middle, around.bottom() + AWAY),
            QPoint(middle, around.top() - AWAY - tall),
            QPoint(around.left() - AWAY - wide, level),
        )
        fitting = (corner for corner in corners if room.contains(QRect(corner, self.size())))
        corner = next(fitting, corners[0])
        left = min(max(room.left(), corner.x()), room.right() - wide)
        self.move(left, max(room.top(), min(corner.y(), room.bottom() - tall)))

    # Pointer and keys

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self.let_go()

    def mousePressEvent(self, event: object) -> None:
        self.pinned = True  # somebody reads on; and the canvas below hears nothing of it

    def event(self, event: QEvent) -> bool:
        # The canvas has shortcuts of its own on these keys.
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in OWN_KEYS:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        elif event.key() in keys and self.buttons:
            pressed = next((b for b in self.buttons if b.hasFocus()), self.buttons[0])
            pressed.click()
        else:
            super().keyPressEvent(event)

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#problemCard {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )


def on_badge(badge: QPointF, point: QPointF, reach: float) -> bool:
    """Whether a point is on a badge, both in the scene."""
    away = badge - point
    return QPointF.dotProduct(away, away) <= reach * reach
