"""Makes pirl.json: a whole step of PIRL (arXiv 1912.01991), the bank's next vectors too.

    /usr/bin/python3 tests/golden/methods/pirl.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, tensor, view, write
from jigsaw_tiles import corners, cut
from torch import nn


class Bank(nn.Module):
    def __init__(self, images, size):
        super().__init__()
        self.register_buffer("vectors", torch.zeros(images, size))


def compared(inputs, size, batch_norm):
    layers = [nn.Linear(inputs, size)] + ([nn.BatchNorm1d(size)] if batch_norm else [])
    return nn.Sequential(*layers)


def pirl(batch, side, gap, images, negatives, batch_norm):
    size, temperature, weight = 12, 0.2, 0.3
    cell = side // 2
    encoder = fill("encoder", PooledResNet())
    image = fill("image", compared(64, size, batch_norm))
    tile = fill("tile", nn.Linear(64, size))
    join = fill("join", compared(4 * size, size, batch_norm))
    bank = fill("bank", Bank(images, size))

    positions = torch.arange(batch) * 3 % images
    cells = torch.stack([torch.roll(torch.arange(4), i) for i in range(batch)])
    offsets = torch.arange(batch * 8).reshape(batch, 4, 2) * 5 % (gap + 1)
    each = -(-negatives // batch)
    drawn = torch.arange(batch * each).reshape(batch, each) * 7 % images

    f = F.normalize(image(encoder(view(0, batch, side))))
    at = corners(cells, offsets, 2, cell)
    tiles = tile(encoder(cut(view(1, batch, side), at, cell - gap)))
    g = F.normalize(join(tiles.reshape(batch, -1)))

    own, others = bank.vectors[positions].clone(), bank.vectors[drawn.flatten()].clone()

    def contrast(z):
        terms, right = [], []
        for i in range(batch):
            keep = drawn.flatten() != positions[i]
            logits = torch.cat([(z[i] @ own[i])[None], others[keep] @ z[i]]) / temperature
            terms.append(-F.log_softmax(logits, 0)[0])
            right.append((logits.argmax() == 0).double())
        return torch.stack(terms).mean(), torch.stack(right).mean()

    (tile_loss, tile_accuracy), (image_loss, image_accuracy) = contrast(g), contrast(f)
    with torch.no_grad():
        bank.vectors[positions] = F.normalize(0.5 * own + 0.5 * f)
    settings = {
        "options": {"grid": 2, "gap": gap, "size": size, "temperature": temperature, "negatives": negatives}
        | {"tileWeight": weight, "batchNorm": batch_norm},
        "backbone": RESNET,
        "imageSize": side,
        "batch": batch,
        "images": images,
        "positions": positions.tolist(),
        "draws": {
            "cells": tensor(torch.stack([cells // 2, cells % 2], -1) * cell),
            "offsets": tensor(offsets),
            "negatives": tensor(drawn, "int32"),
        },
    }
    return case(
        settings,
        {"encoder": encoder, "image": image, "tile": tile, "join": join, "bank": bank},
        weight * tile_loss + (1 - weight) * image_loss,
        {"tileAccuracy": tile_accuracy, "imageAccuracy": image_accuracy},
    )


write(
    __file__,
    {"as the paper": pirl(5, 20, 2, 11, 18, False), "with batch normalization": pirl(6, 20, 2, 13, 12, True)},
)
