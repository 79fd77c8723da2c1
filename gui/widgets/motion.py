"""Whether things may move."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def motion_ms(wanted: int) -> int:
    """`wanted` milliseconds of animation, or 0 where the user asks for less motion.

    The style knows what the desktop's accessibility settings say.
    """
    from PySide6.QtWidgets import QStyle  # 5 ms, for its many enumerations: not before it is needed

    style = QApplication.style()
    if style is None or not style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration):
        return 0
    return wanted
