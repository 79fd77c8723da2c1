import pytest
from PySide6.QtCore import QMimeData

from engine.activations import ACTIVATIONS
from engine.layers import LAYERS
from gui.document.catalog import catalog, dropped_layer, search


def labels(offers):
    return [offer.label for offer in offers]


def test_everything_registered_is_offered(qapp):
    assert {offer.entry.kind for offer in catalog()} == set(LAYERS.kinds())


def test_sections_stand_together(qapp):
    sections = [offer.section for offer in catalog()]

    assert sections == sorted(sections, key=list(dict.fromkeys(sections)).index)


def test_an_offer_survives_a_drag(qapp):
    for offer in catalog():
        assert dropped_layer(offer.mime()) == offer.layer()


@pytest.mark.parametrize("text", [b"", b"[1]", b'["os.system", {}]', b'["dense", {"units": 0}]'])
def test_a_drag_of_something_else_gives_no_layer(qapp, text):
    data = QMimeData()
    data.setData("application/x-glassbox-layer", text)

    assert dropped_layer(data) is None


def test_beginnings_come_before_the_rest(qapp):
    assert labels(search("de", catalog()))[0] == "Dense"


def test_synonyms_are_found(qapp):
    dense = next(offer for offer in catalog() if offer.label == "Dense")
    for synonym in dense.entry.synonyms:
        assert "Dense" in labels(search(synonym, catalog()))


def test_letters_in_order_are_enough(qapp):
    assert "Dropout" in labels(search("dpt", catalog()))


def test_nothing_is_found_for_nonsense(qapp):
    assert search("qqq", catalog()) == []


def test_what_was_added_lately_comes_first(qapp):
    offers = catalog()

    assert search("", offers, [offers[-1].key])[0] == offers[-1]


@pytest.mark.parametrize(
    ("typed", "label", "function"),
    [
        ("sigmoid", "Sigmoid", "sigmoid"),
        ("leaky relu", "Leaky ReLU", "leaky_relu"),
        ("leakyrelu", "Leaky ReLU", "leaky_relu"),
        ("tanh", "Tanh", "tanh"),
        ("swish", "SiLU", "silu"),
        ("log softmax", "Log-softmax", "log_softmax"),
        ("threshold", "Step", "step"),
    ],
)
def test_the_name_of_an_activation_adds_that_very_function(qapp, typed, label, function):
    first = search(typed, catalog())[0]

    assert first.label == label
    assert (first.layer().kind, first.layer().function.kind) == ("activation", function)


def test_activations_by_name_are_found_and_fill_no_list(qapp):
    by_name = {offer.key: offer for offer in catalog() if not offer.entry.listed}
    listed = search("", catalog())

    assert len(by_name) == len(ACTIVATIONS.kinds()) - 1  # the straight line does nothing
    assert by_name.keys().isdisjoint(offer.key for offer in listed)
    used = next(iter(by_name))
    assert search("", catalog(), [used])[0].key == used


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("attention", "MultiHeadAttention"),
        ("head attention", "MultiHeadAttention"),
        ("linear", "Dense"),
        ("up-sampling", "UpSample"),
        ("convolution 1d", "Conv1D"),
        ("bidirectional", "LSTM"),
        ("data augmentation", "RandomFlip"),
        ("time distributed", "Dense"),
        ("l1 loss", "Absolute error"),
        ("l2 loss", "Squared error"),
        ("delay", "Start"),
        ("unsqueeze", "Reshape"),
        ("cross entropy", "Cross-entropy"),
        ("average pool", "AveragePool2D"),
    ],
)
def test_what_people_call_things_finds_them_first(qapp, typed, first):
    assert labels(search(typed, catalog()))[0] == first


def test_parts_of_a_name_come_before_other_names(qapp):
    found = labels(search("pool", catalog()))

    assert found[:3] == ["MaxPool2D", "MaxPool1D", "AveragePool2D"]
