"""What is said to be in the file is what the outputs need and mean."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from engine.project.templates import open_template
from gui.export.contents import Contents


@pytest.fixture
def told(qtbot):
    def tell(template: str) -> dict[str, str]:
        project = open_template(template)
        contents = Contents()
        qtbot.addWidget(contents)
        weights = initial_weights(infer(project.graph), seed=0)
        encoding = prepare(project.data).encoding
        return dict(contents._facts(project.graph, weights, encoding))

    return tell


def test_of_a_generator_the_discriminator_stays_behind(told):
    facts = told("gan_ring")
    graph = open_template("gan_ring").graph
    weights = initial_weights(infer(graph), seed=0)
    made_by = ("dense_1", "dense_2", "dense_3")
    count = sum(array.size for (owner, _), array in weights.items() if owner in made_by)

    assert facts["Parameters"] == f"{count:,}"
    assert facts["Meaning"] == "new examples, as the data is prepared"
    assert "Classes" not in facts


@pytest.mark.parametrize(
    ("template", "label", "meaning"),
    [
        ("autoencoder", "Meaning", "the input again, as the data is prepared"),
        ("vae", "Meaning", "the input again, as the data is prepared"),
        ("iris", "Classes", "3"),
        ("tagging", "Classes", "7"),
        ("hopfield", "Meaning", "digit = output"),
    ],
)
def test_the_meaning_of_the_output_is_told(told, template, label, meaning):
    assert told(template)[label] == meaning


def test_one_column_is_one_column(told):
    assert told("tagging")["Data preparation"] == "1 column"
    assert told("iris")["Data preparation"] == "4 columns"
