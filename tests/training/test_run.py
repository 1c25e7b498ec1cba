"""A run resumes exactly where it stopped, whatever stopped it, and reports its progress."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from part_perception.training import progress
from part_perception.training import run as run_module
from part_perception.training.command import publish
from part_perception.training.config import TrainConfig, going_on, load_config, save_config
from part_perception.training.learner import Weights
from part_perception.training.progress import Interruption
from part_perception.training.run import Run, rate_at
from part_perception.training.vocabulary import load_names, save_names


def silent(record) -> None:
    pass


def run_in(folder, config, table, **more) -> Run:
    return Run(folder, config, table, say=more.pop("say", silent), **more)


def test_six_steps_equal_three_and_three_to_the_bit(tmp_path, tiny, table):
    straight = run_in(tmp_path / "straight", tiny, table)
    straight.train()
    run_in(tmp_path / "halves", tiny, table).train(until=3)
    resumed = run_in(tmp_path / "halves", tiny, table)
    assert resumed.step == 3
    resumed.train()
    assert resumed.step == straight.step == 6
    for mine, other in ((straight.learner.state_dict(), resumed.learner.state_dict()),
                        (straight.average, resumed.average)):  # fmt: skip
        assert mine.keys() == other.keys()
        assert all(torch.equal(mine[k], other[k]) for k in mine)


@pytest.fixture(scope="module")
def straight(tmp_path_factory, tiny, table):
    """An uninterrupted run: its config, names and last checkpoint."""
    folder = tmp_path_factory.mktemp("straight")
    config = replace(tiny, steps=70, batch=2, save_every=1000)
    save_names(table, folder / "names.safetensors")
    run = run_in(folder, config, load_names(folder / "names.safetensors"))
    run.train()
    return config, folder / "names.safetensors", torch.load(run.checkpoint, weights_only=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("workers", "send"), [(0, "kill"), (1, "ctrl-c")])
def test_an_interrupted_run_resumes_to_the_bit(tmp_path, straight, root, start_process, workers, send):
    """The command itself, stopped by a signal between two checkpoints: in this process alone, and with workers."""
    config, names, wanted = straight
    save_config(tmp_path, replace(config, workers=workers))
    env = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    command = ["python", "-m", "part_perception.cli.main", "train", "run", tmp_path, "--names", names,
               "--device", "cpu"]  # fmt: skip
    process = start_process(command, env)
    process.wait_for(" 50/70", 100)
    process.interrupt() if send == "ctrl-c" else process.popen.terminate()
    told = process.wait_for(r"stopped after step (\d+) of 70; the same command continues", 100)
    assert process.wait(60) == 128 + (signal.SIGINT if send == "ctrl-c" else signal.SIGTERM)
    assert "Traceback" not in process.output
    assert 50 <= torch.load(tmp_path / "checkpoint.pt", weights_only=True)["step"] == int(told[1]) < 70
    process = start_process(command, env)
    assert process.wait(100) == 0, process.output
    reached = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert reached["step"] == wanted["step"] == 70
    for which in ("learner", "average"):
        assert all(torch.equal(v, reached[which][k]) for k, v in wanted[which].items())


@pytest.fixture
def usual_signals():
    """Signal handlers as in a fresh process, whatever the libraries of other tests have changed."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_second_signal_ends_at_once(usual_signals):
    before = signal.getsignal(signal.SIGTERM)
    with Interruption() as wish:
        assert wish.signal is None
        signal.raise_signal(signal.SIGTERM)
        assert wish.signal == signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is before
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_interrupted_run_validates_nothing_and_ends_after_its_step(tmp_path, tiny, table, monkeypatch):
    run = run_in(tmp_path, replace(tiny, steps=50, validate=1), table)
    monkeypatch.setattr(run.curriculum, "figures", None)
    losses = run._losses

    def interrupted(batch):
        if run.step == 1:
            signal.raise_signal(signal.SIGTERM)
        return losses(batch)

    monkeypatch.setattr(run, "_losses", interrupted)
    monkeypatch.setattr(run_module, "_LOG_EVERY", 1000)
    run.train()
    assert (run.step, run.interrupted) == (2, signal.SIGTERM)
    assert torch.load(run.checkpoint, weights_only=True)["step"] == 2


