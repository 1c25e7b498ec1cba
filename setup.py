"""One package for pip and for ament_python: the command, the node, and the files they need."""

import re
from pathlib import Path

from setuptools import find_packages, setup

NAME = "part_perception"
HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / NAME / "__init__.py").read_text()).group(1)
SHIPPED = ("models", "launch")  # top folders; an installation has them inside the package: _models, _launch


def files_below(folder: str) -> list[str]:
    """All files below a folder, relative to it."""
    return [str(p.relative_to(HERE / folder)) for p in sorted((HERE / folder).rglob("*")) if p.is_file()]


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """The same files for share/part_perception, where ROS tools look."""
    by_folder: dict[str, list[str]] = {}
    for file in files_below(folder):
        path = Path(folder) / file
        by_folder.setdefault(f"share/{NAME}/{path.parent}", []).append(str(path))
    return sorted(by_folder.items())


present = [folder for folder in SHIPPED if (HERE / folder).is_dir()]
setup(
    name=NAME,
    version=VERSION,
    description="Named parts of objects from a live depth camera: where to grasp, and an honest 'not there'.",
    license="Apache-2.0",
    maintainer="part_perception maintainers",
    maintainer_email="maintainers@users.noreply.github.com",
    python_requires=">=3.10",
    packages=[*find_packages(include=[NAME, f"{NAME}.*"]), *(f"{NAME}._{folder}" for folder in present)],
    package_dir={f"{NAME}._{folder}": folder for folder in present},
    package_data={NAME: ["py.typed"], **{f"{NAME}._{folder}": files_below(folder) for folder in present}},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared("launch"),
    ],
    zip_safe=False,
    install_requires=[
        "matplotlib>=3.6",
        "numba>=0.57",
        "numpy>=1.21",
        "onnx>=1.14",
        "onnxruntime>=1.17",
        "pillow>=10.1",
        "psutil>=5.9",
        "rosbags>=0.10",
        "safetensors>=0.4",
        "scikit-learn>=1.2",
        "scipy>=1.9",
        "tokenizers>=0.15",
    ],
    extras_require={
        "train": ["torch>=2.6"],
        "fleet": ["fsspec>=2023.1", "pyarrow>=15", "ray>=2.9"],
        "s3": ["s3fs>=2023.1"],
        "mesh": ["trimesh>=4"],
        "las": ["laspy[lazrs]>=2.4"],
        "completion": ["argcomplete>=3"],
        "view": ["viser>=1.1,<2"],
        "transports": ["DracoPy>=2", "zstandard>=0.19"],
        "hub": ["huggingface_hub"],
        "text-openclip": ["open-clip-torch>=2.30,<4"],
        "openvino": ["openvino>=2024.0"],
        "test": ["hypothesis", "mypy", "pytest", "pytest-timeout", "pyyaml", "ruff"],
    },
    entry_points={
        "console_scripts": [
            "part-perception = part_perception.cli.main:main",
            "part_perception_node = part_perception.cli.node:main",
        ]
    },
)
