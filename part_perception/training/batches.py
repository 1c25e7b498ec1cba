"""Batches: views as arrays for the network, and the names that are queried on them.

A batch depends only on its recipe and number. Objects that robots encounter most often are sampled most
often.
"""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar, cast

import numpy as np

from part_perception.encoder.patches import PatchSpec
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import Concept, NameTable, cleaned, concepts_of, phrases
from part_perception.simulation.bodies import Mesh
from part_perception.simulation.worlds import make_world
from part_perception.training.data import OwnData
from part_perception.training.progress import not_interrupted
from part_perception.training.views import LabelledPatches, labelled_patches, make_view, own_views

OFTEN = 4.0

COMMON = frozenset(
    """
    mug|drinking glass|tea cup with saucer|wine glass|bowl|plate|bottle|water bottle|sports bottle|
    squeeze bottle|sauce bottle|detergent bottle|pill bottle|jar|tin can|canister|milk carton|juice box|
    food box|cardboard box|box with lid|spray can|spray bottle|soap dispenser|toothpaste tube|lotion tube|
    teapot|kettle|electric kettle|pitcher|watering can|cooking pot|saucepan|frying pan|ladle|spoon|fork|
    table knife|kitchen knife|spatula|bucket|basket|trash can|hammer|mallet|screwdriver|wrench|
    adjustable wrench|pliers|scissors|power drill|hand drill|saw|C-clamp|bar clamp|spring clamp|trowel|
    pruner|axe|paint brush|flashlight|light bulb|pen|stapler|toothbrush|hair dryer|camera|laptop|
    remote control|telephone|computer mouse|headphones|earphones|eyeglasses|lighter|iron|padlock|key|guitar|
    pistol|chair|office chair|armchair|table|round table|desk|table lamp|floor lamp|desk lamp|pendant lamp|
    cabinet|dresser|nightstand|door|door handle|doorknob|loose doorknob|drawer front|faucet|valve|
    lever switch|toilet|microwave|oven|built-in oven|toaster oven|refrigerator|dishwasher|washing machine|tumble dryer|
    cooktop|range hood|fan|pedestal fan|coffee machine|espresso machine|bean to cup machine|water cooler|rice cooker|
    toaster|blender|monitor|television|keyboard|printer|shower set|bathtub|sink|bath mixer|pedal bin|swing bin|safe|
    light switch|power socket|plug|cordless drill|F-clamp|film camera|
    car|motorbike|airliner|propeller plane|fighter jet|rocket|skateboard|handbag|
    backpack|baseball cap|syringe|umbrella|sideboard|TV unit|wardrobe|bookcase|cube shelf|filing cabinet|
    kitchen cabinet|kitchen counter|kitchen|sink cabinet|vanity|wall cabinet|tall cabinet|cabinet door|
    narrow chest of drawers|writing table|workbench|side table|coffee table|slat chair|window|sliding window|
    double door|sliding door|sofa|bed|stool|bench|box sofa|bed frame
    """.replace("\n", "")
    .replace("    ", "")
    .strip()
    .split("|")
)


def chances(kinds: list[str]) -> np.ndarray:
    """Return the probability with which each kind is drawn."""
    weight = np.array([OFTEN if kind in COMMON else 1.0 for kind in kinds])
    return weight / weight.sum()


B = TypeVar("B")
# makes batches, as stream_batches does
Stream = Callable[[Callable[[int], Any], range, int], Iterator[Any]]


@dataclass(frozen=True)
class Batch:
    """Arrays of B views with S' samples each; concepts[b][part] is the concept of a part of view b."""

    groups: np.ndarray
    centres: np.ndarray
    samples: np.ndarray
    near: np.ndarray
    weight: np.ndarray
    part: np.ndarray
    primitive: np.ndarray
    motion: np.ndarray
    axis: np.ndarray
    arm: np.ndarray
    concepts: list[list[Concept]]
    teacher: np.ndarray | None = None


@dataclass(frozen=True)
class Recipe:
    """Everything that a batch depends on, besides its number."""

    seed: int
    size: int
    spec: PatchSpec
    heard: int
    data: OwnData | None = None


def make_batch(recipe: Recipe, number: int) -> Batch:
    """Make views of size / 2 objects, two of each: generated objects and a share of the user's own."""
    rng = np.random.default_rng([recipe.seed, number])
    chance = chances(list(KINDS))
    kinds = list(KINDS.values())
    other: Mesh | None = None
    views: list[LabelledPatches] = []
    while len(views) < recipe.size:
        if recipe.data is not None and rng.random() < recipe.data.share:
            views += own_views(recipe.data, recipe.spec, rng)
            continue
        kind = kinds[rng.choice(len(kinds), p=chance)]
        shape, world = make_world(kind, rng)
        concepts = concepts_of(shape)
        for _ in range(2):
            views.append(labelled_patches(concepts, world.joints, make_view(world, rng, other), recipe.spec))
        other = cast(Mesh, world.body)  # generated objects are meshes
    return stack_batch(views[: recipe.size], recipe.heard, rng)


