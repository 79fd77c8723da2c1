import json

import pytest

from engine.errors import FragmentError
from engine.graph.model import Wire
from gui.document import clipboard


@pytest.fixture
def board(qapp):
    board = qapp.clipboard()
    board.clear()
    return board


def test_the_clipboard_holds_readable_text(chain, board):
    document, ids = chain
    clipboard.copy(document, ids, board)

    assert [node["id"] for node in json.loads(board.text())["nodes"]] == list(ids)


def test_nodes_are_pasted_with_their_wires_and_selected_order(chain, board):
    document, (source, middle, _) = chain
    clipboard.copy(document, [source, middle], board)
    pasted = clipboard.paste(document, board)

    assert pasted == ("input_2", "dense_2")
    assert Wire(*pasted) in document.graph.wires
    assert document.graph.node("input_2").position == (32, 32)


def test_a_paste_can_be_put_at_a_place(chain, board):
    document, (source, middle, _) = chain
    clipboard.copy(document, [source, middle], board)
    clipboard.paste(document, board, at=(100, 50))

    assert document.graph.node("input_2").position == (100, 50)
    assert document.graph.node("dense_2").position == (300, 50)


def test_foreign_text_is_refused_in_one_sentence(document, board):
    board.setText("hello")

    with pytest.raises(FragmentError):
        clipboard.paste(document, board)
    assert document.undo.count() == 0


def test_a_group_is_pasted_with_its_card_where_it_is_wanted(chain, board):
    document, (source, middle, _) = chain
    group = document.group([source, middle], (104, 48))

    clipboard.copy(document, [group], board)
    (pasted,) = clipboard.paste(document, board, at=(400, 200))

    assert document.position_of(pasted) == (400, 200)
    assert document.graph.drawing.group(pasted).name == "Block"
