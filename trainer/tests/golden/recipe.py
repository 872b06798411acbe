"""Writes recipe.json: PyTorch's losses with their gradients, learning rates, and paths of parameters."""

import json
import pathlib
import warnings

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

PHOTOS, CLASSES = 6, 5
STEPS = 10


def asymmetric(x, y, gamma_negative, gamma_positive, clip):
    """Ridnik et al. 2021 with the focusing weight detached."""
    given = torch.sigmoid(x)
    not_given = (1 - given + clip).clamp(max=1)
    entropy = y * torch.log(given) + (1 - y) * torch.log(not_given)
    with torch.no_grad():
        truth = y * given + (1 - y) * not_given
        weight = (1 - truth) ** (gamma_positive * y + gamma_negative * (1 - y))
    return -(weight * entropy)


def focal(x, y, gamma, alpha):
    """Lin et al. 2017, as torchvision has it."""
    entropy = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    p = torch.sigmoid(x)
    truth = p * y + (1 - p) * (1 - y)
    loss = entropy * (1 - truth) ** gamma
    return loss if alpha is None else loss * (alpha * y + (1 - alpha) * (1 - y))


def bce(x, y, weight=None):
    return F.binary_cross_entropy_with_logits(x, y, weight=weight, reduction="none")


def distilled(x, y, teacher, weight, temperature):
    soft = torch.sigmoid(torch.logit(teacher) / temperature)
    return (1 - weight) * bce(x, y) + weight * temperature**2 * bce(x / temperature, soft)


def losses() -> dict:
    # In float64, so that what is left of a difference is ours.
    logits = 3 * torch.randn(PHOTOS, CLASSES, dtype=torch.float64)
    hard = (torch.rand(PHOTOS, CLASSES) < 0.3).double()
    soft = 0.7 * hard + 0.3 * hard.flip(0)
    teacher = 0.98 * torch.rand(PHOTOS, CLASSES, dtype=torch.float64) + 0.01
    weights = torch.tensor([0.5, 2.0, 1.0, 0.25, 1.25], dtype=torch.float64)
    balanced = 1 / hard.mean(0)
    balanced /= balanced.mean()
    smoothing = 0.1
    cases = []

    def case(settings, loss, targets=("hard", "soft"), **more):
        for name in targets:
            x = logits.clone().requires_grad_()
            value = loss(x, hard if name == "hard" else soft).sum() / PHOTOS
            value.backward()
            gradient = x.grad.flatten().tolist()
            cases.append({"loss": settings, "targets": name, "value": value.item(), "gradient": gradient, **more})

    case({"name": "bce"}, bce)
    case({"name": "bce", "class_weights": weights.tolist()}, lambda x, y: bce(x, y, weights))
    case({"name": "bce", "class_weights": "balanced"}, lambda x, y: bce(x, y, balanced))
    smooth = lambda y: y * (1 - smoothing) + smoothing / 2
    case({"name": "bce"}, lambda x, y: bce(x, smooth(y)), label_smoothing=smoothing)
    for gamma, alpha in [(2.0, None), (2.0, 0.25), (0.0, 0.75), (1.5, 0.5)]:
        settings = {"name": "focal", "gamma": gamma} | ({} if alpha is None else {"alpha": alpha})
        case(settings, lambda x, y, gamma=gamma, alpha=alpha: focal(x, y, gamma, alpha))
    for negative, positive, clip in [(4.0, 0.0, 0.05), (4.0, 1.0, 0.05), (2.0, 0.5, 0.0), (0.0, 0.0, 0.0)]:
        settings = {"name": "asymmetric", "gamma_negative": negative, "gamma_positive": positive, "clip": clip}
        case(settings, lambda x, y, s=(negative, positive, clip): asymmetric(x, y, *s))
    for weight, temperature in [(0.5, 1.0), (0.9, 2.0), (1.0, 4.0), (0.0, 2.0)]:
        settings = {"weight": weight, "temperature": temperature}
        case({"name": "bce"}, lambda x, y, s=(weight, temperature): distilled(x, y, teacher, *s), distillation=settings)
    return {
        "logits": logits.flatten().tolist(),
        "hard": hard.flatten().tolist(),
        "soft": soft.flatten().tolist(),
        "teacher": teacher.flatten().tolist(),
        "frequencies": hard.mean(0).tolist(),
        "cases": cases,
    }


