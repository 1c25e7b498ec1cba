"""Engine cache: an engine is built once, by one process, stored whole, and never mistaken for another."""

import contextlib
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from part_perception.encoder.runtimes.engine_cache import EngineCache, EngineKey, announced

KEY = EngineKey("ab" * 32, "tensorrt 10.9.0", "Orin", "8.7", "fp16", "batch (1, 4, 16)")


class Builder:
    """Counts its builds."""

    def __init__(self, engine=b"an engine"):
        self.engine = engine
        self.built = 0

    def __call__(self) -> bytes:
        self.built += 1
        return self.engine


def served(engine: bytes) -> str:
    """Loads an engine as a library does: only its own."""
    if not engine.startswith(b"an engine"):
        raise RuntimeError("deserialisation failed")
    return engine.decode()


@pytest.fixture
def cache(tmp_path):
    return EngineCache(tmp_path / "engines")


def test_an_engine_is_built_once_and_described(cache):
    build = Builder()
    assert [cache.fetch(KEY, build, served) for _ in range(3)] == ["an engine"] * 3
    assert build.built == 1
    path, side = cache.paths(KEY)
    note = json.loads(side.read_text())
    assert path.read_bytes() == b"an engine"
    assert note["key"]["device"] == "Orin" and note["key"]["precision"] == "fp16" and note["bytes"] == 9


@pytest.mark.parametrize("field", ["graph", "runtime", "device", "capability", "precision", "shapes"])
def test_any_difference_makes_another_engine(cache, field):
    build = Builder()
    cache.fetch(KEY, build, served)
    cache.fetch(replace(KEY, **{field: "other"}), build, served)
    assert build.built == 2


@pytest.mark.parametrize("spoilt", [b"", b"\x00" * 9, b"an engine of another", b"\xde\xad\xbe\xef" * 1000])
def test_a_damaged_engine_is_rebuilt(cache, spoilt, caplog):
    build = Builder()
    cache.fetch(KEY, build, served)
    cache.paths(KEY)[0].write_bytes(spoilt)
    assert cache.fetch(KEY, build, served) == "an engine"
    assert build.built == 2
    assert "is damaged and is rebuilt" in caplog.text
    assert cache.paths(KEY)[0].read_bytes() == b"an engine"


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[]", b"\xff\xff"])
def test_a_damaged_side_file_is_rebuilt(cache, spoilt):
    build = Builder()
    cache.fetch(KEY, build, served)
    cache.paths(KEY)[1].write_bytes(spoilt)
    assert cache.fetch(KEY, build, served) == "an engine"
    assert build.built == 2


def test_an_engine_of_another_key_under_this_name_is_rebuilt(cache, caplog):
    other = replace(KEY, device="Xavier")
    cache.fetch(other, Builder(b"an engine of Xavier"), served)
    for mine, others in zip(cache.paths(KEY), cache.paths(other), strict=True):
        others.rename(mine)
    assert cache.fetch(KEY, Builder(), served) == "an engine"
    assert "was built for something else and is rebuilt" in caplog.text


def test_an_engine_that_no_longer_fits_is_rebuilt_and_rechecked(cache, caplog):
    cache.fetch(KEY, Builder(b"old"), bytes.decode)
    build = Builder()
    assert cache.fetch(KEY, build, served) == "an engine"
    assert build.built == 1
    assert "does not fit and is rebuilt: deserialisation failed" in caplog.text


def test_a_new_engine_that_does_not_fit_is_an_error_and_not_stored(cache):
    with pytest.raises(RuntimeError, match="deserialisation failed"):
        cache.fetch(KEY, Builder(b"bad"), served)
    assert not cache.paths(KEY)[0].exists()


def test_a_failed_build_leaves_the_lock_free(cache):
    def fail():
        raise ValueError("no workspace")

    with pytest.raises(ValueError, match="no workspace"):
        cache.fetch(KEY, fail, served)
    assert cache.fetch(KEY, Builder(), served) == "an engine"


