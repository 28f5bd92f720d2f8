"""Checks exported encoders with PyTorch and ONNX's own tools, against the embeddings that Selvedge wrote.

    selvedge export <run> --format safetensors --out encoder.safetensors
    selvedge export <run> --format onnx --out encoder.onnx
    selvedge embed <run> --data <folder> --out embeddings.npy
    /usr/bin/python3 tests/golden/check_export.py embeddings.npy <folder> encoder.safetensors encoder.onnx

The folder must hold PNG images of exactly the run's image size, so that no resizing comes between. A check whose
packages are missing (torch and torchvision; onnx and onnxruntime) says so and is left out. Prints the largest
difference as a share of the largest embedding value; docs/export.md has the figures.
"""

import json
import pathlib
import struct
import sys

import numpy as np
from PIL import Image

DTYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32, "U8": np.uint8, "BOOL": np.bool_}


def read_safetensors(path):
    """The format by hand: the `safetensors` package is not needed."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"]).copy()
    return metadata, tensors


def load_images(folder, names):
    """[n, 3, side, side], float32 in 0..1."""
    pixels = [np.asarray(Image.open(pathlib.Path(folder) / name).convert("RGB")) for name in names]
    return np.stack(pixels).transpose(0, 3, 1, 2).astype(np.float32) / 255


def build(backbone, side):
    """PyTorch's own network for a configuration of Selvedge, without classifier."""
    import torchvision
    from torch import nn

    if backbone["kind"] == "vit":
        from make_golden import ViT

        width, heads = {"tiny": (192, 3), "small": (384, 6), "base": (768, 12)}[backbone["size"]]
        return ViT(width, heads, backbone["depth"], backbone["patch"], side)
    assert backbone["width"] == 1, "torchvision's ResNets have width 1"
    model = getattr(torchvision.models, f"resnet{backbone['depth']}")()
    model.fc = nn.Identity()
    if backbone["stem"] == "cifar":
        model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        model.maxpool = nn.Identity()
    return model


def check_pytorch(path, images, expected):
    import torch

    metadata, tensors = read_safetensors(path)
    backbone = json.loads(metadata["backbone"])
    model = build(backbone, images.shape[-1]).eval()
    print(model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()}, strict=True))
    mean, std = (torch.tensor([float(x) for x in metadata[key].split(",")]).view(3, 1, 1) for key in ("mean", "std"))
    with torch.no_grad():
        actual = model((torch.from_numpy(images) - mean) / std).numpy()
    print(f"PyTorch {torch.__version__}, {backbone}: {difference(actual, expected):.1e}")


def check_onnx(path, images, expected):
    import onnx
    import onnxruntime

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(f"onnx.checker {onnx.__version__}: passed, opset {[(o.domain, o.version) for o in model.opset_import]}")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    print([(i.name, i.shape) for i in session.get_inputs()], [(o.name, o.shape) for o in session.get_outputs()])
    (actual,) = session.run(["embedding"], {"images": images})
    print(f"onnxruntime {onnxruntime.__version__}: {difference(actual, expected):.1e}")


def difference(actual, expected):
    return np.abs(actual - expected).max() / np.abs(expected).max()


if __name__ == "__main__":
    embeddings, folder, safetensors, onnx_file = sys.argv[1:]
    names = json.loads(pathlib.Path(embeddings).with_suffix(".json").read_text())["names"]
    expected, images = np.load(embeddings), load_images(folder, names)
    for check, path in ((check_pytorch, safetensors), (check_onnx, onnx_file)):
        try:
            check(path, images, expected)
        except ImportError as error:
            print(f"{check.__name__} left out: {error}")
