"""Language: words become vectors, from a bank made beforehand or from a live text model."""

from part_perception.language.cleaning import clean, clean_all
from part_perception.language.encoders import TextEncoder, text_encoder
from part_perception.language.templates import TEMPLATES, encode_words

__all__ = ["TEMPLATES", "TextEncoder", "clean", "clean_all", "encode_words", "text_encoder"]
