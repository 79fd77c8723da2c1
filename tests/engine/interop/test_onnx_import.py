"""Imported models compute what the file computes; what has no counterpart is told and kept."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from engine.errors import ModelImportError
from engine.graph.model import Graph, Node, Wire
from engine.interop.onnx_import import import_onnx, verify_import
from engine.layers import LAYERS
from engine.layers.terminal import Input, Output
from engine.project.file import open_project, save_project
from engine.project.project import Project
from engine.project.templates import TEMPLATES, open_template
from tests.tools.onnx_models import assert_the_same, exported, kinds, model_of


def alone(layer, by_port):
    """A graph of one layer between inputs and an output."""
    graph = Graph([Node("layer", layer), Node("output_1", Output(), "y")])
    for port, shapes in by_port.items():
        for shape in shapes:
            node_id = graph.fresh_id("input")
            graph.add_node(Node(node_id, Input(shape=shape)))
            graph.connect(Wire(node_id, "layer", target_port=port))
    graph.connect(Wire("layer", "output_1", source_port=layer.output_ports[0].name))
    return graph


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        pytest.param(kind, example, id=f"{kind.kind}-{number}")
        for kind in LAYERS
        for number, example in enumerate(kind.examples)
        if kind.input_ports and kind.output_ports
    ],
)
def test_every_layer_comes_back_and_computes_the_same(kind, example, tmp_path):
    graph = alone(kind(**example.settings), example.by_port)
    path = exported(graph, tmp_path / "m.onnx")

    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize("template_id", [t.id for t in TEMPLATES if t.id != "empty"])
def test_every_template_comes_back_and_computes_the_same(template_id, tmp_path):
    path = exported(open_template(template_id).graph, tmp_path / "m.onnx")

    assert_the_same(path, import_onnx(path))


def test_an_activation_becomes_the_own_one_of_the_layer_before_it(tmp_path):
    path = exported(
        alone(LAYERS.get("dense")(units=3, activation="gelu"), {"in": ((4,),)}),
        tmp_path / "m.onnx",
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "dense", "output"]
    assert found.graph.node("dense_1").layer.activation.kind == "gelu"


def test_an_activation_stays_by_itself_where_something_else_reads_the_sums(tmp_path):
    weight = np.eye(4, dtype=np.float32)
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Gemm", ["x", "w"], ["z"], {}),
            ("Relu", ["z"], ["a"], {}),
            ("Add", ["a", "z"], ["y"], {}),
        ],
        {"w": weight},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "dense", "activation", "add", "output"]
    assert_the_same(path, found)


def test_a_function_spelled_out_stays_by_itself_where_the_sums_are_an_output(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Gemm", ["x", "w"], ["z"], {}),
            ("Sigmoid", ["z"], ["s"], {}),
            ("Mul", ["z", "s"], ["y"], {}),
        ],
        {"w": np.eye(4, dtype=np.float32)},
        outputs=("y", "z"),
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "dense", "activation", "output", "output"]
    assert found.graph.node("activation_1").layer.function.kind == "silu"
    assert_the_same(path, found)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_comes_back_as_one_layer(causal, tmp_path):
    layer = LAYERS.get("multi_head_attention")(heads=2, causal=causal)
    found = import_onnx(exported(alone(layer, {"in": ((3, 4),)}), tmp_path / "m.onnx"))

    assert kinds(found) == ["input", "multi_head_attention", "output"]
    assert found.graph.nodes[1].layer.causal is causal


def test_a_product_and_a_sum_with_constants_are_one_dense_layer(tmp_path):
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(4, 3)).astype(np.float32)
    bias = np.arange(3, dtype=np.float32)
    path = model_of(
        tmp_path / "m.onnx",
        [("MatMul", ["x", "w"], ["z"], {}), ("Add", ["b", "z"], ["y"], {})],
        {"w": weight, "b": bias},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "dense", "output"]
    np.testing.assert_array_equal(found.weights["dense_1", "weight"], weight.T)
    np.testing.assert_array_equal(found.weights["dense_1", "bias"], bias)
    assert_the_same(path, found)


def test_gemm_is_taken_with_its_factors(tmp_path):
    rng = np.random.default_rng(0)
    path = model_of(
        tmp_path / "m.onnx",
        [("Gemm", ["x", "w", "b"], ["y"], {"alpha": 2.0, "beta": 0.5, "transB": 1})],
        {
            "w": rng.normal(size=(3, 4)).astype(np.float32),
            "b": rng.normal(size=3).astype(np.float32),
        },
    )

    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize("automatic", ["SAME_UPPER", "SAME_LOWER", "VALID"])
def test_padding_that_the_runtime_works_out_is_the_same(automatic, tmp_path):
    weight = np.random.default_rng(0).normal(size=(2, 1, 2, 3)).astype(np.float32)
    path = model_of(
        tmp_path / "m.onnx",
        [("Conv", ["x", "w"], ["y"], {"auto_pad": automatic, "strides": [1, 2]})],
        {"w": weight},
        {"x": ("batch", 1, 5, 6)},
    )

    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize(
    ("kind", "constant", "first"),
    [
        ("Add", 2.0, True),
        ("Sub", 2.0, True),
        ("Sub", 2.0, False),
        ("Mul", 3.0, False),
        ("Div", 4.0, True),
        ("Add", [1.0, 2.0, 3.0, 4.0], True),
        ("Sub", [1.0, 2.0, 3.0, 4.0], False),
        ("Mul", [1.0, 2.0, 3.0, 4.0], False),
    ],
)
def test_arithmetic_with_a_constant_is_the_same(kind, constant, first, tmp_path):
    operands = ["x", "c"] if first else ["c", "x"]
    path = model_of(
        tmp_path / "m.onnx",
        [(kind, operands, ["y"], {})],
        {"c": np.array(constant, np.float32)},
    )

    assert_the_same(path, import_onnx(path))


def test_softmax_of_old_files_is_the_same_along_the_last_axis_and_refused_elsewhere(tmp_path):
    last = model_of(
        tmp_path / "last.onnx",
        [("Softmax", ["x"], ["y"], {"axis": 2})],
        (),
        {"x": (1, 3, 4)},
        opset=11,
    )
    both = model_of(
        tmp_path / "both.onnx", [("Softmax", ["x"], ["y"], {})], (), {"x": (1, 3, 4)}, opset=11
    )

    assert_the_same(last, import_onnx(last))
    (note,) = import_onnx(both).notes
    assert note.endswith("in files before version 13 it runs over several axes together.")


def test_shapes_that_a_file_computes_are_followed(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Shape", ["x"], ["s"], {}),
            ("Gather", ["s", "zero"], ["n"], {"axis": 0}),
            ("Unsqueeze", ["n", "axis"], ["n1"], {}),
            ("Concat", ["n1", "rest"], ["sizes"], {"axis": 0}),
            ("Reshape", ["x", "sizes"], ["y"], {}),
        ],
        {"zero": np.int64(0), "axis": np.array([0]), "rest": np.array([-1])},
        {"x": ("batch", 2, 3)},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "flatten", "output"]
    assert_the_same(path, found)


def test_a_value_that_is_added_to_itself_is_wired_by_way_of_a_reroute_point(tmp_path):
    path = model_of(tmp_path / "m.onnx", [("Add", ["x", "x"], ["y"], {})])
    found = import_onnx(path)

    assert "reroute" in kinds(found)
    assert_the_same(path, found)


def test_a_model_with_a_fixed_batch_is_compared_at_that_size(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [("Reshape", ["x", "s"], ["y"], {})],
        {"s": np.array([2, 4])},
        {"x": (2, 2, 2)},
    )
    found = import_onnx(path)

    assert found.batch == 2
    assert verify_import(path, found).examples == 2
    assert_the_same(path, found)


def test_an_unknown_operator_keeps_its_kind_settings_and_wires(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Relu", ["x"], ["a"], {}),
            ("Frobnicate", ["a"], ["b"], {"strength": 3, "name": "frob_3"}),
            ("Tanh", ["b"], ["y"], {}),
        ],
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "activation", "onnx.Frobnicate", "activation", "output"]
    assert found.notes == (
        "frob_3 is kept as a placeholder and cannot run: no layer does what Frobnicate does.",
    )
    kept = found.graph.nodes[2]
    assert (kept.name, kept.layer.to_plain()) == ("frob_3", {"strength": 3})
    assert len(found.graph.wires) == 4
    assert verify_import(path, found) is None


def test_a_project_with_a_placeholder_is_saved_and_opened_again(tmp_path):
    path = model_of(tmp_path / "m.onnx", [("Round", ["x"], ["y"], {})])
    found = import_onnx(path)
    save_project(Project(graph=found.graph, weights=found.weights), tmp_path / "p.glassbox")
    project, _ = open_project(tmp_path / "p.glassbox")

    assert [n.layer.kind for n in project.graph.nodes] == ["input", "onnx.Round", "output"]
    assert project.graph.wires == found.graph.wires
    assert project.graph.nodes[1].layer.reason == (
        "The ONNX operator Round has no layer. Put another layer in its place."
    )


def test_settings_that_make_no_sense_are_told(tmp_path):
    path = model_of(tmp_path / "m.onnx", [("MaxPool", ["x"], ["y"], {})], (), {"x": (1, 1, 4, 4)})

    (note,) = import_onnx(path).notes
    assert "cannot run: its settings make no sense" in note


def test_nodes_stand_in_columns_from_left_to_right(tmp_path):
    path = exported(open_template("digits").graph, tmp_path / "m.onnx")
    graph = import_onnx(path).graph

    for wire in graph.wires:
        assert graph.node(wire.source).position[0] < graph.node(wire.target).position[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"this is no model", "its bytes are no ONNX model"),
        (b"", "it holds no network"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(content, reason, tmp_path):
    (tmp_path / "m.onnx").write_bytes(content)

    with pytest.raises(ModelImportError) as caught:
        import_onnx(tmp_path / "m.onnx")
    assert str(caught.value) == (
        f"'m.onnx' is damaged or not an ONNX model: {reason}. "
        "Export it again, or choose another file."
    )


def test_a_file_cut_short_anywhere_is_refused_or_read_and_never_crashes(tmp_path):
    content = exported(open_template("iris").graph, tmp_path / "m.onnx").read_bytes()

    for length in range(0, len(content), max(1, len(content) // 40)):
        (tmp_path / "cut.onnx").write_bytes(content[:length])
        with pytest.raises(ModelImportError, match="is damaged or not an ONNX model"):
            import_onnx(tmp_path / "cut.onnx")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelImportError, match=r"'m\.onnx' cannot be read"):
        import_onnx(tmp_path / "m.onnx")


def test_a_value_that_nothing_gives_is_told(tmp_path):
    path = model_of(tmp_path / "m.onnx", [("Relu", ["nowhere"], ["y"], {})])

    with pytest.raises(ModelImportError, match="Relu_1 reads 'nowhere', which nothing gives"):
        import_onnx(path)


def test_a_free_axis_beside_the_batch_is_refused(tmp_path):
    path = model_of(
        tmp_path / "m.onnx", [("Relu", ["x"], ["y"], {})], (), {"x": ("batch", 3, "height", 4)}
    )

    with pytest.raises(ModelImportError) as caught:
        import_onnx(path)
    assert str(caught.value) == (
        "The input 'x' of 'm.onnx' has the shape (batch, 3, height, 4), and only its first axis "
        "may have any length. Export the model with fixed sizes for the others."
    )


def test_weights_in_a_file_beside_the_model_are_read(tmp_path):
    path = with_external_weights(tmp_path, "weights.bin")

    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize("location", ["../weights.bin", "nowhere.bin"])
def test_weights_outside_the_folder_of_the_model_are_refused(location, tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "weights.bin").write_bytes(bytes(64))
    path = with_external_weights(tmp_path / "inner", "weights.bin")
    model = onnx.load(path, load_external_data=False)
    for entry in model.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = location
    path.write_bytes(model.SerializeToString())

    with pytest.raises(ModelImportError) as caught:
        import_onnx(path)
    assert str(caught.value) == (
        f"'m.onnx' keeps weights in {location!r}, which is not a file in its own folder. "
        "Put that file beside the model."
    )


def with_external_weights(folder, location):
    path = model_of(
        folder / "m.onnx",
        [("MatMul", ["x", "w"], ["y"], {})],
        {"w": np.eye(4, dtype=np.float32)},
    )
    model = onnx.load(path)
    onnx.save(model, path, save_as_external_data=True, location=location, size_threshold=0)
    return path
