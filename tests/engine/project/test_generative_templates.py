"""The built-in networks that draw: what they promise, judged by witnesses that saw none of them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from engine.cli import main
from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.evaluation.evaluate import evaluate
from engine.evaluation.generate import Passage, Place, generate
from engine.project.templates import open_template
from engine.training.trainer import Trainer


@pytest.fixture(scope="module")
def digits():
    return prepare(DataSettings(source="digits"))


@pytest.fixture(scope="module")
def reader(digits):
    """Reads digits; 98 of 100 right on those that it has not seen."""
    train = digits.train
    found = LogisticRegression(C=30, max_iter=2000, tol=1e-3)
    found.fit(digits.features[train], digits.targets[train])
    assert found.score(digits.features[digits.test], digits.targets[digits.test]) > 0.97
    return found


def trained(template_id, **settings):
    project = open_template(template_id)
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(**settings))
    trainer.run()
    return project.graph, trainer.weights(), dataset


def classes_covered(reader, pictures, least=0.02, sure=0.9):
    """How many digits have so large a share of pictures that are surely this digit."""
    found = reader.predict_proba(pictures)
    named = np.bincount(found.argmax(axis=1)[found.max(axis=1) > sure], minlength=10)
    return int(np.sum(named >= least * len(pictures)))


def by_principal_components(dataset, count, x):
    pca = PCA(count, random_state=0).fit(dataset.features[dataset.train])
    return pca.inverse_transform(pca.transform(x))


def from_the_nearest(dataset, pictures):
    """The median distance to the nearest digit that was trained on."""
    known = dataset.features[dataset.train]
    apart = ((pictures[:, None] - known[None]) ** 2).mean(axis=2)
    return float(np.median(np.sqrt(apart.min(axis=1))))


def rmse(found, wanted):
    return float(np.sqrt(np.mean((found - wanted) ** 2)))


def test_the_autoencoder_draws_digits_from_two_numbers_better_than_five_principal_components():
    graph, weights, dataset = trained("autoencoder")
    x = dataset.features[dataset.test]
    found = evaluate(graph, weights, dataset, "test")
    code = Place(next(node.id for node in graph.nodes if node.name == "Code"))

    assert found["rmse"] < 0.8 * rmse(by_principal_components(dataset, 2, x), x)
    assert found["rmse"] < rmse(by_principal_components(dataset, 5, x), x)
    assert Passage(graph, weights, start=code).shape == (2,)


def test_the_code_of_the_autoencoder_is_a_map_on_which_digits_have_their_places():
    """Of the nearest neighbours on the map most are the same digit, though no label was seen."""
    graph, weights, dataset = trained("autoencoder")
    code = Place(next(node.id for node in graph.nodes if node.name == "Code"))
    encode = Passage(graph, weights, end=code)
    places, labels = (encode.one(dataset.features[dataset.train]), dataset.targets[dataset.train])
    asked = encode.one(dataset.features[dataset.test])
    distance = ((asked[:, None] - places[None]) ** 2).sum(axis=2)
    nearest = labels[distance.argsort(axis=1)[:, :5]]

    assert np.mean(nearest == dataset.targets[dataset.test][:, None]) > 0.6  # by chance 0.1


def test_the_denoising_autoencoder_takes_away_half_of_the_noise():
    graph, weights, dataset = trained("denoising_autoencoder")
    clean = dataset.features[dataset.test]
    noise = 0.3 * np.random.default_rng(0).standard_normal(clean.shape).astype(np.float32)
    noisy = clean + noise
    cleaned = Passage(graph, weights, start=Place("gaussian_noise_1")).one(noisy)
    best = min(rmse(by_principal_components(dataset, n, noisy), clean) for n in (8, 12, 16))

    assert rmse(cleaned, clean) < 0.55 * rmse(noisy, clean)
    assert rmse(cleaned, clean) < 0.7 * rmse(np.clip(noisy, 0, 1), clean)
    assert rmse(cleaned, clean) < 0.85 * best


def test_the_variational_autoencoder_draws_all_digits_from_noise_and_reconstructs(reader):
    graph, weights, dataset = trained("vae")
    made = generate(graph, weights, 1000, seed=1)["Picture"]
    sure = reader.predict_proba(made).max(axis=1)
    scrambled = np.random.default_rng(0).permuted(made, axis=1)
    new_to_real = from_the_nearest(dataset, dataset.features[dataset.test])

    assert evaluate(graph, weights, dataset, "test")["rmse"] < 0.17
    assert classes_covered(reader, made) >= 9
    assert np.mean(sure > 0.5) > 0.9
    assert from_the_nearest(dataset, made) < 1.2 * new_to_real
    assert from_the_nearest(dataset, scrambled) > 2 * new_to_real


def test_codes_of_the_variational_autoencoder_lie_around_zero_like_a_standard_normal():
    graph, weights, dataset = trained("vae")
    x = dataset.features[dataset.train]
    mean = Passage(graph, weights, end=Place("sampling_1")).one(x)
    divergence = Passage(graph, weights, end=Place("sampling_1", "kl")).one(x)
    spread = np.exp(Passage(graph, weights, end=Place("dense_3")).one(x)).mean(axis=0)

    np.testing.assert_allclose(mean.var(axis=0) + spread, 1, atol=0.25)
    assert np.abs(mean.mean(axis=0)).max() < 0.3
    assert 3 < divergence.mean() < 15


def test_an_autoencoder_goes_through_every_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.savez("x.npz", input_1=np.zeros((3, 64), np.float32))

    for command in (
        "new vae -o v.glassbox",
        "check v.glassbox",
        "train v.glassbox --epochs 1",
        "evaluate v.glassbox",
        "predict v.glassbox --input x.npz --output y.npz",
        "predict v.glassbox --count 4 --output new.npz",
        "export v.glassbox --to onnx -o v.onnx",
        "predict v.onnx --input x.npz --output z.npz",
    ):
        assert main(command.split()) == 0, command
    said = capsys.readouterr().out

    assert "No problems." in said
    assert "rmse" in said
    assert np.load("new.npz")["Picture"].shape == (4, 64)
    np.testing.assert_allclose(np.load("y.npz")["Picture"], np.load("z.npz")["Picture"], atol=1e-5)
