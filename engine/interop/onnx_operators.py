"""Which function turns which operator into layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.interop import onnx_activations as activations
from engine.interop import onnx_arranging as arranging
from engine.interop import onnx_pooling as pooling
from engine.interop import onnx_weighing as weighing
from engine.interop.onnx_building import Building
from engine.interop.onnx_file import Operator
from engine.interop.onnx_recurrent import KINDS, recurrent

OPERATORS: Mapping[str, Callable[[Building, Operator], None]] = {
    **dict.fromkeys(
        (*activations.PLAIN, "LeakyRelu", "Elu", "Selu", "HardSigmoid"),
        activations.activation,
    ),
    "PRelu": activations.prelu,
    "Gelu": activations.gelu,
    "Abs": activations.softsign,
    "Softmax": activations.softmax,
    "LogSoftmax": activations.softmax,
    "GreaterOrEqual": activations.step,
    "Gemm": weighing.gemm,
    "MatMul": weighing.matmul,
    "Conv": weighing.conv,
    "ConvTranspose": weighing.conv_transpose,
    "MaxPool": pooling.pool,
    "AveragePool": pooling.pool,
    "Pad": pooling.pad,
    "BatchNormalization": weighing.batch_norm,
    "LayerNormalization": weighing.layer_norm,
    "InstanceNormalization": weighing.instance_norm,
    "GroupNormalization": weighing.group_norm,
    "Identity": arranging.same,
    "Cast": arranging.same,
    "Clip": arranging.same,
    "Dropout": arranging.dropout,
    "Flatten": arranging.flatten,
    "Reshape": arranging.reshape,
    "Transpose": arranging.transpose,
    "Squeeze": arranging.squeeze,
    "Unsqueeze": arranging.unsqueeze,
    "Expand": arranging.expand,
    "Concat": arranging.concat,
    "Slice": arranging.slices,
    "Split": arranging.split,
    "Gather": arranging.gather,
    "Resize": arranging.resize,
    **dict.fromkeys(("Add", "Sub", "Mul", "Div"), arranging.arithmetic),
    **dict.fromkeys(("Sum", "Mean", "Max"), arranging.merge),
    **dict.fromkeys(
        ("GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax"), pooling.pooled
    ),
    **dict.fromkeys(KINDS, recurrent),
}