def test_without_a_folder_the_engine_is_built_each_time(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cache, build = EngineCache(tmp_path / "file" / "engines"), Builder()
    assert [cache.fetch(KEY, build, served) for _ in range(2)] == ["an engine"] * 2
    assert build.built == 2
    assert "no lock can be made" in caplog.text and "cannot be stored" in caplog.text


@pytest.fixture
def small_disk(tmp_path):
    """A file system with room for 64 KiB; the test is skipped where mounting is not allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_on_a_full_disk_the_engine_is_built_each_time_and_no_pieces_stay(small_disk, caplog):
    cache, build = EngineCache(small_disk / "engines"), Builder(b"an engine" + bytes(100_000))
    for _ in range(2):
        assert cache.fetch(KEY, build, len) == 100_009
    assert build.built == 2
    assert "No space left on device" in caplog.text and "it is rebuilt at every start" in caplog.text
    assert [p.name for p in cache.folder.iterdir()] == [f"{KEY.name}.lock"]


def test_on_a_completely_full_disk_the_engine_is_built_without_a_lock(small_disk, caplog):
    with contextlib.suppress(OSError), open(small_disk / "filling", "wb") as file:
        while file.write(bytes(4096)):
            file.flush()
    cache, build = EngineCache(small_disk / "engines"), Builder()
    assert [cache.fetch(KEY, build, served) for _ in range(2)] == ["an engine"] * 2
    assert build.built == 2 and "cannot be stored" in caplog.text


def test_with_a_limit_on_file_size_the_engine_is_built_each_time(tmp_path):
    """Like a quota, for any user; the limit holds for a separate process."""
    program = f"""
import resource
from tests.encoder.test_engine_cache import KEY, Builder, EngineCache
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
cache, build = EngineCache(__import__("pathlib").Path({str(tmp_path / "engines")!r})), Builder(bytes(100_000))
print([cache.fetch(KEY, build, len) for _ in range(2)], build.built)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[100000, 100000] 2", done.stderr
    assert done.stderr.count("File too large") == 2
    assert [p.name for p in (tmp_path / "engines").iterdir()] == [f"{KEY.name}.lock"]


def test_engines_in_a_read_only_folder_are_used():
    """Engines baked into an image, run by a user who may not write there."""
    if os.geteuid():
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as home:  # only pytest's user may enter its folders
        os.chmod(home, 0o755)
        engines = Path(home) / "engines"
        EngineCache(engines).fetch(KEY, Builder(), served)
        program = f"""
import os
from tests.encoder.test_engine_cache import KEY, Builder, EngineCache, Path, replace, served
os.setuid(65534)
cache, build = EngineCache(Path({str(engines)!r})), Builder()
print(cache.fetch(KEY, build, served), build.built)
print(cache.fetch(replace(KEY, precision="fp32"), build, served), build.built)
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["an engine 0", "an engine 1"], done.stderr
    assert "no lock can be made" in done.stderr and "cannot be stored" in done.stderr


def build_in_process(folder: str, ready, tally: str, out) -> None:
    def build() -> bytes:
        with open(tally, "a") as file:
            file.write("built\n")
        return b"an engine"

    ready.wait(60)
    out.put(EngineCache(Path(folder)).fetch(KEY, build, served))


def test_processes_that_start_at_once_build_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, out = context.Barrier(3), context.Queue()
    job = (str(tmp_path / "engines"), ready, str(tmp_path / "tally"), out)
    processes = [context.Process(target=build_in_process, args=job) for _ in range(3)]
    for process in processes:
        process.start()
    assert [out.get(timeout=90) for _ in processes] == ["an engine"] * 3
    for process in processes:
        process.join(30)
    assert (tmp_path / "tally").read_text() == "built\n"


def build_for_ever(folder: str, begun) -> None:
    def build() -> bytes:
        begun.set()
        threading.Event().wait()
        return b""

    EngineCache(Path(folder)).fetch(KEY, build, served)


def test_a_process_that_is_killed_while_it_builds_frees_the_lock(cache):
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=build_for_ever, args=(str(cache.folder), begun))
    process.start()
    assert begun.wait(60)
    process.kill()
    process.join(30)
    assert cache.fetch(KEY, Builder(), served) == "an engine"


def test_a_process_that_waits_for_another_says_so(cache, caplog):
    """The other process holds the lock until it has heard that we are waiting."""
    waiting, built = threading.Event(), threading.Event()

    class Ear(logging.Handler):
        def emit(self, record):
            if "waiting for another process" in record.getMessage():
                waiting.set()

    log = logging.getLogger("part_perception")
    ear = Ear()
    log.addHandler(ear)

    def slow() -> bytes:
        built.set()
        assert waiting.wait(30)
        return b"an engine"

    with caplog.at_level(logging.INFO, "part_perception"):
        other = threading.Thread(target=cache.fetch, args=(KEY, slow, served))
        other.start()
        assert built.wait(30)
        second = Builder()
        assert cache.fetch(KEY, second, served) == "an engine"
        other.join(30)
    log.removeHandler(ear)
    assert second.built == 0


def test_progress_is_logged_while_building(caplog):
    twice = threading.Event()

    class Ear(logging.Handler):
        def emit(self, record):
            if "so far" in record.getMessage() and record.args[-1] >= 0.02:
                twice.set()

    log = logging.getLogger("part_perception")
    ear = Ear()
    log.addHandler(ear)
    with caplog.at_level(logging.INFO, "part_perception"), announced("building", every=0.01):
        assert twice.wait(30)
    log.removeHandler(ear)
    assert caplog.messages[0] == "building"
