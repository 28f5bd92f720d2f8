"""Makes jigsaw.json: whole steps of jigsaw puzzles; the permutation set of 2x2 tiles is all 24, in the order that
tests/learning/methods/jigsaw.test.ts holds us to.

    /usr/bin/python3 tests/golden/methods/jigsaw.py
"""

import itertools

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, tensor, view, write
from jigsaw_tiles import corners, cut
from torch import nn


def distant(length, count):
    """Greedy: the largest smallest distance to those chosen, then the largest sum, then the first."""
    candidates = list(itertools.permutations(range(length)))
    chosen = [candidates.pop(0)]
    while len(chosen) < count:
        distances = [[sum(a != b for a, b in zip(c, d)) for d in chosen] for c in candidates]
        best = max(range(len(candidates)), key=lambda i: (min(distances[i]), sum(distances[i]), -i))
        chosen.append(candidates.pop(best))
    return torch.tensor(chosen)


def jigsaw(backbone, make, size, side, batch, gap, permutations, normalize):
    cell, hidden = side // 2, 10
    tile = cell - gap
    encoder = fill("encoder", make())
    per_tile = fill("tile", nn.Sequential(nn.Linear(size, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()))
    head = fill("head", nn.Linear(4 * hidden, permutations))
    order = torch.arange(batch) * 5 % permutations
    offsets = torch.arange(batch * 8).reshape(batch, 4, 2) * 7 % (gap + 1)
    tiles = cut(view(0, batch, side), corners(distant(4, permutations)[order], offsets, 2, cell), tile)
    if normalize:
        mean = tiles.mean((2, 3), keepdim=True)
        tiles = (tiles - mean) / (tiles.var((2, 3), unbiased=False, keepdim=True) + 1e-5).sqrt()
    logits = head(per_tile(encoder(tiles)).reshape(batch, -1))
    options = {"grid": 2, "gap": gap, "permutations": permutations, "normalizeTiles": normalize, "hidden": hidden}
    return case(
        {
            "options": options,
            "backbone": backbone,
            "imageSize": side,
            "batch": batch,
            "draws": {"order": tensor(order, "int32"), "offsets": tensor(offsets)},
        },
        {"encoder": encoder, "tile": per_tile, "head": head},
        F.cross_entropy(logits, order),
        {"orderAccuracy": (logits.argmax(1) == order).double().mean()},
    )


write(
    __file__,
    {
        "resnet": jigsaw(RESNET, PooledResNet, 64, 20, 3, 2, 24, True),
        "resnet, few orders, tiles as they are": jigsaw(RESNET, PooledResNet, 64, 20, 4, 2, 7, False),
    },
)
