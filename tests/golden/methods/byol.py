"""Makes byol.json: whole steps of BYOL. Equation 2 of arXiv 2006.07733; each network sees each view apart.

    /usr/bin/python3 tests/golden/methods/byol.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, mlp, view, vit, write
from torch import nn


def regression(predicted, target):
    return (2 - 2 * F.cosine_similarity(predicted, target, dim=1)).mean()


def byol(backbone, make, size, side, batch, options, features, predictor):
    online = {
        "encoder": fill("encoder", make()),
        "projector": fill("projector", mlp([size, 24, 12])),
        "predictor": fill("predictor", predictor),
    }
    target = {
        "encoder": fill("teacher/encoder", make()),
        "projector": fill("teacher/projector", mlp([size, 24, 12])),
    }
    views = [view(i, batch, side) for i in range(2)]
    z = [online["projector"](features(online["encoder"], v)) for v in views]
    with torch.no_grad():
        t = [target["projector"](features(target["encoder"], v)) for v in views]
    q = [online["predictor"](x) for x in z]
    options = {"projector": {"hidden": 24, "out": 12}, **options}
    setting = {"options": options, "backbone": backbone, "imageSize": side, "batch": batch}
    return case(setting, online, regression(q[0], t[1]) + regression(q[1], t[0]), teacher=target)


def layer3(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    x = net.layer3(net.layer2(net.layer1(x)))
    net.layer4(x)  # its running statistics move although nothing is learnt from it
    return x.mean((2, 3))


write(
    __file__,
    {
        "resnet": byol(
            RESNET, PooledResNet, 64, 16, 6, {"predictor": {"hidden": 20}}, lambda net, x: net(x), mlp([12, 20, 12])
        ),
        "hidden layer, linear predictor": byol(
            RESNET,
            PooledResNet,
            32,
            16,
            4,
            {"layer": "layer3", "predictor": {"kind": "linear"}},
            layer3,
            nn.Linear(12, 12),
        ),
        "vit": byol(
            VIT, lambda: vit(12), 192, 12, 4, {"predictor": {"hidden": 20}}, lambda net, x: net(x), mlp([12, 20, 12])
        ),
    },
)
