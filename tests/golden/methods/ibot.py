"""Makes ibot.json: whole steps of iBOT. Equations 2 and 3 of arXiv 2111.07832; head and class tokens as DINO's.

    /usr/bin/python3 tests/golden/methods/ibot.py
"""

import torch
import torch.nn.functional as F
from harness import VIT, case, fill, tensor, view, write
from dino_parts import AnySizeViT, Head
from torch import nn

COUNT = 24


class Centres(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("class", torch.zeros(COUNT))
        self.register_buffer("patch", torch.zeros(COUNT))


class MaskToken(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, 192))


def ibot(side, local, locals, batch, temperature, weights):
    make = lambda: AnySizeViT(192, 3, 2, 4, side)
    student = {
        "encoder": fill("encoder", make()),
        "head": fill("head", Head(192, 24, 12, COUNT, False)),
        "mask": fill("mask", MaskToken()),
        "centre": fill("centre", Centres()),
    }
    teacher = {
        "encoder": fill("teacher/encoder", make()),
        "head": fill("teacher/head", Head(192, 24, 12, COUNT, False)),
    }
    centres = dict(student["centre"].named_buffers())
    images = torch.cat([view(i, batch, side) for i in range(2)])
    masks = torch.rand(2 * batch, (side // 4) ** 2) < 0.4
    masks[0] = False  # an image without hidden patches

    p = {}
    with torch.no_grad():
        tokens = teacher["encoder"].tokens(images)
        for name, x in (("class", tokens[:, 0]), ("patch", tokens[:, 1:])):
            cosines = teacher["head"](x)
            p[name] = F.softmax((cosines - centres[name]) / temperature, dim=-1)
            centres[name].mul_(0.9).add_(0.1 * cosines.reshape(-1, COUNT).mean(0))

    tokens = student["encoder"].tokens(images, masks, student["mask"].token)
    small = student["encoder"](torch.cat([view(2 + i, batch, local) for i in range(locals)]))
    log_q = F.log_softmax(student["head"](torch.cat([tokens[:, 0], small])) / 0.1, dim=-1).split(batch)
    taught = p["class"].split(batch)
    pairs = [-(taught[i] * log_q[v]).sum(1).mean() for i in range(2) for v in range(2 + locals) if v != i]
    class_loss = sum(pairs) / len(pairs)
    losses = -(p["patch"] * F.log_softmax(student["head"](tokens[:, 1:]) / 0.1, dim=-1)).sum(-1)
    patch_loss = ((losses * masks).sum(1) / masks.sum(1).clamp(min=1)).mean()
    entropy = -(p["class"] * p["class"].log()).sum(1).mean()
    setting = {
        "options": {
            "prototypes": COUNT,
            "classWeight": weights[0],
            "patchWeight": weights[1],
            "head": {"hidden": 24, "bottleneck": 12},
            "views": {"locals": locals, "localSize": local},
        },
        "backbone": VIT,
        "imageSize": side,
        "batch": batch,
        "draws": {f"mask{i}": tensor(m.float()) for i, m in enumerate(masks.split(batch))},
        "scalars": {"teacherTemperature": temperature, "lastLayerTrains": 1},
    }
    metrics = {
        "classLoss": class_loss,
        "patchLoss": patch_loss,
        "teacherEntropy": entropy,
        "divergence": class_loss.detach() - entropy,
    }
    loss = weights[0] * class_loss + weights[1] * patch_loss
    return case(setting, student, loss, metrics, teacher=teacher)


torch.manual_seed(0)
write(__file__, {"vit": ibot(12, 8, 2, 3, 0.1, (1, 0.5))})