def test_another_seed_is_another_run(tmp_path, tiny, table):
    weights = []
    for seed in (0, 1):
        run = run_in(tmp_path / str(seed), replace(tiny, seed=seed, steps=1), table)
        run.train()
        weights.append(run.learner.state_dict()["encoder.language_head.weight"])
    assert not torch.equal(*weights)


def test_worker_processes_make_the_same_batches(tmp_path, tiny, table):
    runs = [run_in(tmp_path / str(n), replace(tiny, steps=2, workers=n), table) for n in (0, 1)]
    for run in runs:
        run.train()
    assert all(torch.equal(v, runs[1].average[k]) for k, v in runs[0].average.items())


def test_validation_changes_nothing_in_what_is_learned(tmp_path, tiny, table):
    told = []
    plain = run_in(tmp_path / "plain", replace(tiny, steps=2), table)
    watched = run_in(
        tmp_path / "watched", replace(tiny, steps=2, validate=1, validation_views=8), table, say=told.append
    )
    plain.train()
    watched.train()
    assert all(torch.equal(v, watched.average[k]) for k, v in plain.average.items())
    assert 0 <= told[-1]["view_miou"] <= 1 and 0 <= told[-1]["view_auroc"] <= 1


def test_a_run_stops_when_its_minutes_are_over_and_keeps_what_it_learned(tmp_path, tiny, table):
    run_in(tmp_path, tiny, table).train(minutes=0)
    resumed = run_in(tmp_path, tiny, table)
    assert resumed.step == 1


def test_a_checkpoint_is_written_whole_or_not_at_all(tmp_path, tiny, table, monkeypatch):
    run = run_in(tmp_path, tiny, table)
    run.train(until=1)
    before = run.checkpoint.read_bytes()

    def fails_half_way(saved, path):
        path.write_bytes(b"half of it")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", fails_half_way)
    with pytest.raises(OSError, match="no space"):
        run.save()
    assert run.checkpoint.read_bytes() == before


def test_a_checkpoint_of_another_network_is_refused(tmp_path, tiny, table):
    run_in(tmp_path, tiny, table).train(until=1)
    with pytest.raises(ValueError, match="different sizes"):
        run_in(tmp_path, replace(tiny, encoder=replace(tiny.encoder, dim=36)), table)


def test_a_run_can_start_from_another(tmp_path, tiny, table):
    first = run_in(tmp_path / "a", replace(tiny, weights=Weights.of_stage("parts")), table)
    first.train()
    second = run_in(tmp_path / "b", replace(tiny, start=str(tmp_path / "a")), table)
    assert second.step == 0
    assert all(torch.equal(v, second.average[k]) for k, v in first.average.items())


def test_a_run_can_start_from_a_model(tmp_path, tiny, table):
    first = run_in(tmp_path / "a", tiny, table)
    first.train()
    publish(tmp_path / "a", tmp_path / "model")
    second = run_in(tmp_path / "b", replace(tiny, start=str(tmp_path / "model")), table)
    same = [k for k in first.average if k.startswith("encoder.") or k in ("log_scale", "bias")]
    assert len(same) > 40 and second.step == 0
    for key in same:
        learned = first.average[key]
        if learned.dtype.is_floating_point:  # matrices are published as float16
            published = learned.half().float() if learned.ndim > 1 else learned
            torch.testing.assert_close(second.average[key], published, rtol=1e-6, atol=1e-6)


def test_config_keeps_everything_and_the_code_version(tmp_path):
    config = TrainConfig(steps=5, data=("a", "b"), weights=Weights(closed=2.0))
    save_config(tmp_path, config)
    assert load_config(tmp_path) == config
    assert json.loads((tmp_path / "config.json").read_text())["code"].startswith("0.")


def test_config_of_an_earlier_version_is_read(tmp_path):
    save_config(tmp_path, TrainConfig(steps=5))
    raw = json.loads((tmp_path / "config.json").read_text())
    for new in ("code", "validate", "validation_views", "start", "data", "share"):
        del raw[new]
    del raw["weights"]["teacher"]
    (tmp_path / "config.json").write_text(json.dumps(raw))
    assert load_config(tmp_path) == TrainConfig(steps=5)


