"""Point cloud files: reads .ply .pcd .npz .npy .xyz and meshes, writes .ply and .npz, mostly with numpy."""

from part_perception.files.cloud import CloudFile
from part_perception.files.clouds import read_cloud, write_cloud

__all__ = ["CloudFile", "read_cloud", "write_cloud"]
