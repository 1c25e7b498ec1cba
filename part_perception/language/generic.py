"""Generic names: words that fit a part of most objects, so that such a part is never safely absent."""

# Most objects have such a part.
GENERIC = frozenset({"body", "base", "frame", "head", "top", "bottom", "side"})
# Most objects have something that may be called this.
LOOSELY_GENERIC = GENERIC | {"end", "middle", "main", "piece", "surface", "front", "back", "edge"}
