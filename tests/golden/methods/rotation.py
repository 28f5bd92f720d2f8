"""Makes rotation.json: whole steps of rotation prediction. Equation 2 of arXiv 1803.07728; the turns are torch.rot90's.

    /usr/bin/python3 tests/golden/methods/rotation.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, view, vit, write
from torch import nn


def rotation(backbone, make, size, side, batch):
    encoder = fill("encoder", make())
    head = fill("head", nn.Linear(size, 4))
    images = view(0, batch, side)
    logits = head(encoder(torch.cat([torch.rot90(images, k, (2, 3)) for k in range(4)])))
    turns = torch.arange(4).repeat_interleave(batch)
    return case(
        {"options": {}, "backbone": backbone, "imageSize": side, "batch": batch},
        {"encoder": encoder, "head": head},
        F.cross_entropy(logits, turns),
        {"rotationAccuracy": (logits.argmax(1) == turns).double().mean()},
    )


write(
    __file__,
    {
        "resnet": rotation(RESNET, PooledResNet, 64, 16, 3),
        "vit": rotation(VIT, lambda: vit(12), 192, 12, 2),
    },
)
