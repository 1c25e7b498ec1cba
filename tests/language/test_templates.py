"""Templates: what is said to the encoder, and how the answers are averaged."""

import numpy as np
import pytest

from part_perception.language import TEMPLATES, encode_words


class Said:
    """An encoder that writes down what it is asked, and answers with given vectors."""

    name, dim = "said", 2

    def __init__(self, vectors):
        self.vectors, self.texts = vectors, []

    def encode(self, texts):
        self.texts = list(texts)
        return np.array([self.vectors[text] for text in texts])


def test_each_word_is_said_in_each_template_and_averaged():
    encoder = Said({"lid": [2, 0], "a lid": [0, 5], "lid part": [3, 4]})
    vectors = encode_words(["lid"], encoder)
    assert TEMPLATES == ("{}", "a {}", "{} part")
    assert encoder.texts == ["lid", "a lid", "lid part"]
    mean = np.array([1 + 0 + 0.6, 0 + 1 + 0.8])
    np.testing.assert_allclose(vectors, [mean / np.linalg.norm(mean)], atol=1e-6)
    assert vectors.dtype == np.float32


def test_other_templates_and_several_words():
    encoder = Said({"the lid": [0, 1], "the cup": [1, 0]})
    np.testing.assert_allclose(encode_words(["lid", "cup"], encoder, ["the {}"]), [[0, 1], [1, 0]])


def test_no_words_give_no_vectors():
    assert encode_words([], Said({})).shape == (0, 2)


@pytest.mark.parametrize("templates", ["{}", [], ["a"], ["{} {}"], [3]])
def test_bad_templates_are_refused(templates):
    with pytest.raises(ValueError, match="template"):
        encode_words(["lid"], Said({}), templates)
