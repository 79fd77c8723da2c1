"""A history that Python's collector finds takes its commands down once, not twice.

What fails here takes the interpreter along, so each case runs in one of its own.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

COMMANDS_OLDER_THAN_THEIR_STACK = """
commands = [QUndoCommand("edit") for _ in range(3)]
history = History()
for command in commands:
    command.history = history
    history.push(command)
del commands, command, history
"""

A_DOCUMENT_THAT_ONLY_ITS_COMMANDS_KEEP = """
document = Document()
for epochs in (1, 2, 3):
    document.set_training(document.training.replaced(epochs=epochs, seed=epochs))
del document
"""


@pytest.mark.parametrize(
    "dropped", [COMMANDS_OLDER_THAN_THEIR_STACK, A_DOCUMENT_THAT_ONLY_ITS_COMMANDS_KEEP]
)
def test_commands_are_deleted_once(dropped):
    imported = (
        "import gc",
        "from PySide6.QtGui import QUndoCommand",
        "from gui.document.document import Document",
        "from gui.document.history import History",
        "gc.disable()",
    )
    code = "\n".join((*imported, *[dropped, "gc.collect()"] * 10, "print('alive')"))
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, "alive\n")
