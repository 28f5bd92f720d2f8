"""Makes backbones.json: losses, gradients and outputs of torchvision's ResNets and a timm-like ViT.

    /usr/bin/python3 tests/golden/make_golden.py

Needs torch and torchvision. Weights and images come from `values`, which tests/golden/formula.ts repeats bit by
bit, so that the file holds results only. Results are computed in float64; `float32Error` is what PyTorch's own
float32 deviates from them, relative to each tensor's largest element.
"""

import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def values(name, size):
    """`size` numbers in [-1, 1): 32-bit integers that are hashed from (name, index)."""
    x = np.arange(size, dtype=np.uint64) * 2654435761 + fnv1a(name)
    x &= 0xFFFFFFFF
    for multiplier, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13)):
        x = ((x ^ (x >> np.uint64(shift))) * multiplier) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return (x / 2**31 - 1).astype(np.float32)


def parameter(name, shape, key=None):
    """Values of a size that keeps activations near 1, hashed from `key` where the name alone is not unique."""
    u = values(key or name, math.prod(shape)).reshape(shape)
    if name.endswith(("running_var", "cluster_size")):
        return 1 + 0.3 * u
    if name == "prior":
        return (1 + u) / u.size  # shares
    if name.endswith("bn3.weight"):
        return 0.2 + 0.1 * u  # damped residual branches: rounding noise must not flip a ReLU 50 layers on
    if len(shape) == 1 and name.endswith("weight"):
        return 1 + 0.2 * u
    if len(shape) == 1 or name in ("cls_token", "pos_embed"):
        return 0.2 * u
    return u * np.float32(math.sqrt(3 / math.prod(shape[1:])))


