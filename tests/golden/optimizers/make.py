"""Golden values for SGD, Adam and AdamW: what torch.optim does with given weights and gradients.

    python3 tests/golden/optimizers/make.py > tests/golden/optimizers/optimizers.json

Made with PyTorch 1.13 in double precision. Gradients are fixed numbers, so only the update rule is tested.
"""
import json

import torch

STEPS = 5
SHAPE = (2, 3)
CASES = {
    "sgd": (torch.optim.SGD, dict(momentum=0.0), dict(kind="sgd", momentum=0, nesterov=False, weightDecay=0)),
    "sgd with momentum and decay": (
        torch.optim.SGD,
        dict(momentum=0.9, weight_decay=0.05),
        dict(kind="sgd", momentum=0.9, nesterov=False, weightDecay=0.05),
    ),
    "sgd with Nesterov momentum": (
        torch.optim.SGD,
        dict(momentum=0.8, weight_decay=0.01, nesterov=True),
        dict(kind="sgd", momentum=0.8, nesterov=True, weightDecay=0.01),
    ),
    "adam": (
        torch.optim.Adam,
        dict(betas=(0.9, 0.999), eps=1e-8),
        dict(kind="adam", beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0),
    ),
    "adam with L2 penalty": (
        torch.optim.Adam,
        dict(betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
        dict(kind="adam", beta1=0.8, beta2=0.95, epsilon=1e-3, weightDecay=0.1),
    ),
    "adamw": (
        torch.optim.AdamW,
        dict(betas=(0.9, 0.99), eps=1e-8, weight_decay=0.3),
        dict(kind="adamw", beta1=0.9, beta2=0.99, epsilon=1e-8, weightDecay=0.3),
    ),
}


def main():
    torch.manual_seed(0)
    start = torch.randn(SHAPE, dtype=torch.float64)
    gradients = [torch.randn(SHAPE, dtype=torch.float64) for _ in range(STEPS)]
    rates = [0.1, 0.1, 0.03, 0.2, 0.05]
    cases = []
    for name, (optimizer_class, arguments, config) in CASES.items():
        weight = start.clone().requires_grad_()
        optimizer = optimizer_class([weight], lr=1.0, **arguments)
        weights = []
        for rate, gradient in zip(rates, gradients):
            optimizer.param_groups[0]["lr"] = rate
            weight.grad = gradient.clone()
            optimizer.step()
            weights.append(weight.detach().flatten().tolist())
        cases.append(dict(name=name, config=config, weights=weights))
    flat = [gradient.flatten().tolist() for gradient in gradients]
    print(json.dumps(dict(shape=SHAPE, start=start.flatten().tolist(), gradients=flat, rates=rates, cases=cases)))


main()
