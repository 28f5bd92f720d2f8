"""Makes simclr.json: whole steps of SimCLR. Equation 1 of arXiv 2002.05709, equation 6 of arXiv 2110.06848.

    /usr/bin/python3 tests/golden/methods/simclr.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, mlp, view, write


def nt_xent(logits, other):
    return F.cross_entropy(logits, other)


def dcl(logits, other):
    rows = torch.arange(len(logits))
    positive = logits[rows, other]
    negatives = logits.clone()
    negatives[rows, other] = float("-inf")
    return (-positive + negatives.exp().sum(1).log()).mean()


def simclr(batch, side, temperature, name, loss):
    encoder = fill("encoder", PooledResNet())
    projector = fill("projector", mlp([64, 48, 16]))
    z = projector(encoder(torch.cat([view(0, batch, side), view(1, batch, side)])))
    unit = F.normalize(z, dim=1)
    logits = unit @ unit.T / temperature
    logits = logits.masked_fill(torch.eye(2 * batch, dtype=torch.bool), float("-inf"))
    other = torch.cat([torch.arange(batch, 2 * batch), torch.arange(batch)])
    options = {"loss": name, "temperature": temperature, "projector": {"hidden": 48, "out": 16}}
    return case(
        {"options": options, "backbone": RESNET, "imageSize": side, "batch": batch},
        {"encoder": encoder, "projector": projector},
        loss(logits, other),
        {"pairAccuracy": (logits.argmax(1) == other).double().mean()},
    )


write(
    __file__,
    {"resnet": simclr(6, 16, 0.2, "nt-xent", nt_xent), "decoupled": simclr(6, 16, 0.5, "dcl", dcl)},
)
