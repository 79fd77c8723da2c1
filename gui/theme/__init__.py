"""How the window looks: colours, type, icons, and the style sheet made of them.

from gui.theme import category_color, diverging, icon, mono_font, theme, ui_font

theme.tokens.accent                  # "#4c8dff"; QColor(theme.tokens.accent)
theme.changed.connect(self.update)   # whatever paints by itself repaints
category_color("convolution")        # the stripe of a node
class_color(3, 10, theme.tokens)     # the QColor of the fourth of ten classes
ui_font(13, 600), mono_font(12), label_font(), drawing_font(13)   # the last for the canvas
icon("play-fill"), icon("trash", "second")      # QIcon, Phosphor's names
paint_icon(painter, rect, "warning-fill", theme.tokens.warning)
diverging(weights, theme.tokens)     # array (H, W) -> QImage
diverging_color(0.4, theme.tokens)   # one number -> QColor
"""

from gui.theme.appearance import Theme, apply_theme, palette, theme, unstyled
from gui.theme.class_colors import class_color
from gui.theme.colormap import diverging, diverging_color
from gui.theme.fonts import drawing_font, label_font, mono_font, ui_font
from gui.theme.icons import icon, paint_icon
from gui.theme.tokens import CATEGORY_COLORS, DARK, LIGHT, Tokens, category_color

__all__ = [
    "CATEGORY_COLORS",
    "DARK",
    "LIGHT",
    "Theme",
    "Tokens",
    "apply_theme",
    "category_color",
    "class_color",
    "diverging",
    "diverging_color",
    "drawing_font",
    "icon",
    "label_font",
    "mono_font",
    "paint_icon",
    "palette",
    "theme",
    "ui_font",
    "unstyled",
]