def test_steps_may_change_but_not_the_seed(tmp_path):
    save_config(tmp_path, TrainConfig(steps=7, seed=3))
    assert going_on(tmp_path, steps=9) == TrainConfig(steps=9, seed=3)
    with pytest.raises(ValueError, match="has the seed 3"):
        going_on(tmp_path, seed=4)


def test_rate_rises_then_falls_to_a_hundredth():
    config = TrainConfig(steps=1000, warmup=100, rate=1.0)
    assert rate_at(0, config) == pytest.approx(0.01)
    assert rate_at(99, config) == pytest.approx(1.0)
    assert rate_at(550, config) == pytest.approx(0.505)
    assert rate_at(1000, config) == pytest.approx(0.01)


def test_curves_are_drawn_and_the_later_record_of_a_step_counts(tmp_path):
    lines = [{"step": 50, "rate": 1, "loss": 9.0}, {"step": 100, "rate": 1, "loss": 8.0, "view_miou": 0.3},
             {"step": 50, "rate": 1, "loss": 7.0}]  # fmt: skip
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [r["loss"] for r in progress.read_log(tmp_path)] == [7.0, 8.0]
    from PIL import Image

    assert np.asarray(Image.open(progress.draw_curves(tmp_path))).std() > 5
    with pytest.raises(ValueError, match="no log"):
        progress.read_log(tmp_path / "missing")


def test_the_training_path_needs_no_more_than_a_bare_machine_has(root):
    """Importing training and making a batch brings in none of these: it runs on numpy, scipy, numba and torch."""
    code = (
        "import sys; from part_perception.training import command, batches; from part_perception.cli import train;"
        "from part_perception.encoder.patches import PatchSpec;"
        "batches.make_batch(batches.Recipe(0, 2, PatchSpec(), 64), 0);"
        "bad = {'sklearn', 'tokenizers', 'onnx', 'onnxruntime', 'matplotlib', 'rclpy', 'PIL'};"
        "print(sorted(bad & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=100)
    assert done.stdout.strip() == "[]", done.stderr


ONE_OF_TWO = """
import sys; from pathlib import Path; import torch
from part_perception.training.config import load_config
from part_perception.training.ranks import Ranks
from part_perception.training.run import Run
from part_perception.training.vocabulary import load_names
torch.set_num_threads(1)
folder, ranks = Path(sys.argv[1]), Ranks.join("cpu")
run = Run(folder, load_config(folder), load_names(folder / "names.safetensors"), say=lambda r: None, ranks=ranks)
run.train()
torch.save(dict(run.learner.named_parameters()), folder / f"{ranks.number}.pt")
"""


@pytest.mark.slow
def test_two_processes_learn_one_model(tmp_path, tiny, table, root, start_process):
    """As torchrun starts them: both end with the same weights, which are not those of a lone process."""
    config = replace(tiny, steps=2)
    save_config(tmp_path, config)
    save_names(table, tmp_path / "names.safetensors")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    group = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "PYTHONPATH": str(root)}
    both = [
        start_process(["python", "-c", ONE_OF_TWO, str(tmp_path)], {**os.environ, **group, "RANK": str(i)})
        for i in range(2)
    ]
    for process in both:
        assert process.wait(100) == 0, process.output
    first, second = (torch.load(tmp_path / f"{i}.pt", weights_only=True) for i in (0, 1))
    assert all(torch.equal(first[k], second[k]) for k in first)
    alone = run_in(tmp_path / "alone", config, load_names(tmp_path / "names.safetensors"))
    alone.train()
    assert not torch.equal(dict(alone.learner.named_parameters())["bias"], first["bias"])


def test_a_checkpoint_of_another_optimiser_is_refused_before_anything_changes(tmp_path, tiny, table):
    run = run_in(tmp_path, tiny, table)
    run.train(until=1)
    saved = torch.load(run.checkpoint, weights_only=True)
    torch.save(saved | {"optimiser": {"state": {}, "param_groups": []}}, run.checkpoint)
    with pytest.raises(ValueError, match="earlier optimiser: start a new run"):
        run_in(tmp_path, tiny, table)
