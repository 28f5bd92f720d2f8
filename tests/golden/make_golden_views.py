"""Makes views.json: torchvision's distortions of one small image, each with fixed parameters.

    /usr/bin/python3 tests/golden/make_golden_views.py

Needs torch and torchvision. The image comes from make_golden.values.
"""

import json
import pathlib

import torch
import torchvision.transforms.functional as F

from make_golden import values

SIDE = 10
SIZE = 8

# name: (parameters that differ from "no distortion", function of a [3, SIDE, SIDE] image in [0, 1])
resize = lambda x, size=SIZE: F.resize(x, [size, size], antialias=True)
CASES = {
    "resize": ({}, resize),
    "crop, smaller": (
        {"top": 1, "left": 0, "height": 9, "width": 10},
        lambda x: resize(F.crop(x, 1, 0, 9, 10)),
    ),
    "crop, larger": (
        {"top": 2, "left": 5, "height": 6, "width": 3},
        lambda x: resize(F.crop(x, 2, 5, 6, 3)),
    ),
    "flip": ({"flip": 1}, lambda x: F.hflip(resize(x))),
    "brightness": ({"brightness": 1.7}, lambda x: F.adjust_brightness(resize(x), 1.7)),
    "contrast": ({"contrast": 1.6}, lambda x: F.adjust_contrast(resize(x), 1.6)),
    "saturation": ({"saturation": 1.8}, lambda x: F.adjust_saturation(resize(x), 1.8)),
    "hue, forward": ({"hue": 0.37}, lambda x: F.adjust_hue(resize(x), 0.37)),
    "hue, back": ({"hue": -0.12}, lambda x: F.adjust_hue(resize(x), -0.12)),
    "grayscale": ({"grayscale": 1}, lambda x: F.rgb_to_grayscale(resize(x), 3)),
    "solarize": ({"solarize": 1}, lambda x: F.solarize(resize(x), 0.5)),
}

if __name__ == "__main__":
    image = torch.from_numpy((values("view", SIDE * SIDE * 3) + 1) / 2).reshape(SIDE, SIDE, 3).permute(2, 0, 1)
    golden = {
        "side": SIDE,
        "size": SIZE,
        "cases": {
            name: {
                "parameters": parameters,
                "output": [float(f"{v:.7g}") for v in f(image).permute(1, 2, 0).flatten().tolist()],
            }
            for name, (parameters, f) in CASES.items()
        },
    }
    path = pathlib.Path(__file__).with_name("views.json")
    path.write_text(json.dumps(golden) + "\n")
    print(path, path.stat().st_size, "bytes")