def choose_samples(part: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw half of the samples uniformly, then half with equal chances for every part, so small parts count."""
    even = rng.choice(len(part), count // 2, replace=False)
    _, which, sizes = np.unique(part, return_inverse=True, return_counts=True)
    chance = 1.0 / sizes[which]
    fair = rng.choice(len(part), count - len(even), replace=True, p=chance / chance.sum())
    return np.concatenate([even, fair])


def stack_batch(views: list[LabelledPatches], heard: int, rng: np.random.Generator) -> Batch:
    """Stack views, keeping `heard` samples of each for the losses."""
    kept = [choose_samples(v.part, heard, rng) for v in views]
    patches = len(views[0].patches.centres)

    def heard_of(name: str) -> np.ndarray:
        return np.stack([getattr(v, name)[k] for v, k in zip(views, kept, strict=True)])

    part, primitive, motion, axis, arm = map(heard_of, ("part", "primitive", "motion", "axis", "arm"))
    return Batch(
        np.stack([v.patches.groups for v in views]),
        np.stack([v.patches.centres for v in views]),
        np.stack([v.patches.samples[k] for v, k in zip(views, kept, strict=True)]),
        np.stack([v.patches.near[k] + i * patches for i, (v, k) in enumerate(zip(views, kept, strict=True))]),
        np.stack([v.patches.weight[k] for v, k in zip(views, kept, strict=True)]),
        part,
        primitive,
        motion,
        axis,
        arm,
        [v.concepts for v in views],
        _teachers(views),
    )


def _teachers(views: list[LabelledPatches]) -> np.ndarray | None:
    """Stack the teacher features of all views' patches; zero where a view has none."""
    given = next((v.teacher for v in views if v.teacher is not None), None)
    if given is None:
        return None
    return np.stack([np.zeros_like(given) if v.teacher is None else v.teacher for v in views])


def stream_batches(make: Callable[[int], B], numbers: range, workers: int) -> Iterator[B]:
    """Yield the numbered batches in order; worker processes (0: this process) make them slightly ahead."""
    if workers == 0:
        yield from map(make, numbers)
        return
    coming = iter(numbers)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core per worker
    with mp.get_context("spawn").Pool(workers, not_interrupted) as pool:
        ahead = [pool.apply_async(make, (number,)) for number in islice(coming, 2 * workers + 2)]
        while ahead:
            yield ahead.pop(0).get()
            ahead += [pool.apply_async(make, (number,)) for number in islice(coming, 1)]


_EXTRA_NAMES, _EXTRA_KINDS = 48, 64
_FIRST_KIND = 0.6
_PHRASE_SHARE = 0.3
_MAX_PARTS = 12


@dataclass(frozen=True)
class Questions:
    """Names (Q,) queried on all views, truth (B, P + 1, Q) in {1, 0, -1 = open}, and a closed set per view.

    Rows are a view's parts; the last row is "no part", so that index -1 reaches it. closed (B, C) are
    positions in `names`, of which those marked in rivals (B, C) compete; target (B, P + 1) is the correct one
    of C, or -1; same (B, P + 1) is one number for all parts with the same first name. `weight` (B, P + 1, Q)
    is the confidence of a true name; `own` (B,) marks views of the user's shapes. `kinds` (K,) are names of
    whole objects, kind_truth (B, K) their truth for each view's object.
    """

    names: np.ndarray
    truth: np.ndarray
    closed: np.ndarray
    target: np.ndarray
    rivals: np.ndarray
    same: np.ndarray
    weight: np.ndarray
    own: np.ndarray
    kinds: np.ndarray
    kind_truth: np.ndarray


def _spoken(concept: Concept, table: NameTable, rng: np.random.Generator) -> list[int]:
    """Pick one of a part's names, usually the first, and sometimes a phrase."""
    known = [table.index[n] for n in concept.names if n in table.index]
    if not known:
        return []
    out = [known[0] if rng.random() < 0.5 else known[rng.integers(len(known))]]
    if rng.random() < _PHRASE_SHARE:
        said = [table.index[p] for p in phrases(concept.kind[:1], concept.names) if p in table.index]
        out += said[:1] if rng.random() < 0.5 else said[-1:]
    return out


def ask(batch: Batch, table: NameTable, rng: np.random.Generator) -> Questions:
    """Pick names of parts in the batch and of some absent ones, with the truth of each for every part."""
    asked: list[list[list[int]]] = []
    pool: set[int] = set(
        rng.choice(len(table.names), min(_EXTRA_NAMES, len(table.names)), replace=False).tolist()
    )
    for concepts in batch.concepts:
        spoken = {c: _spoken(c, table, rng) for c in dict.fromkeys(concepts)}
        asked.append([spoken[c] for c in concepts])
        for said in spoken.values():
            pool.update(said)
        pool.update(table.index[n] for n in concepts[0].kind[:1] if n in table.index)
        if concepts[0].untrue is not None:
            pool.update(table.index[n] for c in spoken for n in c.above if n in table.index)
    names = np.array(sorted(pool))
    place = {name: i for i, name in enumerate(names.tolist())}
    views, rows = len(batch.concepts), max(map(len, batch.concepts)) + 1
    truth = np.zeros((views, rows, len(names)), np.int8)
    weight = np.ones((views, rows, len(names)), np.float32)
    closed = np.zeros((views, _MAX_PARTS), np.int64)
    target, same = np.full((views, rows), -1), np.full((views, rows), -1)
    rivals = np.zeros((views, _MAX_PARTS), bool)
    for b, concepts in enumerate(batch.concepts):
        firsts = [c.names[0] for c in concepts]
        same[b, : len(firsts)] = [firsts.index(f) for f in firsts]
        truth[b, : len(concepts)] = [table.truth(c)[names] for c in concepts]
        truth[b, -1] = _of_nothing(concepts, truth[b, : len(concepts)])
        for row, concept in enumerate(concepts):
            for name, sure in zip((*concept.names, *concept.above), concept.scores, strict=False):
                weight[b, row, [place[i] for i in [table.index.get(name)] if i in place]] = sure
        _closed_set(concepts, asked[b], place, batch.part[b], closed[b], target[b], rivals[b])
    own = np.array([concepts[0].untrue is not None for concepts in batch.concepts])
    return Questions(names, truth, closed, target, rivals, same, weight, own, *_kinds(batch, table, rng))


def _kinds(batch: Batch, table: NameTable, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A name of every view's object, and of some other kinds, with their truth for every view."""
    asked: set[int] = set()
    of_views = [concepts[0].kind for concepts in batch.concepts]
    for kind in of_views:
        known = [table.index[n] for n in kind if n in table.index]
        if known:
            asked.add(known[0] if rng.random() < _FIRST_KIND else known[rng.integers(len(known))])
    others = [table.index[n] for kind in KINDS.values() for n in cleaned(kind.names)[:1] if n in table.index]
    if others:
        asked.update(rng.choice(others, min(_EXTRA_KINDS, len(others)), replace=False).tolist())
    rows = np.array(sorted(asked), int)
    truth = np.full((len(of_views), len(rows)), -1, np.int8)
    for b, (kind, concepts) in enumerate(zip(of_views, batch.concepts, strict=True)):
        if kind and concepts[0].untrue is None:
            truth[b] = table.truth(Concept(kind, kind))[rows]
    return rows, truth


def _of_nothing(concepts: list[Concept], truth: np.ndarray) -> np.ndarray:
    """Truth for samples of no part: no name is true; on own shapes, only names found nowhere are untrue."""
    if concepts[0].untrue is None:
        return np.zeros(truth.shape[1], np.int8)
    return np.where((truth == 0).all(axis=0), 0, -1).astype(np.int8)


def _closed_set(concepts, asked, place, part, closed, target, rivals) -> None:
    """Fill one view's closed set: all first names of the object's parts, those that are seen before the others.

    A part competes with what it belongs to, so that the most specific name wins, and with parts that are not
    seen, because whoever asks does not know what is seen.
    """
    firsts = [c.names[0] for c in concepts]
    present = sorted(set(part[part >= 0].tolist()))
    if not present:
        return
    others = [i for i in range(len(concepts)) if i not in present]
    classes = list(dict.fromkeys(firsts[i] for i in (*present, *others) if asked[i]))[:_MAX_PARTS]
    if len(classes) < 2:
        return
    rivals[: len(classes)] = True
    speaker = {first: asked[i] for i, first in reversed(list(enumerate(firsts))) if asked[i]}
    closed[: len(classes)] = [place[speaker[c][0]] for c in classes]
    for i in range(len(concepts)):
        target[i] = classes.index(firsts[i]) if firsts[i] in classes else -1
