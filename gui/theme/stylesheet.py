"""The one style sheet. Names in `$` are tokens; widgets are addressed by their class."""

from __future__ import annotations

from string import Template

from gui.theme.tokens import Tokens

_SHEET = Template(
    """
QMainWindow, QDialog { background: $surface; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip {
    background: $node; color: $text; border: 1px solid $border; padding: 4px 8px; font-size: 12px;
}
QLabel { background: transparent; }

QMenuBar { background: transparent; color: $second; spacing: 0; padding: 0; }
QMenuBar::item { background: transparent; padding: 6px 10px; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenuBar::item:pressed { background: $tint; color: $accent; }
QMenu { background: $node; border: 1px solid $border; border-radius: 8px; padding: 6px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 5px; color: $text; }
QMenu::item:selected { background: $tint; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $hairline; margin: 6px 8px; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 0 8px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QAbstractSpinBox { min-height: 24px; max-height: 24px; }
QPlainTextEdit, QTextEdit { padding: 6px; }
NamesField { padding: 4px 9px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled { color: $muted; border-color: $hairline; }
QLineEdit[wrong="true"], NamesField[wrong="true"] { border-color: $bad; }

QPushButton {
    background: $field; color: $text; border: 1px solid $border; border-radius: 7px;
    padding: 0 14px; min-height: 28px; max-height: 28px; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $tint; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; border-color: $hairline; }
PrimaryButton {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
PrimaryButton:hover { background: $accent_hover; border-color: $accent_hover; }
PrimaryButton:pressed { background: $accent_pressed; border-color: $accent_pressed; }
PrimaryButton:focus { border-color: $text; }
PrimaryButton[filled="false"] { background: $field; color: $text; border-color: $border; }
PrimaryButton[filled="false"]:hover { background: $hover; }
PrimaryButton:disabled { background: $tint; color: $muted; border-color: $tint; }
QuietButton { background: transparent; border-color: transparent; color: $second; }
QuietButton:hover { background: $hover; color: $text; }
QuietButton:checked { background: $tint; color: $accent; }
QuietButton:focus { border-color: $accent; }
TintButton {
    background: $tint; border-color: $tint; color: $accent; font-weight: 600;
    border-radius: 5px; padding: 0 8px; min-height: 22px; max-height: 22px;
}
TintButton:hover { background: $tint; border-color: $accent; }
LinkButton {
    background: transparent; border: 1px solid transparent; color: $accent; font-weight: 600;
    border-radius: 4px; padding: 0 6px 0 0; min-height: 20px; max-height: 20px; font-size: 12px;
}
LinkButton:hover { color: $accent_hover; text-decoration: underline; background: transparent; }
LinkButton:focus { border-color: $accent; }
LinkButton[quiet="true"] { color: $second; font-weight: 500; }
LinkButton[hint="true"] { color: $muted; font-weight: 400; }
LinkButton[hint="true"]:hover { color: $text; text-decoration: none; }
StatusButton {
    background: transparent; border: 1px solid transparent; color: $second; font-size: 12px;
    font-weight: 400; padding: 0 6px; border-radius: 5px; min-height: 18px; max-height: 18px;
}
StatusButton:hover { background: $hover; color: $text; }
StatusButton:focus { border-color: $accent; }
StatusButton[severity="ok"] { color: $ok; padding-left: 18px; }
StatusButton[severity="warning"] { color: $warning; padding-left: 18px; }
StatusButton[severity="bad"] { color: $bad; padding-left: 18px; }
IconButton {
    background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 0;
    min-height: 26px; max-height: 26px; min-width: 26px; max-width: 26px;
}
IconButton:hover { background: $hover; }
IconButton:pressed, IconButton:checked { background: $tint; }
IconButton:focus { border-color: $accent; }
Segments { background: $field; border: 1px solid $border; border-radius: 7px; }
SegmentButton {
    background: transparent; border: 1px solid transparent; border-radius: 5px; color: $second;
    padding: 0 8px; min-height: 22px; max-height: 22px; font-size: 12px; font-weight: 500;
}
SegmentButton:hover { color: $text; background: $hover; }
SegmentButton:checked { color: $accent; background: $tint; }
SegmentButton:focus { border-color: $accent; }
IconButton[framed="true"] {
    background: $field; border-color: $border;
    min-height: 28px; max-height: 28px; min-width: 30px; max-width: 30px;
}
IconButton[framed="true"]:hover { background: $hover; }
IconButton[framed="true"]:focus { border-color: $accent; }

QCheckBox, QRadioButton { color: $text; spacing: 8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; background: $field; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QTableView::indicator:checked {
    background: $accent; border-color: $accent;
}

QListView, QTreeView, QTableView, QScrollArea {
    background: transparent; border: none; color: $text; outline: none;
    selection-background-color: $tint; selection-color: $text;
    gridline-color: $hairline; alternate-background-color: $field;
}
QListView::item, QTreeView::item { min-height: 24px; border-radius: 6px; padding: 0 6px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $tint; color: $text; }
QTableView::item { padding: 2px 8px; }
QTableView::item:selected { background: $tint; color: $text; }
QTableView::item:focus { border: 1px solid $accent; }
QHeaderView, QTableCornerButton::section { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: $second; border: none; border-bottom: 1px solid $border;
    padding: 4px 11px; font-weight: 500;
}

QComboBox QAbstractItemView {
    background: $node; border: 1px solid $border; border-radius: 8px; padding: 4px; outline: none;
    selection-background-color: $tint; selection-color: $text;
}

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; width: 0; height: 0;
}
QAbstractScrollArea::corner { background: transparent; }

QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QTabWidget::pane { border: none; border-top: 1px solid $hairline; }
QTabBar { background: transparent; qproperty-drawBase: 0; outline: none; }
QTabBar::tab {
    background: transparent; color: $second; padding: 8px 2px 7px 2px; margin: 0 22px 0 0;
    border: none; border-bottom: 2px solid transparent; font-weight: 500;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar:focus { border: none; }
QTabBar::tab:selected:focus { color: $accent; }

QProgressBar {
    background: $border; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { background: $border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}
QSlider::handle:horizontal:focus { border: 2px solid $text; }
QGroupBox { border: none; margin-top: 18px; color: $second; }
QGroupBox::title { subcontrol-origin: margin; left: 0; }
QDockWidget { titlebar-close-icon: none; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $second; }
QStatusBar::item { border: none; }

Panel { background: $surface; }
Card { background: $node; border: 1px solid $border; border-radius: 8px; }
HairLine { background: $hairline; border: none; }
"""
)


def stylesheet(tokens: Tokens) -> str:
    """The style sheet with the colours of `tokens`."""
    return _SHEET.substitute(
        tokens.colors(),
        accent_hover="#6aa1ff" if tokens.dark else "#1d5bd0",
        accent_pressed="#3b78e0" if tokens.dark else "#174db3",
    )
