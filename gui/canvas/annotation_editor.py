"""Typing the title of a frame or the words of a note, and choosing its colour."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout

from gui.canvas.items.annotation_item import COLORS, HEADER, AnnotationItem, tone
from gui.canvas.paper import Paper
from gui.document.document import Document
from gui.theme import theme, ui_font
from gui.widgets import soft_shadow
from gui.widgets.swatch import swatch

WIDEST, NARROWEST, LOWEST = 360, 200, 56


class AnnotationEditor(QFrame):
    """A field over a frame or note. A click elsewhere keeps what was typed, Escape does not.

    Enter ends the title of a frame; in a note it begins a line, and Ctrl+Enter ends.
    """

    def __init__(self, paper: Paper, document: Document) -> None:
        super().__init__(paper.viewport())
        self._paper, self._document = paper, document
        self._id = ""
        self._is_frame = False
        self.setObjectName("annotationEditor")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        self.field = _Words(self)
        column.addWidget(self.field)
        # A click on a colour leaves the keys with the words.
        self.setFocusProxy(self.field)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        colors = QHBoxLayout()
        colors.setSpacing(4)
        self.colors = {color: self._swatch(color) for color in COLORS}
        for button in self.colors.values():
            colors.addWidget(button)
        colors.addStretch()
        column.addLayout(colors)
        soft_shadow(self)
        paper.moved.connect(self.commit)
        document.graph_replaced.connect(self.leave)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    def _swatch(self, color: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedSize(24, 24)
        button.setIconSize(QSize(14, 14))
        names = {
            "": self.tr("Grey"),
            "blue": self.tr("Blue"),
            "green": self.tr("Green"),
            "amber": self.tr("Amber"),
            "red": self.tr("Red"),
            "violet": self.tr("Violet"),
        }
        button.setToolTip(names[color])
        button.setAccessibleName(names[color])
        button.clicked.connect(lambda: self._choose(color))
        return button

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#annotationEditor {{ background: {tokens.surface};"
            f" border: 1px solid {tokens.border}; border-radius: 8px; }}"
            f"QToolButton:checked {{ background: {tokens.tint}; border-radius: 6px; }}"
        )
        for color, button in self.colors.items():
            button.setIcon(swatch(tone(color)))

    def open(self, item: AnnotationItem) -> None:
        """Edit a frame or note."""
        annotation = item.annotation
        self._id = annotation.id
        self._is_frame = annotation.kind == "frame"
        self.field.set_lines(single=self._is_frame)
        self.field.setAccessibleName(
            self.tr("Title of the frame") if self._is_frame else self.tr("Words of the note")
        )
        self.field.setFont(ui_font(13, 600) if self._is_frame else ui_font(13))
        self.field.setPlaceholderText(self.tr("Title") if self._is_frame else self.tr("Note"))
        self.field.setPlainText(annotation.text)
        self._show_color(annotation.color)
        place = self._paper.mapFromScene(item.card()).boundingRect()
        width = min(WIDEST, max(NARROWEST, place.width()))
        height = int(HEADER) + 8 if self._is_frame else max(LOWEST, min(160, place.height()))
        self.field.setFixedHeight(height)
        self.resize(width, height + 48)
        room = self._paper.viewport().rect().adjusted(8, 8, -8, -8)
        left = max(room.left(), min(place.left(), room.right() - self.width()))
        top = max(room.top(), min(place.top(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def commit(self) -> None:
        """Keep what was typed."""
        annotation_id, self._id = self._id, ""
        drawing = self._document.graph.drawing
        if annotation_id and any(a.id == annotation_id for a in drawing.annotations):
            annotation = drawing.annotation(annotation_id)
            text = self.field.toPlainText().strip()
            what = self.tr("Rename frame") if self._is_frame else self.tr("Edit note")
            self._document.change_annotation(replace(annotation, text=text), what)
        self._close()

    def leave(self) -> None:
        """Close without keeping."""
        self._id = ""
        self._close()

    def _choose(self, color: str) -> None:
        if self._id:
            annotation = self._document.graph.drawing.annotation(self._id)
            self._document.change_annotation(
                replace(annotation, color=color), self.tr("Change colour"), f"{self._id}/color"
            )
        self._show_color(color)

    def _show_color(self, color: str) -> None:
        for name, button in self.colors.items():
            button.setChecked(name == color)

    def _close(self) -> None:
        if self.isVisible():
            focused = self.field.hasFocus()
            self.hide()
            if focused:
                self._paper.setFocus(Qt.FocusReason.OtherFocusReason)


class _Words(QPlainTextEdit):
    """The field itself: it tells the editor when one is done."""

    def __init__(self, editor: AnnotationEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._single = False
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_lines(self, *, single: bool) -> None:
        self._single = single
        bars = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            bars.ScrollBarAlwaysOff if single else bars.ScrollBarAsNeeded
        )

    def event(self, event: QEvent) -> bool:
        # Keys typed here are letters, whatever the canvas would do at them.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return bool(super().event(event))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._editor.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self._editor.leave()
        elif ends and (self._single or with_ctrl):
            self._editor.commit()
        else:
            super().keyPressEvent(event)
