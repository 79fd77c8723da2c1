"""Noise in exported models is an input: what comes out can be repeated and is verified."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.cli import main
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.interop.batch import example_batch
from engine.interop.noise import noise_inputs
from engine.interop.onnx_export import METADATA, export_onnx
from engine.interop.verify import OnnxModel, verify_onnx
from engine.layers import LAYERS
from engine.plan.initial import initial_weights
from engine.project.file import save_project
from engine.project.project import Project


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def graph_of(*, with_input=False):
    nodes = [
        Node("z", layer("noise", shape=(3,), distribution="uniform"), "chance"),
        Node("half", layer("constant", value=0.5, shape=[3])),
        Node("sum", layer("add")),
        Node("made", layer("dense", units=2, activation="tanh")),
        Node("y", layer("output"), "point"),
    ]
    wires = [Wire("z", "sum"), Wire("half", "sum"), Wire("sum", "made"), Wire("made", "y")]
    if with_input:
        nodes.insert(0, Node("x", layer("input", shape=(3,))))
        wires.append(Wire("x", "sum"))
    return Graph(nodes, wires)


@pytest.mark.parametrize("with_input", [False, True])
def test_a_generator_is_exported_and_vouched_for(with_input, tmp_path):
    graph, path = graph_of(with_input=with_input), tmp_path / "g.onnx"
    weights = initial_weights(infer(graph), seed=1)
    batch, _ = example_batch(graph, None, np.random.default_rng(0))
    export_onnx(graph, weights, path)
    found = verify_onnx(path, graph, weights, batch)

    assert found.ok
    assert found.examples == 256
    assert OnnxModel(path).inputs == (("x", "chance") if with_input else ("chance",))


def test_the_file_says_how_its_noise_is_drawn(tmp_path):
    graph = graph_of()
    export_onnx(graph, initial_weights(infer(graph), seed=1), tmp_path / "g.onnx")
    said = json.loads(OnnxModel(tmp_path / "g.onnx").metadata[METADATA])["noise"]

    assert said == {"chance": {"shape": [3], "distribution": "uniform"}}
    assert noise_inputs(graph) == {"chance": graph.node("z").layer}


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A generator as a project and as a file in ONNX."""
    monkeypatch.chdir(tmp_path)
    graph = graph_of()
    weights = initial_weights(infer(graph), seed=1)
    save_project(Project(graph=graph, weights=weights), "g.glassbox")
    export_onnx(graph, weights, "g.onnx")
    return ("g.glassbox", "g.onnx")


def test_the_command_makes_as_many_new_examples_as_asked_for(models):
    for model in models:
        assert main(["predict", model, "--count", "5", "--output", "y.npz"]) == 0
        made = np.load("y.npz")["point"]
        assert made.shape == (5, 2)
        assert len(np.unique(made, axis=0)) == 5


def test_the_seed_decides_what_is_made(models):
    made = []
    for seed in ("1", "1", "2"):
        main(["predict", models[1], "--count", "5", "--seed", seed, "--output", "y.npz"])
        made.append(np.load("y.npz")["point"])

    np.testing.assert_array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])


@pytest.mark.parametrize("given", [[], ["--count", "3", "--input", "x.npz"]])
def test_neither_input_nor_count_or_both_are_refused(models, given, capsys):
    assert main(["predict", models[0], *given, "--output", "y.npz"]) == 1
    assert "either --input with a file of examples or --count" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_count_that_is_none_is_refused(models, count, capsys):
    assert main(["predict", models[0], "--count", count, "--output", "y.npz"]) == 2
    assert f"expected a whole number from 1, got {count!r}" in capsys.readouterr().err


def test_examples_alone_are_enough_for_a_file_that_takes_noise_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    graph = graph_of(with_input=True)
    export_onnx(graph, initial_weights(infer(graph), seed=1), "g.onnx")
    np.savez("x.npz", x=np.zeros((4, 3), np.float32))

    assert main(["predict", "g.onnx", "--input", "x.npz", "--output", "y.npz"]) == 0
    assert np.load("y.npz")["point"].shape == (4, 2)
    assert main(["predict", "g.onnx", "--count", "4", "--output", "y.npz"]) == 1
