"""Whole steps of methods in PyTorch: loss, metrics, gradients and next buffers on weights and views by formula.

A script a method builds its parts from torch modules, states its loss, and calls `write`; the file it makes is compared
with our method by tests/learning/methods/against-torch.ts, which makes the same weights and views from the same
formula. Everything is computed in double precision. Needs torch and torchvision.
"""

import json
import pathlib
import sys

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from make_golden import ViT, narrow_resnet, numbers, parameter, summary, values  # noqa: E402
from torchvision.models.resnet import BasicBlock  # noqa: E402

RESNET = {"kind": "resnet", "depth": 18, "stem": "cifar", "width": 0.125}
VIT = {"kind": "vit", "size": "tiny", "patch": 4, "depth": 2}


class PooledResNet(nn.Module):
    """An eighth of ResNet-18's width; `features` are the outputs of layer1 to layer4."""

    def __new__(cls):
        return narrow_resnet(BasicBlock, [2, 2, 2, 2], 0.125, "cifar")


def vit(image):
    return ViT(192, 3, 2, 4, image)


def fill(prefix, module):
    """Weights by formula under the names that our state has: the encoder's are bare, others have their part before."""
    state = {}
    for name, tensor in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        shape = tuple(tensor.shape)
        key = name if prefix == "encoder" else f"{prefix}/{name}"
        state[name] = torch.from_numpy(parameter(name, shape, key)).double()
    module.double().load_state_dict(state, strict=False)
    return module.train()


def view(index, batch, side):
    """[batch, 3, side, side]: view `index`; ours are the same with channels last."""
    x = torch.from_numpy(values(f"view{index}", batch * side * side * 3)).double()
    return x.reshape(batch, side, side, 3).permute(0, 3, 1, 2)


def mlp(sizes, batch_norm=True, output_bias=True, output_norm=False):
    """Linear, (BatchNorm,) ReLU, ..., Linear, (BatchNorm without scale and offset), as our mlpHead."""
    layers = []
    for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
        layers.append(nn.Linear(inputs, outputs, bias=not batch_norm))
        if batch_norm:
            layers.append(nn.BatchNorm1d(outputs))
        layers.append(nn.ReLU())
    layers.append(nn.Linear(sizes[-2], sizes[-1], bias=output_bias and not output_norm))
    if output_norm:
        layers.append(nn.BatchNorm1d(sizes[-1], affine=False))
    return nn.Sequential(*layers)


def case(setting, parts, loss, metrics=None, teacher=None):
    """
    setting: {options, backbone, imageSize, batch, images?, classes?, labels?, positions?, draws?: {name: {shape, dtype, data}},
    scalars?: {name: number}}; parts, teacher: {name: module} whose buffers are compared as well.
    """
    loss.backward()
    gradients, buffers = {}, {}
    for part, module in parts.items():
        for name, p in module.named_parameters():
            if p.requires_grad:
                grad = p.grad if p.grad is not None else torch.zeros_like(p)
                gradients[f"{part}/{name}"] = summary(grad)
    for prefix, modules in (("", parts), ("teacher/", teacher or {})):
        for part, module in modules.items():
            for name, b in module.named_buffers():
                if b.is_floating_point():
                    buffers[f"{prefix}{part}/{name}"] = summary(b)
    return {
        **setting,
        "loss": loss.item(),
        "metrics": {name: float(value) for name, value in (metrics or {}).items()},
        "gradients": gradients,
        "buffers": buffers,
    }


def tensor(data, dtype="float32"):
    """A draw as the test reads it."""
    data = torch.as_tensor(data)
    return {"shape": list(data.shape), "dtype": dtype, "data": numbers(data)}


def write(script, cases):
    path = pathlib.Path(script).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()) + "\n}\n")
    print(path.name, path.stat().st_size, "bytes")
