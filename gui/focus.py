"""Taking the keyboard from one part of the window to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from gui.main_window import MainWindow

REASON = Qt.FocusReason.ShortcutFocusReason


@dataclass(frozen=True)
class Part:
    """A part of the window, and how the keyboard gets into it."""

    widget: QWidget
    enter: Callable[[], object]


def parts(window: MainWindow) -> list[Part]:
    """The parts of a window, in the order in which the keyboard goes through them."""
    bar, bottom, canvas, palette = window.bar, window.bottom, window.canvas, window.palette_
    shown = window.workspaces.currentWidget()
    return [
        Part(palette, lambda: palette.field.setFocus(REASON)),
        Part(canvas, lambda: canvas.setFocus(REASON)),
        Part(window.panels.inspector, window.edit_settings),
        Part(bottom, bottom.take_focus),
        *(
            Part(page, partial(enter, page))
            for page in window.workspaces.pages.values()
            if isinstance(page, QWidget) and page is shown
        ),
        Part(bar, lambda: enter(bar)),
    ]


def first_stop(widget: QWidget) -> QWidget | None:
    """The first thing in a widget, or the widget itself, that takes the keyboard by Tab."""
    each: QWidget | None = widget
    while each is not None:
        if (
            each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.isVisible()
            and each.isEnabled()
            and (each is widget or widget.isAncestorOf(each))
        ):
            return each
        each = each.nextInFocusChain()
        if each is widget:
            break
    return None


def enter(widget: QWidget) -> None:
    """Take the keyboard to the first stop in a widget."""
    stop = first_stop(widget)
    if stop is not None:
        stop.setFocus(REASON)


def go(parts: Sequence[Part], direction: int) -> None:
    """Take the keyboard to the next visible part, or the one before, and round the end."""
    shown = [part for part in parts if part.widget.isVisible()]
    if not shown:
        return
    focused = QApplication.focusWidget()
    here = next(
        (
            number
            for number, part in enumerate(shown)
            if focused is not None and (focused is part.widget or part.widget.isAncestorOf(focused))
        ),
        -1 if direction > 0 else 0,
    )
    shown[(here + direction) % len(shown)].enter()
