"""Fleet: the node's answers for many recordings, as searchable tables."""
