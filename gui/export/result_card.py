"""What the verification found, with a shape, a colour and a word for it."""

from __future__ import annotations

import math

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.interop.verify import TOLERANCE
from gui.export.exporter import Exported
from gui.theme import mono_font, ui_font
from gui.widgets import Card, HintLabel, LinkButton, NumberLabel, Sign, TextLabel


class ResultCard(Card):
    """The finding of the last export."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exported: Exported | None = None
        self._details = ""
        self.sign = Sign("ok", self)
        self.title = TextLabel("", self, token="text")
        self.title.setFont(ui_font(13, 600))
        self.difference = NumberLabel("", self)
        self.difference.setFont(mono_font(22))
        self.caption = HintLabel("", self)
        self.text = TextLabel("", self)
        self.stale = HintLabel("", self)
        self.stale.hide()
        self.copy = LinkButton(self.tr("Copy details"), self)
        self.copy.clicked.connect(self.copy_details)
        self.folder = LinkButton(self.tr("Show folder"), self, quiet=True)
        self.folder.clicked.connect(self.show_folder)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.sign)
        head.addWidget(self.title, 1)
        number = QHBoxLayout()
        number.setContentsMargins(24, 4, 0, 4)
        number.setSpacing(12)
        number.addWidget(self.difference)
        number.addWidget(self.caption)
        number.addStretch(1)
        body = QVBoxLayout()
        body.setContentsMargins(24, 0, 0, 0)
        body.setSpacing(6)
        body.addWidget(self.text)
        body.addWidget(self.stale)
        actions = QHBoxLayout()
        actions.setContentsMargins(20, 2, 0, 0)
        actions.setSpacing(8)
        actions.addWidget(self.copy)
        actions.addWidget(self.folder)
        actions.addStretch(1)
        for part in (head, number, body, actions):
            self.content.addLayout(part)

    def show_exported(self, exported: Exported) -> None:
        """Say whether the file can be vouched for."""
        found = exported.verification
        self.exported = exported
        self._details = self._described(exported)
        known = not math.isnan(found.max_abs_difference)
        if found.ok:
            title = self.tr("Vouched for: the file computes what the network computes")
        elif known:
            title = self.tr("Wrong: the file computes something else")
        else:
            title = self.tr("Not vouched for: nobody could compare the file with the network")
        self._show("ok" if found.ok else "bad", title, found.message)
        self.difference.setText(f"{found.max_abs_difference:.1e}" if known else "")
        self.difference.setVisible(known)
        self.caption.setVisible(known)
        limit = f"{TOLERANCE:.0e}".replace("e-0", "e-")
        self.caption.setText(self.tr("largest difference (limit {0})").format(limit))
        self.folder.show()

    def show_failure(self, sentence: str, details: str) -> None:
        """Say why there is no file."""
        self.exported = None
        self._details = f"{sentence}\n\n{details}"
        self._show("bad", self.tr("Nothing was written"), sentence)
        for part in (self.difference, self.caption, self.folder):
            part.hide()

    def _show(self, severity: str, title: str, text: str) -> None:
        self.sign.set_severity(severity)
        self.title.setText(title)
        self.title.set_token(severity)
        self.difference.set_token(severity)
        self.text.setText(text)
        self.stale.hide()
        self.show()

    def note_change(self) -> None:
        """The network is another one than that in the file."""
        if self.exported is not None:
            self.stale.setText(
                self.tr(
                    "The network has changed since. Export it again to bring the file up to it."
                )
            )
            self.stale.show()

    @staticmethod
    def _described(exported: Exported) -> str:
        found = exported.verification
        source = "the data set" if exported.from_data else "random numbers"
        return "\n".join(
            (
                f"file: {exported.path} ({exported.size:,} bytes)",
                f"verified with: {found.verified_with}, graph optimisation off",
                f"batch: {found.examples} examples of {source}",
                f"largest difference: {found.max_abs_difference}",
                f"finding: {found.message}",
            )
        )

    def copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)

    def show_folder(self) -> None:
        if self.exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.exported.path.parent)))
