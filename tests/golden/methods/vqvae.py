"""Makes vqvae.json: whole steps of a VQ-VAE. Section 3 and appendix A.1 of arXiv 1711.00937.

    /usr/bin/python3 tests/golden/methods/vqvae.py
"""

import torch.nn.functional as F
from harness import case, fill, view, write
from tokenizer import Decoder, Encoder, Quantizer


def vqvae(side, batch, codes, revive):
    parts = {
        "encoder": fill("encoder", Encoder(16, 8)),
        "quantizer": fill("quantizer", Quantizer(16, codes, 8)),
        "decoder": fill("decoder", Decoder(16, 8, 8)),
    }
    image, quantizer = view(0, batch, side), parts["quantizer"]
    z = quantizer.project(parts["encoder"](image))
    ids = quantizer.ids(z)
    code = quantizer.codebook()[ids].reshape(batch, side // 4, side // 4, 8).permute(0, 3, 1, 2)
    painted = parts["decoder"](z + (code - z).detach())
    reconstruction = F.mse_loss(painted, image) / image.var(unbiased=False)
    loss = reconstruction + 0.25 * F.mse_loss(z, code.detach())
    use = F.one_hot(ids, codes).double().mean(0)
    quantizer.follow(z, ids, 0.9, revive)
    setting = {
        "options": {"codes": codes, "dimension": 8, "decay": 0.9, "revive": revive},
        "backbone": {"kind": "tokenizer", "hidden": 16, "residualHidden": 8},
        "imageSize": side,
        "batch": batch,
    }
    perplexity = (-(use * (use + 1e-10).log()).sum()).exp()
    return case(setting, parts, loss, {"reconstruction": reconstruction, "perplexity": perplexity})


write(
    __file__,
    {"unused codes are set anew": vqvae(16, 3, 24, 0.9), "the codebook follows alone": vqvae(8, 4, 40, 0)},
)
