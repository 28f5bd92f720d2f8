"""Makes vicreg.json: whole steps of VICReg, with both ways to put the variance terms together. Algorithm 1 of arXiv 2105.04906.

    /usr/bin/python3 tests/golden/methods/vicreg.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, mlp, view, write


def variance(z):
    return F.relu(1 - torch.sqrt(z.var(0) + 1e-4)).mean()


def covariance(z):
    z = z - z.mean(0)
    c = z.T @ z / (len(z) - 1)
    return c[~torch.eye(z.shape[1], dtype=torch.bool)].pow(2).sum() / z.shape[1]


def vicreg(batch, side, terms):
    parts = {
        "encoder": fill("encoder", PooledResNet()),
        "projector": fill("projector", mlp([64, 24, 24, 16], output_bias=False)),
    }
    z = [parts["projector"](parts["encoder"](view(i, batch, side))) for i in range(2)]
    invariance = F.mse_loss(z[0], z[1])
    v = (variance(z[0]) + variance(z[1])) / (2 if terms == "mean" else 1)
    c = covariance(z[0]) + covariance(z[1])
    options = {"varianceTerms": terms, "projector": {"hidden": 24, "out": 16}}
    setting = {"options": options, "backbone": RESNET, "imageSize": side, "batch": batch}
    metrics = {"invariance": invariance, "variance": v, "covariance": c}
    return case(setting, parts, 25 * invariance + 25 * v + c, metrics)


write(__file__, {"mean": vicreg(6, 16, "mean"), "sum": vicreg(7, 16, "sum")})
