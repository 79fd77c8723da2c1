import pytest

from engine.graph.model import Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from gui.document.document import Document


@pytest.fixture
def document(qapp):
    return Document()


@pytest.fixture
def chain(document):
    """Input → Dense → loss, as a document and the three ids."""
    ids = (
        document.add_node(Input(shape=(4,)), (0, 0)),
        document.add_node(Dense(units=3, activation="softmax"), (200, 0)),
        document.add_node(Loss(), (400, 0)),
    )
    document.connect(Wire(ids[0], ids[1]))
    document.connect(Wire(ids[1], ids[2], target_port="prediction"))
    return document, ids