def narrow_resnet(block, layers, width, stem):
    """torchvision's ResNet with its channel counts multiplied by `width`, and without classifier."""
    net = ResNet(block, layers)
    net.fc = nn.Identity()
    channels = int(64 * width)
    net.inplanes = channels
    net.conv1 = nn.Conv2d(3, channels, 7, 2, 3, bias=False)
    if stem == "cifar":
        net.conv1 = nn.Conv2d(3, channels, 3, 1, 1, bias=False)
        net.maxpool = nn.Identity()
    net.bn1 = nn.BatchNorm2d(channels)
    for i, n in enumerate(layers):
        layer = net._make_layer(block, channels * 2**i, n, stride=1 if i == 0 else 2)
        setattr(net, f"layer{i + 1}", layer)
    return net


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        b, n, w = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (w // self.heads) ** -0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, w))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class ViT(nn.Module):
    """timm's VisionTransformer without classifier; pooling by class token."""

    def __init__(self, width, heads, depth, patch, image):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (image // patch) ** 2, width))
        self.patch_embed = PatchEmbed(width, patch)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.norm(self.blocks(x))[:, 0]


# name: (configuration, PyTorch model, (batch, image side), gradients kept whole; None: evaluation mode only)
CASES = {
    "resnet18-full": (
        {"kind": "resnet", "depth": 18, "stem": "torchvision", "width": 1},
        lambda: narrow_resnet(BasicBlock, [2, 2, 2, 2], 1, "torchvision"),
        (1, 32),
        None,
    ),
    "resnet18": (
        {"kind": "resnet", "depth": 18, "stem": "torchvision", "width": 0.25},
        lambda: narrow_resnet(BasicBlock, [2, 2, 2, 2], 0.25, "torchvision"),
        (2, 48),
        ["bn1.weight", "layer2.0.bn2.bias", "layer4.1.bn2.weight"],
    ),
    "resnet18-cifar": (
        {"kind": "resnet", "depth": 18, "stem": "cifar", "width": 0.125},
        lambda: narrow_resnet(BasicBlock, [2, 2, 2, 2], 0.125, "cifar"),
        (3, 16),
        ["conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.bn2.weight"],
    ),
    "resnet50": (
        {"kind": "resnet", "depth": 50, "stem": "torchvision", "width": 0.125},
        lambda: narrow_resnet(Bottleneck, [3, 4, 6, 3], 0.125, "torchvision"),
        (4, 48),
        ["conv1.weight", "layer1.0.conv1.weight", "layer3.5.bn3.weight"],
    ),
    "vit": (
        {"kind": "vit", "size": "tiny", "patch": 4, "depth": 2},
        lambda: ViT(192, 3, 2, 4, 12),
        (2, 12),
        ["cls_token", "blocks.0.attn.qkv.bias", "norm.weight"],
    ),
}


def loss_of(features):
    """mean(f^2 + f c): every feature matters, and differently."""
    c = torch.from_numpy(values("loss", features.numel())).to(features.dtype).reshape(features.shape)
    return (features * features + features * c).mean()


def load(build, dtype):
    net = build().to(dtype)
    net.load_state_dict(  # strict: names must be complete without num_batches_tracked
        {
            name: torch.from_numpy(parameter(name, tuple(tensor.shape))).to(dtype)
            for name, tensor in net.state_dict().items()
            if not name.endswith("num_batches_tracked")
        }
    )
    return net


def images(batch, side, dtype):
    x = torch.from_numpy(values("images", batch * side * side * 3)).to(dtype)
    return x.reshape(batch, side, side, 3).permute(0, 3, 1, 2)


def evaluate(build, batch, side, dtype):
    with torch.no_grad():
        return load(build, dtype).eval()(images(batch, side, dtype))


def train(build, batch, side, dtype):
    """Loss, gradients and running statistics after one forward pass in training mode."""
    net = load(build, dtype).train()
    loss = loss_of(net(images(batch, side, dtype)))
    loss.backward()
    gradients = {name: p.grad for name, p in net.named_parameters()}
    buffers = {name: b for name, b in net.named_buffers() if b.is_floating_point()}
    return loss.detach(), gradients, buffers


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.double().flatten().tolist()]


def summary(tensor):
    """(sum, norm, dot with the formula's values, largest size): one wrong element moves them."""
    flat = tensor.double().flatten()
    weights = torch.from_numpy(values("summary", flat.numel())).double()
    return numbers(torch.stack([flat.sum(), flat.norm(), flat @ weights, flat.abs().max()]))


def deviation(exact, approximate):
    return ((exact - approximate.double()).abs().max() / exact.abs().max()).item()


def make(config, build, batch, side, full):
    output, output32 = (evaluate(build, batch, side, t) for t in (torch.float64, torch.float32))
    case = {
        "config": config,
        "batch": batch,
        "imageSize": side,
        "stateDict": {n: list(t.shape) for n, t in build().state_dict().items()},
        "output": numbers(output),
        "training": None,
        "float32Error": {"output": deviation(output, output32)},
    }
    if full is not None:
        loss, gradients, buffers = train(build, batch, side, torch.float64)
        loss32, gradients32, buffers32 = train(build, batch, side, torch.float32)
        case["training"] = {
            "loss": loss.item(),
            "gradients": {n: numbers(gradients[n]) for n in full},
            "gradientSummaries": {n: summary(g) for n, g in gradients.items()},
            "bufferSummaries": {n: summary(b) for n, b in buffers.items()},
        }
        case["float32Error"] |= {
            "loss": deviation(loss, loss32),
            "gradients": max(deviation(g, gradients32[n]) for n, g in gradients.items()),
            "buffers": max([deviation(b, buffers32[n]) for n, b in buffers.items()], default=0),
        }
    return case


if __name__ == "__main__":
    torch.manual_seed(0)
    golden = {name: make(config, build, *size, full) for name, (config, build, size, full) in CASES.items()}
    path = pathlib.Path(__file__).with_name("backbones.json")
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
    for name, case in golden.items():
        print(name, case["float32Error"])
    print(path, path.stat().st_size, "bytes")
