"""Language: turns words into vectors, from a prebuilt bank or a live text model."""

from part_perception.language.bank import TextBank, build_bank
from part_perception.language.encoders import TEMPLATES, TextEncoder, encode_words, text_encoder
from part_perception.language.english import clean, clean_all
from part_perception.language.language import Language, shipped_bank_path

__all__ = [
    "TEMPLATES",
    "Language",
    "TextBank",
    "TextEncoder",
    "build_bank",
    "clean",
    "clean_all",
    "encode_words",
    "shipped_bank_path",
    "text_encoder",
]
