"""The window: puts the panels together and binds the actions. Panels never meet but here.

The first frame shows the bars, the palette and the canvas. Everything else is
imported and made right after it, in `complete`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.project.recovery import RecoveryFolder
from engine.project.templates import TEMPLATES
from gui import focus
from gui.canvas.empty_state import TemplateCard
from gui.canvas.view import CanvasView
from gui.dialogs import Dialogs
from gui.document.blocks import Blocks
from gui.document.catalog import Offer
from gui.document.document import Document
from gui.document.habits import Habits
from gui.palette import PalettePanel
from gui.settings import SettingsFile
from gui.widgets import HairLine
from gui.window.files import Ask
from gui.window.frame import Frame
from gui.window.menus import Menus
from gui.window.reporting import Reporting
from gui.window.speed import SpeedChoice
from gui.window.status_bar import StatusBar
from gui.window.tabs import BottomTabs
from gui.window.top_bar import WORKSPACES, TopBar
from gui.window.training_bar import TrainingBar
from gui.window.workspaces import PANELS, Workspaces

if TYPE_CHECKING:
    from gui.data import DataWorkspace
    from gui.panels import Panels
    from gui.training.controller import TrainingController

FEW = 4
"""Templates that the empty canvas offers; the gallery has all."""


class MainWindow(Frame):
    """One document in one window.

    recovery: where unsaved work is kept; None keeps none.
    ask: the question before unsaved work goes; see `ProjectFiles`.

    Emits
        completed: everything that may wait until the first frame is there too.
    """

    completed = Signal()

    def __init__(
        self,
        document: Document,
        settings: SettingsFile,
        recovery: RecoveryFolder | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(document, settings, recovery, ask)
        self._panels: Panels | None = None
        blocks = Blocks(settings.path.parent / "blocks", self)
        self.habits = Habits(settings.settings, self, blocks)
        self.canvas = CanvasView(document, self.habits)
        first = [each for each in TEMPLATES if each.plain["graph"]["nodes"]][:FEW]
        cards = [TemplateCard(each.id, each.title, each.summary) for each in first]
        self.canvas.empty.set_templates(cards)
        self.palette_ = PalettePanel(self.habits)
        self.bottom = BottomTabs()
        for name, title in (
            ("problems", self.tr("Problems")),
            ("loss", self.tr("Loss & metrics")),
            ("gradients", self.tr("Gradients")),
            ("weights", self.tr("Weights & activations")),
            ("runs", self.tr("Runs")),
            ("history", self.tr("History")),
        ):
            self.bottom.add(name, title)
        self.workspaces = Workspaces(self.palette_, self.canvas, self.bottom)
        self.status = StatusBar()
        self.dialogs = Dialogs(self)
        self.bar = TrainingBar(document, self.commands)
        self.top = TopBar(self._menus(), self.commands)
        self._lay_out()
        self.reporting = Reporting(
            document, self.files, self.commands, self.top, self.bar, self.bottom, self.status
        )
        self._bind()
        self._join()
        self._restore()
        self.painted.connect(self.complete)

    # Composition

    def _menus(self) -> Menus:
        menus = Menus(self.commands)
        menus.add_submenu(self.tr("Open &recent"), "file.open", self.files.recent)
        return menus

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.top, self.bar, HairLine()):
            column.addWidget(part)
        column.addWidget(self.workspaces, 1)
        column.addWidget(HairLine())
        column.addWidget(self.status)
        self.setCentralWidget(middle)
        self.canvas.setFocus()

    def complete(self) -> None:
        """Make what the first frame had to do without. Does nothing the second time."""
        if self._panels is not None:
            return
        from gui.panels import Panels

        self._panels = panels = Panels(self.document, self.canvas, self)
        self.workspaces.set_inspector(panels.inspector)
        for name, page in panels.tabs.items():
            self.bottom.fill(name, page)
        panels.inspector.left.connect(self.canvas.setFocus)
        panels.data_wanted.connect(lambda: self.open_workspace("data"))
        panels.build_wanted.connect(lambda: self.open_workspace("build"))
        panels.errors_wanted.connect(partial(self.show_tab, "problems"))
        panels.reveal.connect(self.go_to)
        panels.said.connect(self.say)
        panels.loader.progressed.connect(self.reporting.show_loading)
        self.reporting.follow(panels.controller)
        self.speed.drive(panels.controller.set_speed)
        for action_id, handler in panels.live.handlers().items():
            self.commands.bind(action_id, handler)
        self.begin()
        self.completed.emit()

    @property
    def panels(self) -> Panels:
        """The parts that come after the first frame; made now if they are not there yet."""
        self.complete()
        assert self._panels is not None
        return self._panels

    @property
    def controller(self) -> TrainingController:
        return self.panels.controller

    def _made_page(self, name: str) -> QWidget:
        return self.panels.pages[name]()

    def _bind(self) -> None:
        bind, canvas = self.commands.bind, self.canvas
        handlers: dict[str, Callable[..., object]] = {
            **canvas.handlers(),
            "file.csv": self.open_table,
            "file.export": lambda: self.open_workspace("export"),
            "network.settings": self.edit_settings,
            "network.fit_ends": self.fit_ends,
            "train.train": self.train_or_pause,
            "train.step": lambda: self.controller.step(),
            "train.reset": lambda: self.controller.reset(),
            "view.history": lambda: self.show_tab("history"),
            "view.next_part": lambda: focus.go(focus.parts(self), 1),
            "view.previous_part": lambda: focus.go(focus.parts(self), -1),
            **self.dialogs.handlers(),
        }
        for action_id, handler in handlers.items():
            bind(action_id, handler)
        for name in WORKSPACES:
            bind(f"view.{name}", lambda _on, name=name: self.open_workspace(name))
        for panel in PANELS:
            bind(f"view.{panel}", lambda on, panel=panel: self.show_panel(panel, on))
        for name in ("build", "minimap"):
            self.commands[f"view.{name}"].setChecked(True)
        self.commands["view.legend"].setChecked(self.habits.legend)
        self.commands["network.shake"].setChecked(self.habits.shake)
        self.speed = SpeedChoice(self.commands, self.settings.settings)
        self.commands.install(self, canvas)

    def _join(self) -> None:
        """Let the parts hear of each other."""
        canvas, status = self.canvas, self.status
        for name in ("data", "evaluate", "export"):
            self.workspaces.add_page(name, partial(self._made_page, name))
        canvas.zoom_changed.connect(status.set_zoom)
        self.workspaces.opened.connect(lambda name: canvas.set_xray(name == "train"))
        canvas.template_chosen.connect(self.files.open_template)
        canvas.empty.more_wanted.connect(self.dialogs.open_gallery)
        self.palette_.chosen.connect(self.add_node)
        self.bar.file_wanted.connect(self.open_table)
        self.files.table_given.connect(self.open_table)
        status.problems_clicked.connect(partial(self.show_tab, "problems"))
        status.zoom_clicked.connect(canvas.actual_size)

    def _restore(self) -> None:
        """Stand as the window stood when it was closed."""
        settings = self.settings.settings
        self.workspaces.restore(settings.panels)
        for panel in PANELS:
            self.show_panel(panel, panel not in settings.hidden)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_painted:
            # Only now the canvas knows how much room it has.
            self.canvas.open_place()

    # What the actions do

    def train_or_pause(self) -> None:
        if self.controller.busy:
            self.controller.pause()
            return
        self.drop_failures()
        if self.say_error():
            self.show_tab("problems")
        else:
            if self.workspaces.current == "build":
                self.open_workspace("train")
            self.controller.train()

    def fit_ends(self) -> None:
        """Give the ends of the network the sizes of the data."""
        signature = self.document.dataset_signature
        if signature is None:
            self.say(self.tr("There is no data to fit to yet. Choose a data set first."), "warning")
        else:
            self.document.fit_ends(signature)

    def open_table(self, path: Path | None = None) -> None:
        """Look at a table, asking for it if it is not given."""
        self.open_workspace("data")
        page = cast("DataWorkspace", self.workspaces.page("data"))
        page.open_file(path) if path else page.ask_for_file()

    def open_workspace(self, name: str) -> None:
        self.workspaces.open(name)
        # These have a filled button of their own, and there is one at a time.
        self.bar.set_filled(name not in ("data", "export"))
        self.commands[f"view.{name}"].setChecked(True)

    def show_canvas(self) -> None:
        """Leave a workspace that has no canvas."""
        if self.workspaces.current in self.workspaces.pages:
            self.open_workspace("build")

    def show_panel(self, panel: str, shown: bool) -> None:
        """Show or fold away one of the panels around the canvas."""
        self.workspaces.set_shown(panel, shown)
        self.commands[f"view.{panel}"].setChecked(shown)

    def show_tab(self, name: str) -> None:
        """Bring a tab under the canvas to the front, and the keyboard to it."""
        self.complete()
        self.show_canvas()
        self.show_panel("bottom", True)
        self.bottom.show_page(name)
        self.bottom.take_focus()

    def edit_settings(self) -> None:
        """Take the keyboard to the settings of what is selected."""
        self.show_panel("inspector", True)
        self.panels.inspector.take_focus()

    def add_node(self, offer: Offer) -> None:
        """Put a node, or a block of the user's, on the canvas, where the canvas finds fit."""
        self.show_canvas()
        self.habits.note_use(offer.key)
        self.canvas.add_offer(offer)
        self.canvas.setFocus()

    def go_to(self, node_id: str) -> None:
        """Select a node and bring it into view."""
        self.show_canvas()
        self.canvas.go_to(node_id)
        self.canvas.setFocus()

    # Closing

    def stop_working(self) -> None:
        if self._panels is not None:
            self._panels.shut_down()
        self.workspaces.shut_down()

    def leave(self) -> None:
        super().leave()
        self.reporting.end()
        settings = self.settings.settings
        settings.panels = self.workspaces.sizes()
        settings.hidden = [panel for panel in PANELS if not self.workspaces.shows(panel)]
