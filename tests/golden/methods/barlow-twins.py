"""Makes barlow-twins.json: a whole step of Barlow Twins. Algorithm 1 of arXiv 2103.03230.

    /usr/bin/python3 tests/golden/methods/barlow-twins.py
"""

import torch
from harness import RESNET, PooledResNet, case, fill, mlp, view, write
from torch import nn


def barlow_twins(batch, side, lambd, scale):
    parts = {
        "encoder": fill("encoder", PooledResNet()),
        "projector": fill("projector", mlp([64, 24, 24, 16], output_bias=False)),
    }
    z = [parts["projector"](parts["encoder"](view(i, batch, side))) for i in range(2)]
    standardize = nn.BatchNorm1d(16, affine=False, track_running_stats=False)
    c = standardize(z[0]).T @ standardize(z[1]) / batch
    on = (torch.diagonal(c) - 1).pow(2).sum()
    off = c[~torch.eye(16, dtype=torch.bool)].pow(2).sum()
    options = {"lambda": lambd, "scale": scale, "projector": {"hidden": 24, "out": 16}}
    setting = {"options": options, "backbone": RESNET, "imageSize": side, "batch": batch}
    return case(setting, parts, scale * (on + lambd * off), {"invariance": on, "redundancy": off})


write(__file__, {"resnet": barlow_twins(6, 16, 0.02, 0.1)})
