"""Golden values for the methods' losses: loss and gradients by PyTorch on fixed inputs, in double precision.

    python3 tests/golden/methods/make.py > tests/golden/methods/methods.json

Made with PyTorch 1.13. NT-Xent is written as in equation 1 of arXiv 2002.05709, through cross-entropy.
"""
import json

import torch
import torch.nn.functional as F


def nt_xent(images, size, temperature):
    z = torch.randn(2 * images, size, dtype=torch.float64).requires_grad_()
    unit = F.normalize(z, dim=1)
    logits = unit @ unit.T / temperature
    logits.fill_diagonal_(float("-inf"))
    other = torch.cat([torch.arange(images, 2 * images), torch.arange(images)])
    loss = F.cross_entropy(logits, other)
    loss.backward()
    accuracy = (logits.argmax(1) == other).double().mean()
    return dict(
        shape=[2 * images, size],
        temperature=temperature,
        z=z.flatten().tolist(),
        loss=loss.item(),
        accuracy=accuracy.item(),
        gradient=z.grad.flatten().tolist(),
    )


def cross_entropy(batch, classes, smoothing):
    logits = (3 * torch.randn(batch, classes, dtype=torch.float64)).requires_grad_()
    labels = torch.randint(classes, (batch,))
    loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    loss.backward()
    return dict(
        shape=[batch, classes],
        smoothing=smoothing,
        logits=logits.flatten().tolist(),
        labels=labels.tolist(),
        loss=loss.item(),
        gradient=logits.grad.flatten().tolist(),
    )


torch.manual_seed(0)
print(
    json.dumps(
        dict(
            ntXent=[nt_xent(4, 3, 0.5), nt_xent(3, 5, 0.07), nt_xent(8, 2, 1.0)],
            crossEntropy=[cross_entropy(5, 3, 0.0), cross_entropy(4, 6, 0.1)],
        )
    )
)