def rates(make, steps: int, each: int = 1) -> list:
    """The learning rate of each step, the scheduler moving every `each` steps."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    scheduler = make(optimizer)
    values = []
    for step in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if (step + 1) % each == 0:
            scheduler.step()
    return values


def warmed(optimizer, rising, after):
    up = lr_scheduler.LinearLR(optimizer, start_factor=1 / 25, total_iters=rising)
    return lr_scheduler.SequentialLR(optimizer, [up, after], milestones=[rising])


def schedules() -> list:
    epochs, epoch_steps = 8, 5
    steps = epochs * epoch_steps
    cases = []

    def case(settings, make, each=1):
        cases.append({"schedule": settings, "rates": rates(make, steps, each)})

    for warmup in [0.25, 0.3, 0.2]:
        settings = {"name": "one-cycle", "warmup": warmup}
        case(settings, lambda o, w=warmup: lr_scheduler.OneCycleLR(o, max_lr=0.5, total_steps=steps, pct_start=w))
    case({"name": "cosine"}, lambda o: lr_scheduler.CosineAnnealingLR(o, steps))
    case({"name": "cosine", "floor": 0.1}, lambda o: lr_scheduler.CosineAnnealingLR(o, steps, eta_min=0.05))
    rising = 8
    case(
        {"name": "cosine", "warmup": 0.2, "floor": 0.02},
        lambda o: warmed(o, rising, lr_scheduler.CosineAnnealingLR(o, steps - rising, eta_min=0.01)),
    )
    case({"name": "constant"}, lambda o: lr_scheduler.ConstantLR(o, factor=1.0))
    case({"name": "constant", "warmup": 0.2}, lambda o: lr_scheduler.LinearLR(o, start_factor=1 / 25, total_iters=rising))
    case({"name": "step", "every": 3, "factor": 0.2}, lambda o: lr_scheduler.StepLR(o, 3, gamma=0.2), epoch_steps)
    return {"peak": 0.5, "epochs": epochs, "epoch_steps": epoch_steps, "cases": cases}


def paths() -> dict:
    """A weight matrix and a bias, pulled by given gradients; the rate changes from step to step."""
    weight = torch.randn(2, 3, dtype=torch.float64)
    bias = torch.randn(3, dtype=torch.float64)
    gradients = [[torch.randn(2, 3, dtype=torch.float64), torch.randn(3, dtype=torch.float64)] for _ in range(STEPS)]
    lrs = [0.1 * (1 + step % 3) for step in range(STEPS)]
    cases = []

    def case(settings, make, decay, factor=1.0, clip=0.0, accumulate=1):
        w, b = weight.clone().requires_grad_(), bias.clone().requires_grad_()
        groups = [{"params": [w], "weight_decay": decay}, {"params": [b], "weight_decay": 0.0}]
        optimizer = make(groups)
        path = []
        for step in range(STEPS // accumulate):
            w.grad, b.grad = torch.zeros_like(w), torch.zeros_like(b)
            for part in gradients[step * accumulate : (step + 1) * accumulate]:
                w.grad += part[0] / accumulate
                b.grad += part[1] / accumulate
            if clip:
                torch.nn.utils.clip_grad_norm_([w, b], clip)
            optimizer.param_groups[0]["lr"] = lrs[step]
            optimizer.param_groups[1]["lr"] = lrs[step] * factor
            optimizer.step()
            path.append(torch.cat([w.detach().flatten(), b.detach()]).tolist())
        more = {"weight_decay": decay, "bias_factor": factor, "clip_norm": clip, "accumulate": accumulate}
        cases.append({"optimizer": settings, "path": path, **more})

    sgd = lambda **more: lambda groups: torch.optim.SGD(groups, lr=1.0, **more)
    case({"name": "sgd", "momentum": 0.9, "nesterov": True}, sgd(momentum=0.9, nesterov=True), 0.02)
    case({"name": "sgd", "momentum": 0.8, "nesterov": False}, sgd(momentum=0.8), 0.02)
    case({"name": "sgd", "momentum": 0.0, "nesterov": False}, sgd(), 0.1, factor=10.0)
    case({"name": "sgd"}, sgd(momentum=0.9, nesterov=True), 0.0, clip=1.5)
    case({"name": "sgd"}, sgd(momentum=0.9, nesterov=True), 0.0, clip=1.0, accumulate=2)
    case({"name": "adam"}, lambda groups: torch.optim.Adam(groups, lr=1.0), 0.05)
    case({"name": "adamw"}, lambda groups: torch.optim.AdamW(groups, lr=1.0), 0.05, factor=0.1)
    betas = {"name": "adamw", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4}
    case(betas, lambda groups: torch.optim.AdamW(groups, lr=1.0, betas=(0.8, 0.95), eps=1e-4), 0.2, accumulate=2)
    return {
        "weight": weight.flatten().tolist(),
        "bias": bias.tolist(),
        "gradients": [[part.flatten().tolist() for part in parts] for parts in gradients],
        "rates": lrs,
        "cases": cases,
    }


def main() -> None:
    warnings.simplefilter("ignore")  # SequentialLR warns of its own calls.
    torch.manual_seed(3)
    result = {"torch": torch.__version__, "losses": losses(), "schedules": schedules(), "paths": paths()}
    path = pathlib.Path(__file__).with_name("recipe.json")
    path.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
