"""Language tests share one built graph, and keep everything else that is cached to themselves."""

import shutil

import pytest

from part_perception.language.minilm import MiniLM


@pytest.fixture(scope="session")
def built_cache(tmp_path_factory):
    """A cache folder in which the text model was built once."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PART_PERCEPTION_CACHE", str(folder))
        MiniLM.load()
    return folder


@pytest.fixture
def cache(built_cache, tmp_path, monkeypatch):
    """A cache folder of the test's own, with the text model in it."""
    folder = tmp_path / "cache"
    shutil.copytree(built_cache, folder)
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(folder))
    return folder
