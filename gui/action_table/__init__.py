"""Every action of the window, declared once: name, sentence, keys and icon. A file a menu.

Menus, tool bars, tooltips, the command palette and the sheet of shortcuts are
made from this table. What an action does is bound in the main window.
"""

from __future__ import annotations

from gui.action_spec import ActionSpec
from gui.action_table.edit import EDIT
from gui.action_table.file import FILE
from gui.action_table.help import HELP
from gui.action_table.network import NETWORK
from gui.action_table.structure import STRUCTURE
from gui.action_table.train import TRAIN
from gui.action_table.view import VIEW

ACTIONS: tuple[ActionSpec, ...] = (*FILE, *EDIT, *VIEW, *NETWORK, *STRUCTURE, *TRAIN, *HELP)
