"""What DINO and iBOT are made of, in PyTorch: their head, and a ViT that takes images of any size."""

import math

import torch
import torch.nn.functional as F
from make_golden import ViT
from torch import nn


class Head(nn.Module):
    def __init__(self, inputs, hidden, bottleneck, count, batch_norm):
        super().__init__()
        layers = []
        for i in (inputs, hidden):
            layers.append(nn.Linear(i, hidden, bias=not batch_norm))
            if batch_norm:
                layers.append(nn.BatchNorm1d(hidden))
            layers.append(nn.GELU())
        self.mlp = nn.Sequential(*layers, nn.Linear(hidden, bottleneck))
        self.last_layer = nn.Linear(bottleneck, count, bias=False)

    def forward(self, x):
        x = F.normalize(self.mlp(x), dim=-1)
        return x @ F.normalize(self.last_layer.weight, dim=1).T


class AnySizeViT(ViT):
    """Position embeddings are resized to the image, as timm does."""

    def tokens(self, x, mask=None, token=None):
        x = self.patch_embed(x)
        if mask is not None:
            x = torch.where(mask[..., None], token.expand_as(x), x)
        here, there = math.isqrt(self.pos_embed.shape[1] - 1), math.isqrt(x.shape[1])
        places = self.pos_embed[:, 1:].reshape(1, here, here, -1).permute(0, 3, 1, 2)
        if there != here:
            places = F.interpolate(places, size=(there, there), mode="bicubic", align_corners=False)
        places = places.permute(0, 2, 3, 1).reshape(1, there * there, -1)
        places = torch.cat([self.pos_embed[:, :1], places], 1)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + places
        return self.norm(self.blocks(x))

    def forward(self, x):
        return self.tokens(x)[:, 0]
