"""Makes simclr.json: one whole step of SimCLR. Equation 1 of arXiv 2002.05709.

    /usr/bin/python3 tests/golden/methods/simclr.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, mlp, view, write


def simclr(batch, side, temperature):
    encoder = fill("encoder", PooledResNet())
    projector = fill("projector", mlp([64, 48, 16]))
    z = projector(encoder(torch.cat([view(0, batch, side), view(1, batch, side)])))
    unit = F.normalize(z, dim=1)
    logits = unit @ unit.T / temperature
    logits.fill_diagonal_(float("-inf"))
    other = torch.cat([torch.arange(batch, 2 * batch), torch.arange(batch)])
    options = {"temperature": temperature, "projector": {"hidden": 48, "out": 16}}
    return case(
        {"options": options, "backbone": RESNET, "imageSize": side, "batch": batch},
        {"encoder": encoder, "projector": projector},
        F.cross_entropy(logits, other),
        {"pairAccuracy": (logits.argmax(1) == other).double().mean()},
    )


write(__file__, {"resnet": simclr(6, 16, 0.2)})
