"""Point cloud files: .ply .pcd .npz .npy .xyz and meshes in, .ply and .npz out, mostly with numpy alone."""

from part_perception.files.cloud import CloudFile
from part_perception.files.clouds import read_cloud, write_cloud

__all__ = ["CloudFile", "read_cloud", "write_cloud"]
