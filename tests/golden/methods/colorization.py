"""Makes colorization.json: whole steps of colorization (arXiv 1603.08511), Lab and bins computed here on their own.

    /usr/bin/python3 tests/golden/methods/colorization.py
"""

import torch
import torch.nn.functional as F
from harness import RESNET, VIT, PooledResNet, case, fill, mlp, view, vit, write
from torch import nn

MEAN = torch.tensor([0.485, 0.456, 0.406]).double().reshape(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).double().reshape(1, 3, 1, 1)
XYZ = torch.tensor(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
).double()
WHITE = torch.tensor([0.95047, 1, 1.08883]).double()


def lab(rgb):
    """[..., 3] in [0, 1]."""
    linear = torch.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    t = linear @ XYZ.T / WHITE
    f = torch.where(t > (6 / 29) ** 3, t.clamp(min=1e-12) ** (1 / 3), t * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = f.unbind(-1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def all_bins():
    levels = torch.arange(52).double() / 51
    cube = torch.cartesian_prod(levels, levels, levels)
    return torch.unique((lab(cube)[:, 1:] / 10).round(), dim=0) * 10 + 0.0


class Decoder(nn.Module):
    def __init__(self, width, outputs):
        super().__init__()
        for i, channels in ((4, 64), (3, 32), (2, 16)):
            setattr(self, f"side{i}", nn.Conv2d(channels, width, 1, bias=False))
            setattr(self, f"norm{i}", nn.BatchNorm2d(width))
        for i in (3, 2):
            up = nn.ConvTranspose2d(width, width, 3, stride=2, padding=1, output_padding=1, bias=False)
            setattr(self, f"up{i}", up)
        self.last = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.classify = nn.Linear(width, outputs)

    def forward(self, layers):
        x = F.relu(self.norm4(self.side4(layers[4])))
        x = F.relu(self.norm3(self.up3(x) + self.side3(layers[3])))
        x = F.relu(self.norm2(self.up2(x) + self.side2(layers[2])))
        return self.classify(self.last(x).permute(0, 2, 3, 1).flatten(0, 2)), x.shape[2]


class Colors(nn.Module):
    def __init__(self, bins):
        super().__init__()
        self.register_buffer("prior", torch.zeros(bins))


def layers_of(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    found = {}
    for i in range(1, 5):
        found[i] = x = getattr(net, f"layer{i}")(x)
    return found


def resnet_scores(net, decoder, grey):
    return decoder(layers_of(net, grey))


def vit_scores(net, decoder, grey):
    x = net.patch_embed(grey)
    x = torch.cat([net.cls_token.expand(len(x), -1, -1), x], 1) + net.pos_embed
    x = net.norm(net.blocks(x))[:, 1:]
    return decoder(x.flatten(0, 1)), int(x.shape[1] ** 0.5)


def colorization(backbone, encoder, decoder_of, scores_of, side, batch, prior_momentum):
    bins = all_bins()
    encoder = fill("encoder", encoder)
    decoder = fill("decoder", decoder_of(len(bins)))
    colors = fill("colors", Colors(len(bins)))
    rgb = (view(0, batch, side) * STD + MEAN).clamp(0, 1)
    grey = lab(rgb.permute(0, 2, 3, 1))[..., :1].permute(0, 3, 1, 2) / 100
    scores, places = scores_of(encoder, decoder, (grey.expand(-1, 3, -1, -1) - MEAN) / STD)
    small = F.avg_pool2d(rgb, side // places).permute(0, 2, 3, 1)
    ab = lab(small)[..., 1:].reshape(-1, 2)
    target = F.softmax(-torch.cdist(ab, bins) ** 2 / (2 * 5**2), dim=1)
    weight = 1 / (0.5 * colors.prior + 0.5 / len(bins))
    weight = weight / (weight * colors.prior).sum()
    nearest = target.argmax(1)
    loss = -(weight[nearest] * (target * F.log_softmax(scores, 1)).sum(1)).mean()
    accuracy = (scores.argmax(1) == nearest).double().mean()
    colors.prior = prior_momentum * colors.prior + (1 - prior_momentum) * target.mean(0)
    options = {"decoder": 12, "priorMomentum": prior_momentum}
    return case(
        {"options": options, "backbone": backbone, "imageSize": side, "batch": batch},
        {"encoder": encoder, "decoder": decoder, "colors": colors},
        loss,
        {"colorAccuracy": accuracy},
    )


write(
    __file__,
    {
        "resnet": colorization(RESNET, PooledResNet(), lambda n: Decoder(12, n), resnet_scores, 16, 3, 0.9),
        "vit": colorization(VIT, vit(12), lambda n: mlp([192, 12, n]), vit_scores, 12, 3, 0.99),
    },
)
