"""Glassbox without a window: build, check, train, evaluate, save and export networks.

data = engine.prepare(engine.DataSettings(source="digits"))
graph = engine.chain(
    engine.Input(shape=[64]),
    engine.Dense(units=64, activation="relu"),
    engine.Dense(units=10, activation="softmax"),
    engine.Loss(loss="categorical_cross_entropy"),
)
trainer = engine.Trainer(graph, data, engine.TrainingSettings(epochs=30))
trainer.run()
weights = trainer.weights()
print(engine.evaluate(graph, weights, data, "test"))
engine.export_onnx(graph, weights, "digits.onnx")

Each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.data.dataset import Dataset, DataSignature, prepare
    from engine.data.settings import DataSettings
    from engine.errors import GlassboxError, TrainingDivergedError
    from engine.evaluation.evaluate import confusion_matrix, evaluate
    from engine.evaluation.generate import Passage, Place, generate
    from engine.graph.chain import chain
    from engine.graph.check import Problem, check
    from engine.graph.infer import infer
    from engine.graph.model import Graph, Node, Wire
    from engine.graph.regroup import collapse, expand
    from engine.graph.transfer import with_new_head
    from engine.interop.onnx_export import export_onnx
    from engine.interop.onnx_import import ImportedModel, import_onnx, verify_import
    from engine.interop.verify import verify_onnx
    from engine.layers.activation import Activation
    from engine.layers.attention import MultiHeadAttention
    from engine.layers.augmentation import CutOut, RandomFlip, RandomShift
    from engine.layers.batch_norm import BatchNorm
    from engine.layers.conv import Conv1D, Conv2D, DepthwiseConv2D
    from engine.layers.conv_transpose import ConvTranspose2D
    from engine.layers.dense import Dense
    from engine.layers.dropout import Dropout
    from engine.layers.embedding import Embedding
    from engine.layers.gru import GRU
    from engine.layers.layer_norm import GroupNorm, InstanceNorm, LayerNorm
    from engine.layers.lstm import LSTM
    from engine.layers.mask import Mask
    from engine.layers.merge import Concat
    from engine.layers.merge_elementwise import Add, Average, Maximum, Multiply, Subtract
    from engine.layers.neuron import Neuron
    from engine.layers.noise import GaussianNoise, SpatialDropout
    from engine.layers.noise_source import Noise
    from engine.layers.pool_average import AveragePool1D, AveragePool2D
    from engine.layers.pool_global import GlobalAveragePool, GlobalMaxPool
    from engine.layers.pool_max import MaxPool1D, MaxPool2D
    from engine.layers.products import Dot, MatMul
    from engine.layers.reroute import Reroute
    from engine.layers.reshape import Flatten, Reshape, Squeeze
    from engine.layers.resize import Crop, UpSample, ZeroPad
    from engine.layers.rotation import RandomRotation
    from engine.layers.sampling import Sampling
    from engine.layers.sequence import PositionalEncoding, RepeatVector
    from engine.layers.simple_rnn import SimpleRNN
    from engine.layers.slicing import Permute, Slice, Split, Transpose
    from engine.layers.terminal import Constant, Input, Loss, Output
    from engine.plan.compile import compile_plan
    from engine.plan.extent import Mode
    from engine.plan.parameters import Parameters
    from engine.plan.predict import Predictor
    from engine.project.file import open_project, save_project
    from engine.project.project import Project
    from engine.project.templates import open_template, templates
    from engine.training.control import Control, StopReason
    from engine.training.rate_finder import find_rate
    from engine.training.settings import ObjectiveSettings, TrainingSettings
    from engine.training.trainer import Trainer

_MODULES = {
    "engine.data.dataset": ("DataSignature", "Dataset", "prepare"),
    "engine.data.settings": ("DataSettings",),
    "engine.errors": ("GlassboxError", "TrainingDivergedError"),
    "engine.evaluation.evaluate": ("confusion_matrix", "evaluate"),
    "engine.evaluation.generate": ("Passage", "Place", "generate"),
    "engine.graph.chain": ("chain",),
    "engine.graph.check": ("Problem", "check"),
    "engine.graph.infer": ("infer",),
    "engine.graph.model": ("Graph", "Node", "Wire"),
    "engine.graph.regroup": ("collapse", "expand"),
    "engine.graph.transfer": ("with_new_head",),
    "engine.interop.onnx_export": ("export_onnx",),
    "engine.interop.onnx_import": ("ImportedModel", "import_onnx", "verify_import"),
    "engine.interop.verify": ("verify_onnx",),
    "engine.layers.activation": ("Activation",),
    "engine.layers.attention": ("MultiHeadAttention",),
    "engine.layers.augmentation": ("CutOut", "RandomFlip", "RandomShift"),
    "engine.layers.batch_norm": ("BatchNorm",),
    "engine.layers.conv": (
        "Conv1D",
        "Conv2D",
        "DepthwiseConv2D",
    ),
    "engine.layers.conv_transpose": ("ConvTranspose2D",),
    "engine.layers.dense": ("Dense",),
    "engine.layers.dropout": ("Dropout",),
    "engine.layers.embedding": ("Embedding",),
    "engine.layers.gru": ("GRU",),
    "engine.layers.layer_norm": (
        "GroupNorm",
        "InstanceNorm",
        "LayerNorm",
    ),
    "engine.layers.lstm": ("LSTM",),
    "engine.layers.mask": ("Mask",),
    "engine.layers.merge": ("Concat",),
    "engine.layers.merge_elementwise": (
        "Add",
        "Average",
        "Maximum",
        "Multiply",
        "Subtract",
    ),
    "engine.layers.neuron": ("Neuron",),
    "engine.layers.noise": (
        "GaussianNoise",
        "SpatialDropout",
    ),
    "engine.layers.noise_source": ("Noise",),
    "engine.layers.pool_average": ("AveragePool1D", "AveragePool2D"),
    "engine.layers.pool_global": (
        "GlobalAveragePool",
        "GlobalMaxPool",
    ),
    "engine.layers.pool_max": ("MaxPool1D", "MaxPool2D"),
    "engine.layers.products": (
        "Dot",
        "MatMul",
    ),
    "engine.layers.reroute": ("Reroute",),
    "engine.layers.reshape": (
        "Flatten",
        "Reshape",
        "Squeeze",
    ),
    "engine.layers.resize": (
        "Crop",
        "UpSample",
        "ZeroPad",
    ),
    "engine.layers.rotation": ("RandomRotation",),
    "engine.layers.sampling": ("Sampling",),
    "engine.layers.sequence": (
        "PositionalEncoding",
        "RepeatVector",
    ),
    "engine.layers.simple_rnn": ("SimpleRNN",),
    "engine.layers.slicing": (
        "Permute",
        "Slice",
        "Split",
        "Transpose",
    ),
    "engine.layers.terminal": (
        "Constant",
        "Input",
        "Loss",
        "Output",
    ),
    "engine.plan.compile": ("compile_plan",),
    "engine.plan.extent": ("Mode",),
    "engine.plan.parameters": ("Parameters",),
    "engine.plan.predict": ("Predictor",),
    "engine.project.file": ("open_project", "save_project"),
    "engine.project.project": ("Project",),
    "engine.project.templates": ("open_template", "templates"),
    "engine.training.control": ("Control", "StopReason"),
    "engine.training.rate_finder": ("find_rate",),
    "engine.training.settings": ("ObjectiveSettings", "TrainingSettings"),
    "engine.training.trainer": ("Trainer",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [  # noqa: RUF022 - in the order of a script
    # data
    "DataSettings",
    "DataSignature",
    "Dataset",
    "prepare",
    # a network
    "Activation",
    "Add",
    "Average",
    "AveragePool1D",
    "AveragePool2D",
    "BatchNorm",
    "Concat",
    "Constant",
    "Conv1D",
    "Conv2D",
    "ConvTranspose2D",
    "Crop",
    "CutOut",
    "Dense",
    "DepthwiseConv2D",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRU",
    "GaussianNoise",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Graph",
    "GroupNorm",
    "Input",
    "InstanceNorm",
    "LSTM",
    "LayerNorm",
    "Loss",
    "Mask",
    "MatMul",
    "MaxPool1D",
    "MaxPool2D",
    "Maximum",
    "MultiHeadAttention",
    "Multiply",
    "Neuron",
    "Node",
    "Noise",
    "Output",
    "Permute",
    "PositionalEncoding",
    "Problem",
    "RandomFlip",
    "RandomRotation",
    "RandomShift",
    "RepeatVector",
    "Reroute",
    "Reshape",
    "Sampling",
    "SimpleRNN",
    "Slice",
    "SpatialDropout",
    "Split",
    "Squeeze",
    "Subtract",
    "Transpose",
    "UpSample",
    "Wire",
    "ZeroPad",
    "chain",
    "check",
    "collapse",
    "expand",
    "infer",
    "with_new_head",
    # training and after
    "Control",
    "Mode",
    "ObjectiveSettings",
    "Parameters",
    "Passage",
    "Place",
    "Predictor",
    "StopReason",
    "Trainer",
    "TrainingSettings",
    "compile_plan",
    "confusion_matrix",
    "evaluate",
    "find_rate",
    "generate",
    # files
    "Project",
    "ImportedModel",
    "export_onnx",
    "import_onnx",
    "open_project",
    "open_template",
    "save_project",
    "templates",
    "verify_import",
    "verify_onnx",
    # errors
    "GlassboxError",
    "TrainingDivergedError",
]


def __getattr__(name: str) -> object:
    # Importing all of it here would make `import engine.errors` cost what a training does.
    if name not in _HOME:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value
