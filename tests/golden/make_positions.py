"""Makes positions.json: position embeddings resized by torch.nn.functional.interpolate, as DINO's and timm's ViTs do.

    /usr/bin/python3 tests/golden/make_positions.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from make_golden import numbers, values

WIDTH = 3


def resized(here, there):
    x = torch.from_numpy(values("positions", here * here * WIDTH)).double()
    x = x.reshape(1, here, here, WIDTH).permute(0, 3, 1, 2).requires_grad_()
    y = F.interpolate(x, size=(there, there), mode="bicubic", align_corners=False)
    c = torch.from_numpy(values("gradient", there * there * WIDTH)).double().reshape(1, there, there, WIDTH)
    (y.permute(0, 2, 3, 1) * c).sum().backward()
    flat = lambda t: numbers(t.permute(0, 2, 3, 1))  # noqa: E731
    return {"from": here, "to": there, "width": WIDTH, "resized": flat(y.detach()), "gradient": flat(x.grad)}


cases = [resized(*sizes) for sizes in ((4, 2), (4, 3), (3, 6), (2, 5), (1, 3), (7, 4))]
path = pathlib.Path(__file__).with_name("positions.json")
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(path.name, path.stat().st_size, "bytes")
