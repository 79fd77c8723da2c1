"""Buttons: one filled on a screen, the others quiet until the pointer is on them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme import icon


class _Button(QPushButton):
    """A push button that takes the keyboard focus by Tab only, so that a click leaves no ring."""

    def __init__(
        self, text: str = "", icon_name: str = "", parent: QWidget | None = None, *, token: str
    ) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAutoDefault(False)
        self._token = token
        self._icon_name = ""
        # Beside a text the icon's box is wider than the icon: Qt leaves too small a gap.
        self.setIconSize(QSize(20 if text else 16, 16))
        if icon_name:
            self.set_icon(icon_name)

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self.setIcon(icon(name, self._token))


class PrimaryButton(_Button):
    """The one filled button of a screen."""

    def __init__(self, text: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name, parent, token="on_accent")

    def set_filled(self, filled: bool) -> None:
        """Step back where another button is the one that counts."""
        self._token = "on_accent" if filled else "text"
        if self._icon_name:
            self.set_icon(self._icon_name)
        self.setProperty("filled", filled)
        self.style().unpolish(self)
        self.style().polish(self)


class PlainButton(_Button):
    """A button with a border, beside the primary one."""

    def __init__(self, text: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name, parent, token="text")


class QuietButton(_Button):
    """A button without a frame; it can be checkable, as a tab is."""

    def __init__(self, text: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name, parent, token="second")


class TintButton(_Button):
    """The action that a message proposes."""

    def __init__(self, text: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name, parent, token="accent")


class LinkButton(_Button):
    """An action that reads as a link; `quiet` for the one beside the proposed action, `hint`
    for one that reads as a hint."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        quiet: bool = False,
        hint: bool = False,
    ) -> None:
        super().__init__(text, "", parent, token="accent")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("quiet", quiet)
        self.setProperty("hint", hint)


class IconButton(_Button):
    """A square button with an icon only. Its name is its tooltip and its accessible name."""

    def __init__(
        self, icon_name: str, name: str, parent: QWidget | None = None, *, framed: bool = False
    ) -> None:
        super().__init__("", icon_name, parent, token="text" if framed else "second")
        self.setProperty("framed", framed)
        self.setToolTip(name)
        self.setAccessibleName(name)
