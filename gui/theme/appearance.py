"""Which tokens are in use, and the one place that changes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme.fonts import ui_font
from gui.theme.stylesheet import stylesheet
from gui.theme.tokens import DARK, LIGHT, Tokens


class Theme(QObject):
    """The appearance in use.

    Emits
        changed(Tokens): after the application has got other tokens. Whatever
            paints by itself repaints then.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tokens = DARK
        self._follow = False

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    def current(self) -> Tokens:
        """The tokens in use, the same as `tokens`."""
        return self._tokens

    def choose(self, app: QApplication, name: str) -> None:
        """Use "dark", "light", or "system": what the desktop says, also when it changes."""
        hints = app.styleHints()
        if not self._follow:
            hints.colorSchemeChanged.connect(lambda _scheme: self._system_changed(app))
            self._follow = True
        self._wanted = name
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
        hints.setColorScheme(schemes.get(name, Qt.ColorScheme.Unknown))
        apply_theme(app, self._resolved(name))

    def use(self, tokens: Tokens) -> None:
        """Keep `tokens` and announce them."""
        self._tokens = tokens
        self.changed.emit(tokens)

    @contextmanager
    def borrowed(self, tokens: Tokens) -> Iterator[None]:
        """Paint with other tokens in a `with` block; nothing on screen hears of it."""
        before, self._tokens = self._tokens, tokens
        try:
            yield
        finally:
            self._tokens = before

    def _system_changed(self, app: QApplication) -> None:
        tokens = self._resolved(self._wanted)
        if tokens != self._tokens:
            apply_theme(app, tokens)

    def _resolved(self, name: str) -> Tokens:
        if name == "system":
            scheme = QGuiApplication.styleHints().colorScheme()
            return LIGHT if scheme == Qt.ColorScheme.Light else DARK
        return LIGHT if name == "light" else DARK


theme = Theme()


def apply_theme(app: QApplication, tokens: Tokens) -> None:
    """Give the application the palette, the style sheet and the font of `tokens`."""
    app.setStyle("Fusion")
    app.setFont(ui_font(13))
    app.setPalette(palette(tokens))
    app.setStyleSheet(stylesheet(tokens))
    theme.use(tokens)


@contextmanager
def unstyled(app: QApplication) -> Iterator[None]:
    """Have no style sheet in a `with` block, in which widgets are put together.

    With one, Qt looks at all that is in a widget again each time the widget gets a parent.
    """
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def palette(tokens: Tokens) -> QPalette:
    """The tokens as Qt's colour roles, for everything that the style sheet does not name."""
    roles = {
        QPalette.ColorRole.Window: tokens.surface,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.field,
        QPalette.ColorRole.AlternateBase: tokens.surface,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.node,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.on_accent,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.ToolTipBase: tokens.node,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Light: tokens.hover,
        QPalette.ColorRole.Midlight: tokens.hairline,
        QPalette.ColorRole.Mid: tokens.border,
        QPalette.ColorRole.Dark: tokens.border,
        QPalette.ColorRole.Shadow: tokens.shadow,
    }
    result = QPalette()
    for role, color in roles.items():
        result.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return result
