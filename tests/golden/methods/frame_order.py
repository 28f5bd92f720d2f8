"""Makes frame-order.json: whole steps of frame order (arXiv 1708.01246); the frames themselves are shuffled here.

    /usr/bin/python3 tests/golden/methods/frame_order.py
"""

import itertools

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, tensor, view, write
from torch import nn


def frame_order(frames, side, batch):
    hidden = 10
    orders = list(itertools.permutations(range(frames)))
    forwards = [order for order in orders if order[0] < order[-1]]
    pairs = list(itertools.combinations(range(frames), 2))
    encoder = fill("encoder", PooledResNet())
    pair = fill("pair", nn.Sequential(nn.Linear(128, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()))
    head = fill("head", nn.Linear(len(pairs) * hidden, len(forwards)))
    drawn = torch.arange(batch) * 5 % len(orders)
    images = view(0, batch * frames, side).reshape(batch, frames, 3, side, side)
    shown = torch.stack([images[i][list(orders[n])] for i, n in enumerate(drawn.tolist())])
    features = encoder(shown.flatten(0, 1)).reshape(batch, frames, -1)
    joined = torch.stack([torch.cat([features[:, i], features[:, j]], 1) for i, j in pairs], 1)
    logits = head(pair(joined.flatten(0, 1)).reshape(batch, -1))
    labels = torch.tensor(
        [forwards.index(min(orders[n], orders[n][::-1], key=lambda o: o[0] > o[-1])) for n in drawn.tolist()]
    )
    return case(
        {
            "options": {"frames": frames, "hidden": hidden},
            "backbone": RESNET,
            "imageSize": side,
            "batch": batch,
            "draws": {"order": tensor(drawn, "int32")},
        },
        {"encoder": encoder, "pair": pair, "head": head},
        F.cross_entropy(logits, labels),
        {"orderAccuracy": (logits.argmax(1) == labels).double().mean()},
    )


write("frame-order.py", {"three frames": frame_order(3, 16, 4), "four frames": frame_order(4, 16, 3)})
