"""Graphs: ONNX graphs, written node by node, kept in the cache, and run by ONNX Runtime."""
