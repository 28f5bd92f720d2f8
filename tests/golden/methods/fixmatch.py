"""Makes fixmatch.json: a whole step of FixMatch. Equations 3 and 4 of arXiv 2001.07685.

    /usr/bin/python3 tests/golden/methods/fixmatch.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, view, write
from torch import nn


def fixmatch(batch, ratio, side, confidence, weight, labels):
    encoder = fill("encoder", PooledResNet())
    head = fill("head", nn.Linear(64, 3))
    total = batch * (1 + ratio)
    weak, strong = view(0, total, side), view(1, total, side)
    scores = head(encoder(torch.cat([weak, strong[batch:]])))
    labels = torch.tensor(labels)
    loss = F.cross_entropy(scores[:batch], labels[:batch])
    probability, guess = F.softmax(scores[batch:total].detach(), 1).max(1)
    mask = probability >= confidence
    assert 0 < mask.sum() < len(mask), probability
    assert (probability - confidence).abs().min() > 1e-3, probability
    unlabelled = (F.cross_entropy(scores[total:], guess, reduction="none") * mask).mean()
    judged = mask & (labels[batch:] >= 0)
    setting = {
        "options": {"unlabelled": ratio, "confidence": confidence, "unlabelledWeight": weight},
        "backbone": RESNET,
        "imageSize": side,
        "batch": batch,
        "classes": ["a", "b", "c"],
        "labels": labels.tolist(),
    }
    metrics = {
        "accuracy": (scores[:batch].argmax(1) == labels[:batch]).double().mean(),
        "maskRate": mask.double().mean(),
        "pseudoLabelAccuracy": (guess == labels[batch:])[judged].double().mean(),
        "unlabelledLoss": unlabelled,
    }
    return case(setting, {"encoder": encoder, "head": head}, loss + weight * unlabelled, metrics)


write(__file__, {"resnet": fixmatch(3, 2, 16, 0.6, 0.7, [0, 1, 2, 0, -1, 1, 2, 0, 1])})
