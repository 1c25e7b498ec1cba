"""Word lists: small closed classes of words that decide how a question is read."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Two of these before one noun make one thing: "black and white button".
ADJECTIVES = _words("""
red green blue yellow black white gray grey brown orange pink purple silver golden dark bright
big large small tiny long short thick thin wide narrow round flat square curved straight hollow sharp soft hard
heavy light old new wooden metal plastic rubber steel
""")

# Little words that English does not have; "die" and "van" are things.
OTHER_TONGUES = _words("""
der das den dem ein eine einen und mit von zum zur wo ist
le la les du des une est avec sur ou dans
el los las del una donde esta con por para il lo gli della di che
het een waar och og er
""")

# What they mean depends on where somebody points.
POINTED_AT = _words("the a an it this that them these those here there something anything everything")
NO_OWNER = POINTED_AT | _words("object thing item one")
WHOLE = _words("part piece whole")
SIDES = _words("left right top bottom front back side inside outside")

# Words of frames, which names need not have.
FRAME_WORDS = _words("""
where what which does have that this these those with from find show tell point locate please could would should
thank thanks need want looking there here part called belongs belonging attached named know
""")
