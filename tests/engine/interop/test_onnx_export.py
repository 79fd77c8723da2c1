"""Exported models compute what the network computes, and say what they take."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest

from engine.data.dataset import prepare
from engine.data.encoding import Encoding
from engine.errors import CompileError, ExportError
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.interop.batch import example_batch
from engine.interop.onnx_export import METADATA, export_onnx, onnx_model
from engine.interop.verify import OnnxModel, verify_onnx
from engine.layers import LAYERS
from engine.plan.parameters import Parameters
from engine.project.templates import TEMPLATES, open_template


def initial(graph):
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    return parameters.to_dict()


def two_inputs():
    """x and y joined, a hidden layer, and two named outputs beside the loss."""
    layer = LAYERS.get
    return Graph(
        [
            Node("input_1", layer("input")(shape=[3]), "x"),
            Node("input_2", layer("input")(shape=[1, 2, 2]), "y"),
            Node("flatten_1", layer("flatten")()),
            Node("concat_1", layer("concat")()),
            Node("dense_1", layer("dense")(units=5, activation="gelu")),
            Node("dropout_1", layer("dropout")()),
            Node("dense_2", layer("dense")(units=4, activation="softmax")),
            Node("loss_1", layer("loss")()),
            Node("output_1", layer("output")(), "hidden"),
            Node("output_2", layer("output")(), "classes"),
        ],
        [
            Wire("input_1", "concat_1"),
            Wire("input_2", "flatten_1"),
            Wire("flatten_1", "concat_1"),
            Wire("concat_1", "dense_1"),
            Wire("dense_1", "dropout_1"),
            Wire("dropout_1", "dense_2"),
            Wire("dense_2", "loss_1", target_port="prediction"),
            Wire("dense_1", "output_1"),
            Wire("dense_2", "output_2"),
        ],
    )


@pytest.mark.parametrize("template_id", [t.id for t in TEMPLATES if t.id != "empty"])
def test_every_template_exports_and_is_vouched_for(template_id, tmp_path):
    project = open_template(template_id)
    dataset = prepare(project.data)
    weights = initial(project.graph)
    path = tmp_path / "model.onnx"
    drawn, _ = example_batch(project.graph, dataset, np.random.default_rng(0))
    batch = {name: array[:64] for name, array in drawn.items()}

    export_onnx(project.graph, weights, path, dataset.encoding.to_plain())
    found = verify_onnx(path, project.graph, weights, batch)

    assert found.ok, found.message
    assert found.max_abs_difference <= 1e-5
    assert found.examples == 64
    assert found.verified_with.startswith("onnxruntime ")


def test_several_inputs_and_outputs_keep_their_names_and_a_free_batch(tmp_path):
    graph = two_inputs()
    weights = initial(graph)
    path = tmp_path / "model.onnx"
    export_onnx(graph, weights, path)
    model = OnnxModel(path)
    rng = np.random.default_rng(0)

    for count in (1, 7):
        batch = {"x": rng.normal(size=(count, 3)), "y": rng.normal(size=(count, 1, 2, 2))}
        found = verify_onnx(path, graph, weights, batch)

        assert found.ok, found.message
        assert model.predict(batch)["hidden"].shape == (count, 5)
        assert model.predict(batch)["classes"].shape == (count, 4)
    assert model.inputs == ("x", "y")
    assert model.outputs == ("hidden", "classes")


def test_the_model_says_its_shapes_with_a_named_batch():
    graph = two_inputs()

    model = onnx_model(graph, initial(graph))

    dims = [
        [d.dim_param or d.dim_value for d in entry.type.tensor_type.shape.dim]
        for entry in (*model.graph.input, *model.graph.output)
    ]
    assert dims == [["batch", 3], ["batch", 1, 2, 2], ["batch", 5], ["batch", 4]]
    assert model.opset_import[0].version == 17


def test_the_metadata_hold_the_fitted_transforms(tmp_path):
    project = open_template("iris")
    encoding = prepare(project.data).encoding

    export_onnx(project.graph, initial(project.graph), tmp_path / "m.onnx", encoding.to_plain())
    metadata = json.loads(OnnxModel(tmp_path / "m.onnx").metadata[METADATA])

    assert Encoding.from_plain(metadata["encoding"]) == encoding
    assert metadata["columns"] == {"input_1": []}


def test_equal_networks_make_equal_files(tmp_path):
    graph = two_inputs()
    for name in ("a.onnx", "b.onnx"):
        export_onnx(graph, initial(graph), tmp_path / name)

    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_an_output_that_is_named_like_an_input_gets_a_name_of_its_own(tmp_path):
    layer = LAYERS.get
    graph = Graph(
        [Node("a", layer("input")(), "x"), Node("b", layer("output")(), "x")], [Wire("a", "b")]
    )
    batch = {"x": np.ones((2, 2), np.float32)}
    export_onnx(graph, {}, tmp_path / "m.onnx")

    assert OnnxModel(tmp_path / "m.onnx").outputs == ("x output",)
    assert verify_onnx(tmp_path / "m.onnx", graph, {}, batch).ok


def test_a_network_that_was_never_trained_cannot_be_exported(tmp_path):
    with pytest.raises(ExportError) as caught:
        export_onnx(open_template("digits").graph, {}, tmp_path / "m.onnx")

    assert str(caught.value) == (
        "Dense has no weights yet. Train the network before it is exported."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_cannot_run_is_refused(tmp_path):
    with pytest.raises(CompileError):
        export_onnx(Graph(), {}, tmp_path / "m.onnx")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    graph = two_inputs()

    with pytest.raises(ExportError, match=r"'m\.onnx' could not be saved"):
        export_onnx(graph, initial(graph), tmp_path / "nowhere" / "m.onnx")


def test_the_file_passes_the_checker_of_onnx(tmp_path):
    graph = two_inputs()
    export_onnx(graph, initial(graph), tmp_path / "m.onnx")

    onnx.checker.check_model(onnx.load(tmp_path / "m.onnx"), full_check=True)


def test_a_constant_is_repeated_for_each_example(tmp_path):
    layer = LAYERS.get
    graph = Graph(
        [
            Node("x", layer("input")(shape=[2])),
            Node("two", layer("constant")(value=2, shape=[3])),
            Node("both", layer("concat")()),
            Node("y", layer("output")()),
        ],
        [Wire("x", "both"), Wire("two", "both"), Wire("both", "y")],
    )
    batch = {"x": np.arange(8, dtype=np.float32).reshape(4, 2)}
    export_onnx(graph, {}, tmp_path / "m.onnx")

    assert verify_onnx(tmp_path / "m.onnx", graph, {}, batch).ok
    (found,) = OnnxModel(tmp_path / "m.onnx").predict(batch).values()
    np.testing.assert_array_equal(found[:, 2:], 2)


def test_a_constant_without_any_input_cannot_be_exported(tmp_path):
    layer = LAYERS.get
    graph = Graph(
        [Node("two", layer("constant")()), Node("y", layer("output")())], [Wire("two", "y")]
    )

    with pytest.raises(ExportError) as caught:
        export_onnx(graph, {}, tmp_path / "m.onnx")
    assert str(caught.value) == (
        "two is a fixed value, and the network has no Input that tells how many examples there "
        "are. Add an Input and wire it in."
    )


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("dense", {"units": 4}), ("lstm", {"units": 2, "returns": "sequence"})],
)
def test_nodes_that_share_weights_share_the_arrays_in_the_file(kind, settings, tmp_path):
    layer = LAYERS.get
    shape = [4] if kind == "dense" else [3, 2]
    graph = Graph(
        [
            Node("x", layer("input")(shape=shape)),
            Node("later", layer(kind)(**settings), same_as="original"),
            Node("original", layer(kind)(**settings)),
            Node("y", layer("output")()),
        ],
        [Wire("x", "later"), Wire("later", "original"), Wire("original", "y")],
    )
    weights, path = initial(graph), tmp_path / "shared.onnx"
    export_onnx(graph, weights, path)

    names = [array.name for array in onnx.load(path).graph.initializer]
    assert not any(name.startswith("later/") for name in names)
    assert len(names) == len(set(names)) == len(onnx_model(alone(graph), weights).graph.initializer)
    batch = {"x": np.random.default_rng(1).normal(size=(3, *shape)).astype(np.float32)}
    assert verify_onnx(path, graph, weights, batch).ok


def alone(graph):
    """The same without the instance."""
    found = graph.copy()
    found.remove_node("later")
    found.connect(Wire("x", "original"))
    return found
