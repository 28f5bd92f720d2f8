"""Tiles by slicing, for jigsaw.py and pirl.py: ours are cut by matrix products."""

import torch


def corners(order, offsets, across, cell):
    """[batch, count, 2]: tile `i` of an image begins in cell order[i], moved by its offset."""
    place = torch.stack([order // across, order % across], dim=-1) * cell
    return place + offsets


def cut(images, at, tile):
    """[batch * count, 3, tile, tile]."""
    return torch.stack(
        [image[:, y : y + tile, x : x + tile] for image, tiles in zip(images, at.tolist()) for y, x in tiles]
    )
