"""Makes swav.json: whole steps of SwAV. Section 3 and appendix A of arXiv 2006.09882.

    /usr/bin/python3 tests/golden/methods/swav.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, PooledResNet, case, fill, mlp, view, write
from torch import nn

COUNT, SIZE = 16, 12


class Prototypes(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(COUNT, SIZE))

    def forward(self, z):
        return z @ F.normalize(self.weight, dim=1).T


class Queue(nn.Module):
    def __init__(self, length):
        super().__init__()
        for i in range(2):
            self.register_buffer(f"view{i}", torch.zeros(length, SIZE))


def sinkhorn(scores, epsilon=0.05, iterations=3):
    q = torch.exp(scores / epsilon).T
    count, batch = q.shape
    q /= q.sum()
    for _ in range(iterations):
        q /= q.sum(1, keepdim=True)
        q /= count
        q /= q.sum(0, keepdim=True)
        q /= batch
    return (q * batch).T


def swav(side, local, locals, batch, queue=0, used=0):
    parts = {
        "encoder": fill("encoder", PooledResNet()),
        "projector": fill("projector", mlp([64, 24, SIZE])),
        "prototypes": fill("prototypes", Prototypes()),
    }
    if queue:
        parts["queue"] = fill("queue", Queue(queue))
    features = [parts["encoder"](torch.cat([view(i, batch, side) for i in range(2)]))]
    if locals:
        features.append(parts["encoder"](torch.cat([view(2 + i, batch, local) for i in range(locals)])))
    z = F.normalize(parts["projector"](torch.cat(features)), dim=1)
    scores = parts["prototypes"](z)
    log_p = F.log_softmax(scores / 0.1, dim=1).split(batch)
    codes = []
    with torch.no_grad():
        for i in range(2):
            s, new = scores.split(batch)[i], z.split(batch)[i]
            if queue:
                old = getattr(parts["queue"], f"view{i}")
                if used:
                    s = torch.cat([s, parts["prototypes"](old)])
                old.copy_(torch.cat([new, old[:-batch].clone()]))
            codes.append(sinkhorn(s)[:batch])
    losses = [-(codes[i] * log_p[v]).sum(1).mean() for i in range(2) for v in range(2 + locals) if v != i]
    loss = sum(losses) / len(losses)
    q = torch.cat(codes)
    entropy = -(q * q.log()).sum(1).mean()
    options = {
        "prototypes": COUNT,
        "queue": {"length": queue},
        "projector": {"hidden": 24, "out": SIZE},
        "views": {"locals": locals, "localSize": local},
    }
    setting = {"options": options, "backbone": RESNET, "imageSize": side, "batch": batch}
    setting["scalars"] = {"prototypesTrain": 1, **({"queueUsed": used} if queue else {})}
    return case(setting, parts, loss, {"codeEntropy": entropy, "divergence": loss.detach() - entropy})


write(
    __file__,
    {
        "crops of two sizes": swav(16, 8, 2, 4),
        "queue in use": swav(16, 8, 0, 4, 12, 1),
        "queue not yet in use": swav(16, 8, 0, 4, 12, 0),
    },
)
