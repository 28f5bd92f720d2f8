"""Makes data2vec.json: whole steps of data2vec for images. Section 3 of arXiv 2202.03555; layer targets by hooks.

    /usr/bin/python3 tests/golden/methods/data2vec.py
"""

import torch
import torch.nn.functional as F
from harness import VIT, case, fill, tensor, view, vit, write
from torch import nn


class Predictor(nn.Module):
    def __init__(self):
        super().__init__()
        self.mask_token = nn.Parameter(torch.zeros(1, 1, 192))
        self.head = nn.Linear(192, 192)


def embed(net, image, mask=None, token=None):
    x = net.patch_embed(image)
    if mask is not None:
        x = torch.where(mask[..., None], token.expand_as(x), x)
    return torch.cat([net.cls_token.expand(len(x), -1, -1), x], 1) + net.pos_embed


def data2vec(side, batch, layers, beta):
    patches = (side // 4) ** 2
    student, teacher = fill("encoder", vit(side)), fill("teacher/encoder", vit(side))
    predictor = fill("predictor", Predictor())
    image = view(0, batch, side)
    mask = torch.rand(batch, patches) < 0.5
    mask[:, 0] = True

    with torch.no_grad():
        outputs, x = [], embed(teacher, image)
        for block in teacher.blocks:
            x = block(x)
            outputs.append(F.layer_norm(x[:, 1:], (192,)))
        target = F.layer_norm(torch.stack(outputs[-layers:]).mean(0), (192,))[mask]
    tokens = student.norm(student.blocks(embed(student, image, mask, predictor.mask_token)))
    predicted = predictor.head(tokens[:, 1:])[mask]
    setting = {
        "options": {"layers": layers, "beta": beta},
        "backbone": VIT,
        "imageSize": side,
        "batch": batch,
        "draws": {"mask": tensor(mask.float())},
    }
    variance = lambda x: x.var(0, unbiased=False).mean()
    return case(
        setting,
        {"encoder": student, "predictor": predictor},
        F.smooth_l1_loss(predicted, target, beta=beta),
        {"targetVariance": variance(target), "predictionVariance": variance(predicted)},
        teacher={"encoder": teacher},
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    write(__file__, {"two layers": data2vec(16, 3, 2, 2), "the last layer": data2vec(12, 4, 1, 0.5)})
