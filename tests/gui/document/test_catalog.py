import pytest
from PySide6.QtCore import QMimeData

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
