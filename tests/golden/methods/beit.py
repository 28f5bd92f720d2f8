"""Makes beit.json: whole steps of BEiT. Section 2 of arXiv 2106.08254, with the tokenizer of vqvae.py.

    /usr/bin/python3 tests/golden/methods/beit.py
"""

import torch
import torch.nn.functional as F
from data2vec import Predictor, embed
from harness import VIT, case, fill, tensor, view, vit, write
from tokenizer import Decoder, Encoder, Quantizer
from torch import nn


def beit(side, batch, codes):
    tokenizer = {
        "encoder": fill("teacher/encoder", Encoder(16, 8)),
        "quantizer": fill("teacher/quantizer", Quantizer(16, codes, 8)),
        "decoder": fill("teacher/decoder", Decoder(16, 8, 8)),
    }
    predictor = Predictor()
    predictor.head = nn.Linear(192, codes)
    parts = {"encoder": fill("encoder", vit(side)), "predictor": fill("predictor", predictor)}
    image = view(0, batch, side)
    mask = torch.rand(batch, (side // 4) ** 2) < 0.4
    mask[:, 1] = True
    with torch.no_grad():
        ids = tokenizer["quantizer"].ids(tokenizer["quantizer"].project(tokenizer["encoder"](image)))
    net = parts["encoder"]
    tokens = net.norm(net.blocks(embed(net, image, mask, predictor.mask_token)))
    logits, wanted = predictor.head(tokens[:, 1:])[mask], ids.reshape(batch, -1)[mask]
    accuracy = (logits.argmax(1) == wanted).double().mean()
    size = {"hidden": 16, "residualHidden": 8, "codes": codes, "dimension": 8}
    setting = {
        "options": {"tokenizer": size},
        "backbone": VIT,
        "imageSize": side,
        "batch": batch,
        "draws": {"mask": tensor(mask.float())},
    }
    return case(setting, parts, F.cross_entropy(logits, wanted), {"maskedAccuracy": accuracy}, teacher=tokenizer)


torch.manual_seed(0)
write(__file__, {"16 px": beit(16, 3, 24), "few codes": beit(12, 4, 4)})
