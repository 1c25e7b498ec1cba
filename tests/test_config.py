"""The configuration: every setting is described, checked, and the same in YAML, table and code."""

import pytest

from part_perception.config import DEFAULTS, Config, parameters_table, parameters_yaml, settings
from part_perception.settings import with_values

yaml = pytest.importorskip("yaml")


def test_every_setting_says_what_it_means():
    for setting in settings(DEFAULTS).values():
        assert len(setting.about.text) > 10, setting.name
        if setting.about.low is not None and setting.type in ("int", "float"):
            assert setting.about.low <= setting.value <= setting.about.high, setting.name
        if setting.about.choices:
            assert setting.value in setting.about.choices, setting.name


def test_the_written_file_gives_the_configuration_back():
    config = with_values(DEFAULTS, {"standing_queries": ["handle", "lid"], "scene.crop_min": [0, -1, 0.5]})
    read = yaml.safe_load(parameters_yaml(config))["/**"]["ros__parameters"]
    assert with_values(DEFAULTS, read) == config
    assert set(read) | {s.name for s in settings(config).values() if s.value in ((), None)} == set(
        settings(config)
    )


def test_the_table_has_a_row_for_every_setting():
    rows = parameters_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(settings(DEFAULTS))


def test_settings_that_limit_each_other_change_together():
    config = with_values(DEFAULTS, {"scene.min_range": 5.0, "scene.max_range": 6})
    assert (config.scene.min_range, config.scene.max_range) == (5.0, 6.0)
    assert isinstance(config.scene.max_range, float)
    assert Config() == DEFAULTS, "the original is unchanged"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"no.such": 1}, "there is no setting 'no.such'"),
        ({"tf_timeout": 11}, "tf_timeout must be from 0 to 10"),
        ({"tf_timeout": float("nan")}, "tf_timeout must be from 0 to 10"),
        ({"tf_timeout": True}, "tf_timeout must be of type float"),
        ({"max_queries": 2.0}, "max_queries must be of type int"),
        ({"autostart": 1}, "autostart must be of type bool"),
        ({"input": "radar"}, "input must be one of cloud, rgbd"),
        ({"standing_queries": "handle"}, "standing_queries must be a list of strings"),
        ({"standing_queries": ["handle", " "]}, "standing_queries has an empty text"),
        ({"scene.crop_min": [1.0]}, "scene.crop_min must have three numbers, or none"),
        ({"scene.min_range": 5.0}, "scene.min_range must be at least 0 and less than scene.max_range"),
        ({"gripper.hold": 0.15}, "gripper.hold cannot exceed gripper.finger_length"),
    ],
)
def test_an_invalid_value_is_refused_with_the_reason(values, reason):
    with pytest.raises(ValueError, match=reason):
        with_values(DEFAULTS, values)


def test_an_empty_list_removes_a_limit():
    assert (
        with_values(with_values(DEFAULTS, {"scene.crop_min": [0, 0, 0]}), {"scene.crop_min": []}) == DEFAULTS
    )
