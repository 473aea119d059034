"""Checks ONNX files with the checker and the shape inference of ONNX, and that they say what docs/onnx.md promises.
Usage: onnx_check.py FILE...; called by cli_export.sh."""
import sys

import onnx


def sides(value):
    return [side.dim_param or side.dim_value for side in value.type.tensor_type.shape.dim]


for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.opset_import[0].version <= 17 and len(model.opset_import) == 1
    assert model.producer_name == "mechanist" and model.producer_version
    interface = [*model.graph.input, *model.graph.output]
    expected = {"x1": ["N", 4], "x2": ["N", "T", 12]}
    if model.graph.name == "set":
        expected = {"sets": ["N", 16], "runs": ["N", "R", 92], "readings": ["N", "R", "T", 27], "mask": ["N", "R", "T"]}
    expected["probabilities"] = ["N", 20]
    assert {value.name: sides(value) for value in interface} == expected and len(interface) == len(expected)
    assert all(value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT for value in interface)
    # Inference from the operators alone finds the shape that the file claims.
    model.graph.output[0].type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    assert sides(inferred.graph.output[0])[1] == 20, path
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if model.graph.name == "set":
        assert "protocol" not in metadata and "laboratory" in metadata["design"]
    else:
        assert metadata["protocol"] == "nature"
    assert metadata["mechanisms"].count(",") == 19
    assert metadata["format"] == "mechanist" and metadata["model"] == model.graph.name and metadata["version"]
    operators = {node.op_type for node in model.graph.node}
    assert len(operators & {"LSTM", "Scan"}) == (0 if model.graph.name == "set" else 1)
