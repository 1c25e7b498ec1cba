"""Fleet: the node's answers over many recordings, as tables that can be searched."""
