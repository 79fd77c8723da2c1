import json

import numpy as np
import pytest

from engine.errors import FragmentError
from engine.graph.model import Wire
from gui.document import clipboard
from gui.document.document import Document


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


def test_a_paste_with_wires_keeps_those_that_led_to_the_nodes(chain, board):
    document, (source, middle, _) = chain
    clipboard.copy(document, [middle], board)
    plain = clipboard.paste(document, board)
    (wired,) = clipboard.paste(document, board, wired=True)

    assert document.graph.incoming(plain[0]) == ()
    assert document.graph.incoming(wired) == (Wire(source, wired),)
    document.undo.undo()
    assert wired not in document.graph


def test_wires_from_nodes_that_another_document_does_not_have_are_left_out(chain, board, qapp):
    document, (_, middle, _) = chain
    clipboard.copy(document, [middle], board)
    other = Document()
    (pasted,) = clipboard.paste(other, board, wired=True)

    assert other.graph.incoming(pasted) == ()


def test_weights_go_along_only_if_they_are_wanted(chain, board):
    document, (_, middle, _) = chain
    learned = np.arange(12, dtype=np.float32).reshape(3, 4)
    document.set_weights({(middle, "weight"): learned})
    clipboard.copy(document, [middle], board)
    plain = json.loads(board.text())
    clipboard.copy(document, [middle], board, weights=True)
    other = Document()
    (pasted,) = clipboard.paste(other, board)

    assert "weights" not in plain
    np.testing.assert_array_equal(other.weights[pasted, "weight"], learned)


def test_text_that_went_through_an_editor_is_pasted_again(chain, board):
    document, (source, middle, _) = chain
    clipboard.copy(document, [source, middle], board)
    board.setText("  " + board.text().replace("\n", "\r\n") + "\r\n\r\n")

    assert len(clipboard.paste(Document(), board)) == 2
