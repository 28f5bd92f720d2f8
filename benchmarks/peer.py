"""PyTorch's side of the engine benchmark: the same steps, one a line of stdin, milliseconds on stdout.

peer.py CASE THREADS BATCH contiguous|channels-last
"""
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

case, threads, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
layout = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}[sys.argv[4]]
torch.set_num_threads(threads)
torch.manual_seed(0)


class Basic(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout)
        self.conv2, self.bn2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False), nn.BatchNorm2d(cout)
        self.down = None
        if stride != 1 or cin != cout:
            self.down = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)), inplace=True)))
        return F.relu(y + (x if self.down is None else self.down(x)), inplace=True)


def resnet18():
    layers, cin = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)], 64
    for cout, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [Basic(cin, cout, stride), Basic(cout, cout, 1)]
        cin = cout
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), 512


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(d, 1e-6), nn.LayerNorm(d, 1e-6)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(-2, -1) / math.sqrt(d // self.heads)).softmax(-1)
        x = x + self.proj((a @ v).transpose(1, 2).reshape(b, n, d))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class ViT(nn.Module):
    def __init__(self, size=32, patch=4, d=192, depth=12, heads=3):
        super().__init__()
        self.patch = nn.Conv2d(3, d, patch, patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, d))
        self.pos = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, d) * 0.02)
        self.blocks = nn.Sequential(*[Block(d, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(d, 1e-6)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.pos
        return self.norm(self.blocks(x))[:, 0]


encoder, d = (ViT(), 192) if case.startswith("vit") else resnet18()
head = nn.Sequential(nn.Linear(d, 2048, bias=False), nn.BatchNorm1d(2048), nn.ReLU(), nn.Linear(2048, 128))
model = nn.Sequential(encoder, head).to(memory_format=layout)
optimizer = torch.optim.SGD(model.parameters(), 0.06, 0.9, weight_decay=5e-4)
x = torch.randn(2 * batch, 3, 32, 32).to(memory_format=layout)
target = torch.cat([torch.arange(batch, 2 * batch), torch.arange(batch)])


def train():
    z = F.normalize(model(x))
    logits = (z @ z.T / 0.5).masked_fill(torch.eye(2 * batch, dtype=torch.bool), -1e9)
    optimizer.zero_grad()
    F.cross_entropy(logits, target).backward()
    optimizer.step()


def forward():
    with torch.no_grad():
        encoder(x)


if case.endswith("forward"):
    encoder.eval()
run = forward if case.endswith("forward") else train
for line in sys.stdin:
    start = time.perf_counter()
    run()
    print((time.perf_counter() - start) * 1000, flush=True)
