"""Views from Ray actors: the learned weights are the same to the bit as without them, even if one dies."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import psutil
import pytest
import torch

from part_perception.training.config import save_config
from part_perception.training.run import Run
from part_perception.training.vocabulary import load_names, save_names


def makers(node: int) -> list[psutil.Process]:
    """Actors on a Ray node that generate views."""
    found = []
    for each in psutil.Process(node).children(recursive=True):
        try:
            if "_Maker" in " ".join(each.cmdline()):
                found.append(each)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_run_learns_the_same_from_actors_one_of_which_dies(tmp_path, tiny, table, start_ray, start_process):
    names, config = tmp_path / "names.safetensors", replace(tiny, steps=8, save_every=100)
    save_names(table, names)
    plain = Run(tmp_path / "plain", config, load_names(names), say=lambda record: None)
    plain.train()
    head = start_ray(cores=3)
    folder = tmp_path / "of three"
    folder.mkdir()
    save_config(folder, config)
    command = ["python", "-m", "part_perception.cli.main", "train", "run", folder, "--names", names]
    process = start_process(
        [*command, "--device", "cpu", "--views", head.address, "--workers", "3"], env=head.env
    )
    deadline = time.monotonic() + 90
    while len(at_work := makers(head.popen.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    at_work[0].send_signal(signal.SIGKILL)
    assert process.wait(120) == 0, process.output
    reached = torch.load(folder / "checkpoint.pt", weights_only=True)
    assert reached["step"] == 8
    for name, value in plain.average.items():
        assert torch.equal(reached["average"][name], value), name


def test_an_address_without_ray_is_refused_in_one_sentence(tmp_path, tiny, table, start_process):
    pytest.importorskip("ray", reason="this test needs the extra [fleet]")
    names = tmp_path / "names.safetensors"
    save_names(table, names)
    (tmp_path / "run").mkdir()
    save_config(tmp_path / "run", tiny)
    command = ["python", "-m", "part_perception.cli.main", "train", "run", tmp_path / "run", "--names", names]
    process = start_process([*command, "--device", "cpu", "--views", "127.0.0.1:9"])
    assert process.wait(120) == 2
    assert process.lines[-1].startswith("part-perception: there is no Ray at 127.0.0.1:9: ")
    assert "Traceback" not in process.output
