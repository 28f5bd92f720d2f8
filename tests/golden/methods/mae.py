"""Makes mae.json: whole steps of MAE, with the mask, the decoder and the loss of arXiv 2111.06377 and its code.

    /usr/bin/python3 tests/golden/methods/mae.py
"""

import torch
from harness import VIT, case, fill, tensor, view, vit, write
from make_golden import Block
from torch import nn

PATCH, WIDTH = 4, 24


class Decoder(nn.Module):
    def __init__(self, grid):
        super().__init__()
        self.mask_token = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.embed = nn.Linear(192, WIDTH)
        self.blocks = nn.Sequential(*(Block(WIDTH, 3) for _ in range(2)))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.pred = nn.Linear(WIDTH, 3 * PATCH**2)
        self.positions = positions(grid)

    def forward(self, x, restore):
        x = self.embed(x)
        token = self.mask_token.expand(len(x), restore.shape[1] - x.shape[1] + 1, -1)
        patches = torch.cat([x[:, 1:], token], 1)
        patches = torch.gather(patches, 1, restore[..., None].expand(-1, -1, WIDTH)) + self.positions
        return self.pred(self.norm(self.blocks(torch.cat([x[:, :1], patches], 1))))[:, 1:]


def positions(grid):
    """MAE's get_2d_sincos_pos_embed without the class token's zeros; the column's half comes first."""
    omega = 1 / 10000 ** (torch.arange(WIDTH // 4).double() / (WIDTH // 4))
    row, column = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    halves = [p.reshape(-1, 1).double() * omega for p in (column, row)]
    return torch.cat([f(h) for h in halves for f in (torch.sin, torch.cos)], 1)


def patchify(x):
    b, c, h, w = x.shape
    x = x.reshape(b, c, h // PATCH, PATCH, w // PATCH, PATCH)
    return x.permute(0, 2, 4, 3, 5, 1).reshape(b, -1, PATCH * PATCH * c)


def mae(side, batch, norm_pix):
    grid = side // PATCH
    encoder, decoder = fill("encoder", vit(side)), fill("decoder", Decoder(grid))
    image = view(0, batch, side)
    shuffle = torch.stack([torch.randperm(grid**2) for _ in range(batch)])
    kept = shuffle[:, : grid**2 // 4]
    restore = shuffle.argsort(1)

    x = encoder.patch_embed(image) + encoder.pos_embed[:, 1:]
    x = torch.gather(x, 1, kept[..., None].expand(-1, -1, 192))
    x = torch.cat([(encoder.cls_token + encoder.pos_embed[:, :1]).expand(batch, -1, -1), x], 1)
    predicted = decoder(encoder.norm(encoder.blocks(x)), restore)

    target = patchify(image)
    if norm_pix:
        target = (target - target.mean(-1, True)) / (target.var(-1, keepdim=True) + 1e-6) ** 0.5
    masked = torch.ones(batch, grid**2).double().scatter(1, kept, 0)
    loss = ((((predicted - target) ** 2).mean(-1)) * masked).sum() / masked.sum()
    setting = {
        "options": {"normPix": norm_pix, "decoder": {"width": WIDTH, "depth": 2, "heads": 3}},
        "backbone": VIT,
        "imageSize": side,
        "batch": batch,
        "draws": {"kept": tensor(kept, "int32")},
    }
    return case(setting, {"encoder": encoder, "decoder": decoder}, loss)


torch.manual_seed(0)
write(__file__, {"normalized targets": mae(16, 3, True), "pixels": mae(12, 4, False)})
