"""Makes moco-v3.json: whole steps of MoCo v3. Algorithm 1 of arXiv 2104.02057; heads as in its code, by backbone.

    /usr/bin/python3 tests/golden/methods/moco-v3.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, mlp, view, vit, write


def moco(backbone, make, projector, predictor, side, batch, temperature):
    online = {
        "encoder": fill("encoder", make()),
        "projector": fill("projector", projector()),
        "predictor": fill("predictor", predictor),
    }
    target = {
        "encoder": fill("teacher/encoder", make()),
        "projector": fill("teacher/projector", projector()),
    }
    views = [view(i, batch, side) for i in range(2)]
    q = [online["predictor"](online["projector"](online["encoder"](v))) for v in views]
    with torch.no_grad():
        k = [target["projector"](target["encoder"](v)) for v in views]
    own = torch.arange(batch)
    losses, accuracies = [], []
    for a, b in ((q[0], k[1]), (q[1], k[0])):
        logits = F.normalize(a, dim=1) @ F.normalize(b, dim=1).T / temperature
        losses.append(2 * temperature * F.cross_entropy(logits, own))
        accuracies.append((logits.argmax(1) == own).double().mean())
    setting = {
        "options": {
            "temperature": temperature,
            "projector": {"hidden": 24, "out": 12},
            "predictor": {"hidden": 20},
        },
        "backbone": backbone,
        "imageSize": side,
        "batch": batch,
    }
    return case(setting, online, sum(losses), {"pairAccuracy": sum(accuracies) / 2}, teacher=target)


write(
    __file__,
    {
        "resnet": moco(
            RESNET,
            PooledResNet,
            lambda: mlp([64, 24, 12], output_norm=True),
            mlp([12, 20, 12], output_bias=False),
            16,
            6,
            0.2,
        ),
        "vit": moco(
            VIT,
            lambda: vit(12),
            lambda: mlp([192, 24, 24, 12], output_norm=True),
            mlp([12, 20, 12], output_norm=True),
            12,
            5,
            1.0,
        ),
    },
)
