"""Makes data2vec-fixed.json: a student is to have the hidden layers of a network that does not move.

    /usr/bin/python3 tests/golden/methods/data2vec-fixed.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, view, vit, write


def resnet_layers(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    found = {}
    for name in ("layer1", "layer2", "layer3", "layer4"):
        found[name] = x = getattr(net, name)(x)
    return found


def vit_layers(net, x):
    x = net.patch_embed(x)
    x = torch.cat([net.cls_token.expand(len(x), -1, -1), x], 1) + net.pos_embed
    found = {}
    for i, block in enumerate(net.blocks):
        found[f"blocks.{i}"] = x = block(x)
    net.norm.requires_grad_(False)  # not part of a hidden layer
    return found


def fixed(backbone, make, layers_of, side, batch, compared, options):
    student, teacher = fill("encoder", make()), fill("teacher/encoder", make()).eval()
    masked, original = view(0, batch, side), view(1, batch, side)
    found = layers_of(student, masked)
    with torch.no_grad():
        wanted = layers_of(teacher, original)
    student.requires_grad_(True)
    loss = sum(F.mse_loss(found[name], wanted[name]) for name in compared)
    setting = {"options": {"square": 8, **options}, "backbone": backbone, "imageSize": side, "batch": batch}
    return case(setting, {"encoder": student}, loss, teacher={"encoder": teacher})


NO_POOL = {**RESNET, "stem": "torchvision-no-pool"}


def no_pool():
    from make_golden import narrow_resnet
    from torch import nn
    from torchvision.models.resnet import BasicBlock

    net = narrow_resnet(BasicBlock, [2, 2, 2, 2], 0.125, "torchvision")
    net.maxpool = nn.Identity()
    return net


write(
    __file__,
    {
        "resnet": fixed(RESNET, PooledResNet, resnet_layers, 16, 4, ["layer2", "layer3", "layer4"], {}),
        "no max-pool, one layer": fixed(NO_POOL, no_pool, resnet_layers, 16, 4, ["layer3"], {"layers": ["layer3"]}),
        "vit": fixed(VIT, lambda: vit(12), vit_layers, 12, 3, ["blocks.0", "blocks.1"], {}),
    },
)
