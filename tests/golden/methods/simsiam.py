"""Makes simsiam.json: whole steps of SimSiam. Algorithm 1 of arXiv 2011.10566.

    /usr/bin/python3 tests/golden/methods/simsiam.py
"""

import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, mlp, view, vit, write


def negative_cosine(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


def simsiam(backbone, make, sizes, side, batch):
    parts = {
        "encoder": fill("encoder", make()),
        "projector": fill("projector", mlp(sizes, output_norm=True)),
        "predictor": fill("predictor", mlp([12, 10, 12])),
    }
    z = [parts["projector"](parts["encoder"](view(i, batch, side))) for i in range(2)]
    p = [parts["predictor"](x) for x in z]
    projector = {"hidden": 24, "out": 12, "layers": len(sizes) - 1}
    setting = {
        "options": {"projector": projector, "predictor": {"hidden": 10}},
        "backbone": backbone,
        "imageSize": side,
        "batch": batch,
    }
    return case(setting, parts, negative_cosine(p[0], z[1]) / 2 + negative_cosine(p[1], z[0]) / 2)


write(
    __file__,
    {
        "resnet": simsiam(RESNET, PooledResNet, [64, 24, 24, 12], 16, 4),
        "vit": simsiam(VIT, lambda: vit(12), [192, 24, 12], 12, 5),
    },
)
