"""Makes dino.json: whole steps of DINO. Algorithm 1 and appendix C of arXiv 2104.14294, with several crops.

    /usr/bin/python3 tests/golden/methods/dino.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, view, write
from dino_parts import AnySizeViT, Head
from torch import nn


class Centre(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.register_buffer("cosines", torch.zeros(count))


def dino(backbone, make, size, side, local, locals, batch, temperature, trains, centring=True, all=True, norm=False):
    count = 32
    student = {
        "encoder": fill("encoder", make()),
        "head": fill("head", Head(size, 24, 12, count, norm)),
    }
    if centring:
        student["centre"] = fill("centre", Centre(count))
    teacher = {
        "encoder": fill("teacher/encoder", make()),
        "head": fill("teacher/head", Head(size, 24, 12, count, norm)),
    }
    globals = torch.cat([view(i, batch, side) for i in range(2)])
    small = [view(2 + i, batch, local) for i in range(locals)]
    features = [student["encoder"](globals)] if all else []
    if locals:
        features.append(student["encoder"](torch.cat(small)))
    with torch.no_grad():
        cosines = teacher["head"](teacher["encoder"](globals))
        centre = student["centre"].cosines if centring else torch.zeros(count)
        p = F.softmax((cosines - centre) / temperature, dim=1)
        norm_before = centre.norm()
        if centring:
            student["centre"].cosines.mul_(0.8).add_(0.2 * cosines.mean(0))
    log_q = F.log_softmax(student["head"](torch.cat(features)) / 0.2, dim=1)
    p, log_q = p.split(batch), log_q.split(batch)
    losses = [
        -(p[i] * log_q[v]).sum(1).mean() for i in range(2) for v in range(len(log_q)) if not (all and v == i)
    ]
    if not trains:
        student["head"].last_layer.weight.requires_grad_(False)
    loss = sum(losses) / len(losses)
    entropy = -(torch.cat(p) * torch.cat(p).log()).sum(1).mean()
    options = {
        "prototypes": count,
        "studentTemperature": 0.2,
        "centre": centring,
        "centreMomentum": 0.8,
        "studentCrops": "all" if all else "local",
        "head": {"hidden": 24, "bottleneck": 12, "batchNorm": norm},
        "views": {"locals": locals, "localSize": local},
    }
    setting = {"options": options, "backbone": backbone, "imageSize": side, "batch": batch}
    setting["scalars"] = {"teacherTemperature": temperature, "lastLayerTrains": int(trains)}
    metrics = {"teacherEntropy": entropy, "divergence": loss.detach() - entropy}
    if centring:
        metrics["centreNorm"] = norm_before
    golden = case(setting, student, loss, metrics, teacher=teacher)
    if not trains:
        golden["gradients"]["head/last_layer.weight"] = [0.0, 0.0, 0.0, 0.0]
    return golden


write(
    __file__,
    {
        "resnet, crops of two sizes": dino(RESNET, PooledResNet, 64, 16, 8, 2, 4, 0.1, True, norm=True),
        "vit, crops of two sizes, last layer frozen": dino(
            VIT, lambda: AnySizeViT(192, 3, 2, 4, 12), 192, 12, 8, 2, 3, 0.1, False
        ),
        "vit, local crops alone, no centre": dino(
            VIT, lambda: AnySizeViT(192, 3, 2, 4, 12), 192, 12, 12, 2, 3, 0.1, True, centring=False, all=False
        ),
    },
)
