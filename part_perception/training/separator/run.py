"""Run: the separator learns from pictures of simulated scenes; the run goes on from its checkpoint."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from part_perception.errors import InputError
from part_perception.scene.cell_image import features
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import decode
from part_perception.scene.separator import halved, load_weights, save_weights
from part_perception.scene.separator_graph import ranges
from part_perception.scene.support import NO_SUPPORT, find_support
from part_perception.training.optimisers import Muon, Optimisers, has_bfloat16
from part_perception.training.progress import Say
from part_perception.training.separator.fragments import keep_pairs, learn_fragments
from part_perception.training.separator.network import Separator, folded, losses, unfold
from part_perception.training.separator.pictures import VIEWS, Pictures, keep, load

# What is given as the support: mostly what a frame finds, right or wrong, so that wrong ones are not believed.
FOUND, TRUE = 0.7, 0.1  # of the pictures; none in the rest
PLANE_OFF, PLANE_TILT = 0.004, np.radians(1.0)
HELD_OUT = 40  # files that are only measured on
SCENE = SceneConfig()
RATE, DECAY = 1.5e-3, 0.01
# convolutions of inputs and outputs, which Muon leaves to AdamW
FIRST_AND_LAST = ("enter.1.0", "leave.0")


def sample(pictures: Pictures, k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return features and truth of one picture, sometimes mirrored, with a support as found in a frame."""
    depth, whose = pictures.depth[k].astype(np.float32), pictures.whose[k]
    height, width = depth.shape
    focal, plane = float(pictures.focal[k]), pictures.plane[k].astype(float)
    row, column = np.mgrid[:height, :width].astype(np.float32)
    rays = np.stack([(column - width / 2) / focal, (row - height / 2) / focal, np.ones_like(row)], axis=-1)
    if rng.random() < 0.5:
        depth, whose = np.ascontiguousarray(depth[:, ::-1]), np.ascontiguousarray(whose[:, ::-1])
        plane = plane * (-1, 1, 1, 1)
    points = rays * depth[..., None]
    which = rng.random()
    if which < FOUND:
        given = found_support(points)
    elif which < FOUND + TRUE:
        given = nearly(plane, points[height // 2, width // 2], rng)
    else:
        given = None
    reach = np.linalg.norm(points, axis=-1)
    return features(points, reach, 1.0 / focal, given), whose


def found_support(points: np.ndarray) -> np.ndarray | None:
    """Return the plane that a first frame takes for the support; None if it finds none."""
    support = find_support(decode(points, np.zeros(3), SCENE), None, SCENE.max_support_tilt_deg, NO_SUPPORT)
    return support.planes[0] if support else None


def nearly(plane: np.ndarray, ahead: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Perturb a plane by a noise-sized offset and a rotation about the point ahead."""
    normal = plane[:3] + rng.normal(0, PLANE_TILT, 3)
    normal /= np.linalg.norm(normal)
    return np.append(normal, plane[:3] @ ahead + plane[3] - normal @ ahead + rng.normal(0, PLANE_OFF))


class Optimiser(Optimisers):
    """Muon for the kernels of convolutions, AdamW for everything else; Muon's steps are scaled to AdamW's rates.

    Muon takes matrices only: it is given every kernel as one, in the same memory.
    """

    def __init__(self, network: Separator, rate: float):
        self.kernels = [
            layer.weight
            for name, layer in network.named_modules()
            if isinstance(layer, nn.Conv2d) and name not in FIRST_AND_LAST
        ]
        self.matrices = [nn.Parameter(as_matrix(kernel.detach())) for kernel in self.kernels]
        others = [each for each in network.parameters() if all(each is not k for k in self.kernels)]
        super().__init__(
            [Muon(self.matrices, rate, DECAY), torch.optim.AdamW(others, lr=rate, weight_decay=DECAY)]
        )

    def step(self, rate: float) -> None:
        for kernel, matrix in zip(self.kernels, self.matrices, strict=True):
            matrix.grad = None if kernel.grad is None else as_matrix(kernel.grad)
        super().step(rate)


def as_matrix(kernel: Tensor) -> Tensor:
    """A kernel (out, in, h, w), stored channels last, as a matrix (out, h w in) in the same memory."""
    return kernel.permute(0, 2, 3, 1).reshape(len(kernel), -1)


class Run:
    """A training run: picture files, network, and progress. It starts from weights as a robot loads them, if given."""

    def __init__(
        self,
        folder: Path,
        pictures: Path,
        steps: int,
        batch: int = 12,
        rate: float = RATE,
        start: Path | None = None,
    ):
        self.folder, self.files = folder, sorted(pictures.glob("??????.npz"))[HELD_OUT:]
        if not self.files:
            raise InputError(f"{pictures} holds too few pictures: at least {HELD_OUT + 1} scenes are needed")
        self.pictures = [load(file) for file in self.files]
        self.steps, self.batch, self.rate, self.step = steps, batch, rate, 0
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(0)
        # The types of torch do not know that modules take a memory format.
        self.network: Separator = cast(Any, Separator()).to(memory_format=torch.channels_last)
        resumes = self.checkpoint.exists()
        if start and not resumes:
            unfold(self.network, load_weights(start), self.batch_of(0)[0])
        self.average = {k: v.clone() for k, v in self.network.state_dict().items()}
        self.optimiser = Optimiser(self.network, rate)
        if resumes:
            saved = torch.load(self.checkpoint, weights_only=True)
            self.network.load_state_dict(saved["network"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.average, self.step = saved["average"], saved["step"]

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        saved = {"network": self.network.state_dict(), "average": self.average,
                 "optimiser": self.optimiser.state_dict(), "step": self.step}  # fmt: skip
        part = self.checkpoint.with_suffix(".part")
        torch.save(saved, part)
        part.replace(self.checkpoint)

    def train(self, say: Callable[[dict], None], every: int = 50) -> None:
        sums: dict[str, float] = {}
        began = time.monotonic()
        for given, whose in self.batches():
            rate = self.rate * min(
                (self.step + 1) / 100, 0.5 * (1 + math.cos(math.pi * self.step / self.steps)) + 0.01
            )
            with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16("cpu")):
                scores = self.network(given.to(memory_format=torch.channels_last))
            parts = losses(scores.float(), whose)
            total = parts["classes"] + parts["pairs"]
            # the optimiser knows kernels only as matrices
            self.network.zero_grad(set_to_none=True)
            total.backward()
            self.optimiser.step(rate)
            self.step += 1
            keep = min(0.995, (1 + self.step) / (10 + self.step))
            for k, v in self.network.state_dict().items():
                if v.dtype.is_floating_point:
                    self.average[k].lerp_(v, 1 - keep)
                else:
                    self.average[k].copy_(v)
            for k, v in parts.items():
                sums[k] = sums.get(k, 0.0) + float(v.detach())
            if self.step % every == 0 or self.step >= self.steps:
                record = {"step": self.step, **{k: round(v / every, 4) for k, v in sums.items()},
                          "pictures_per_s": round(every * self.batch / (time.monotonic() - began), 1)}  # fmt: skip
                with (self.folder / "log.jsonl").open("a") as log:
                    log.write(json.dumps(record) + "\n")
                say(record)
                self.save()
                sums, began = {}, time.monotonic()
            if self.step >= self.steps:
                break

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of all steps that are left; the next one is made while the network learns from this one."""
        with ThreadPoolExecutor(1) as maker:
            coming = maker.submit(self.batch_of, self.step)
            for step in count(self.step + 1):
                batch, coming = coming.result(), maker.submit(self.batch_of, step)
                yield batch

    def batch_of(self, step: int) -> tuple[Tensor, Tensor]:
        """Pictures of different scenes."""
        rng = np.random.default_rng([7, step])
        chosen = rng.choice(len(self.files), self.batch, replace=len(self.files) < self.batch)
        items = []
        for k in chosen:
            pictures = self.pictures[k]
            items.append(sample(pictures, int(rng.integers(len(pictures.depth))), rng))
        given, whose = zip(*items, strict=True)
        return torch.from_numpy(np.stack(given)), torch.from_numpy(np.stack(whose)).int()


PICTURES, PAIRS = "pictures", "fragments"
MEASURED = 20  # pictures that the ranges of values are taken from


def train_separator(
    folder: Path, scenes: int, steps: int, weights: Path, say: Say, start: Path | None = None
) -> int:
    """Make the pictures, train, and learn which fragments belong together, resuming each; return the number of steps.

    The weights are written as a robot loads them.
    """
    for number in keep(folder / PICTURES, range(scenes)):
        if (number + 1) % 100 == 0:
            say(f"pictures of {number + 1} scenes of {scenes}")
    run = Run(folder, folder / PICTURES, steps, start=start)
    run.train(lambda record: say("  ".join(f"{name} {value}" for name, value in record.items())))
    publish(folder, folder / PICTURES, weights)
    # other weights give other fragments
    pairs = folder / PAIRS / hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
    for number in keep_pairs(pairs, weights, range(scenes)):
        if (number + 1) % 100 == 0:
            say(f"fragments of {number + 1} scenes of {scenes}")
    if not learn_fragments(pairs, weights):
        say("the network has learned too little to tell which fragments are one object: it needs more steps")
    return run.step


def publish(run: Path, pictures: Path, path: Path) -> None:
    """Write the weights of a run's checkpoint, and the ranges of the network's values, as a robot loads them."""
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    weights, rng = folded(saved["average"]), np.random.default_rng(0)
    weights = halved(weights)
    files = sorted(pictures.glob("??????.npz"))[:MEASURED]
    given = [sample(load(file), int(rng.integers(VIEWS)), rng)[0] for file in files]
    path.parent.mkdir(parents=True, exist_ok=True)
    save_weights(path, weights | ranges(weights, given))
