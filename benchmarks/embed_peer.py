"""PyTorch's side of the embedding benchmark: a pass over the folder for each line of stdin, JSON on stdout.

embed_peer.py CASE WEIGHTS FOLDER IMAGE_SIZE THREADS contiguous|channels-last; a line is the number of loader processes.
"""
import json
import math
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision import transforms

case, weights, folder = sys.argv[1:4]
side, threads = int(sys.argv[4]), int(sys.argv[5])
layout = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}[sys.argv[6]]
torch.set_num_threads(threads)
BATCH = 64
COMPARED = 50


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        name: torch.from_numpy(
            np.frombuffer(data[slice(*entry["data_offsets"])], kinds[entry["dtype"]]).reshape(entry["shape"]).copy()
        )
        for name, entry in header.items()
        if name != "__metadata__"
    }


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(d, 1e-6), nn.LayerNorm(d, 1e-6)
        self.attn = nn.ModuleDict({"qkv": nn.Linear(d, 3 * d), "proj": nn.Linear(d, d)})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(d, 4 * d), "fc2": nn.Linear(4 * d, d)})

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.attn["qkv"](self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(-2, -1) / math.sqrt(d // self.heads)).softmax(-1)
        x = x + self.attn["proj"]((a @ v).transpose(1, 2).reshape(b, n, d))
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class ViT(nn.Module):
    """With timm's names."""

    def __init__(self, size, patch, d, depth, heads):
        super().__init__()
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, d, patch, patch)})
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, d))
        self.blocks = nn.Sequential(*[Block(d, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(d, 1e-6)

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.norm(self.blocks(x))[:, 0]


def build():
    if case.startswith("vit-s16"):
        return ViT(side, 16, 384, 12, 6)
    model = torchvision.models.resnet18()
    model.fc = nn.Identity()
    if side == 32:
        model.conv1, model.maxpool = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
    return model


model = build()
model.load_state_dict(read_safetensors(weights))
model = model.eval().to(memory_format=layout)
images = torchvision.datasets.ImageFolder(
    folder,
    transforms.Compose(
        [
            transforms.Resize(side),
            transforms.CenterCrop(side),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    ),
)
paths = [os.path.relpath(path, folder).replace(os.sep, "/") for path, _ in images.samples]


@torch.inference_mode()
def embed(workers):
    loader = torch.utils.data.DataLoader(images, batch_size=BATCH, num_workers=workers)
    return torch.cat([F.normalize(model(batch.to(memory_format=layout))) for batch, _ in loader])


for line in sys.stdin:
    start = time.perf_counter()
    rows = embed(int(line))
    seconds = time.perf_counter() - start
    step = max(1, len(paths) // COMPARED)
    compared = {paths[i]: rows[i].tolist() for i in range(0, len(paths), step)}
    print(json.dumps({"rate": len(paths) / seconds, "rows": compared}), flush=True)
