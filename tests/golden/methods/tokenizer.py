"""The VQ-VAE of Sonnet's CIFAR-10 example in torch, with a codebook that is kept as averages; see vqvae.py."""

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-5


class ResidualLayer(nn.Module):
    def __init__(self, channels, hidden):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, hidden, 3, padding=1)
        self.conv2 = nn.Conv2d(hidden, channels, 1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(F.relu(x))))


class Encoder(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.down = nn.ModuleList([nn.Conv2d(3, hidden // 2, 4, 2, 1), nn.Conv2d(hidden // 2, hidden, 4, 2, 1)])
        self.conv = nn.Conv2d(hidden, hidden, 3, padding=1)
        self.residual = nn.Sequential(*(ResidualLayer(hidden, inner) for _ in range(2)))

    def forward(self, x):
        for layer in self.down:
            x = F.relu(layer(x))
        return F.relu(self.residual(self.conv(x)))


class Decoder(nn.Module):
    def __init__(self, hidden, inner, dimension):
        super().__init__()
        self.conv = nn.Conv2d(dimension, hidden, 3, padding=1)
        self.residual = nn.Sequential(*(ResidualLayer(hidden, inner) for _ in range(2)))
        self.up = nn.ModuleList(
            [nn.ConvTranspose2d(hidden, hidden // 2, 4, 2, 1), nn.ConvTranspose2d(hidden // 2, 3, 4, 2, 1)]
        )

    def forward(self, x):
        x = F.relu(self.residual(self.conv(x)))
        return self.up[1](F.relu(self.up[0](x)))


class Quantizer(nn.Module):
    def __init__(self, hidden, codes, dimension):
        super().__init__()
        self.project = nn.Conv2d(hidden, dimension, 1)
        self.register_buffer("cluster_size", torch.zeros(codes))
        self.register_buffer("cluster_sum", torch.zeros(codes, dimension))

    def codebook(self):
        n, k = self.cluster_size.sum(), len(self.cluster_size)
        return self.cluster_sum / ((self.cluster_size + EPSILON) / (n + k * EPSILON) * n)[:, None]

    def ids(self, z):
        """[batch, dimension, h, w] to [batch * h * w]."""
        return torch.cdist(z.permute(0, 2, 3, 1).flatten(0, 2), self.codebook()).argmin(1)

    def follow(self, z, ids, decay, revive):
        rows = z.detach().permute(0, 2, 3, 1).flatten(0, 2)
        chosen = F.one_hot(ids, len(self.cluster_size)).to(rows.dtype)
        size = decay * self.cluster_size + (1 - decay) * chosen.sum(0)
        total = decay * self.cluster_sum + (1 - decay) * chosen.T @ rows
        mean, stride = size.mean(), max(1, len(rows) // len(size))
        for code in range(len(size)):
            if size[code] < mean * revive:
                size[code] = mean
                total[code] = rows[code * stride % len(rows)] * mean
        self.cluster_size, self.cluster_sum = size, total
