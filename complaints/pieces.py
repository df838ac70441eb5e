"""Text cut into two-character pieces, so that any two characters of Chinese can be searched by index. No queries here.

A word of letters and digits is one piece; a run of Chinese gives each pair of neighbours, and each character alone only
when the run is one character long. Why pieces and not trigrams: docs/decisions/0003.
"""

import re
import unicodedata
from functools import lru_cache

# A tsvector holds 1 MB at most; a narrative may be longer. What lies beyond is kept and shown, but not searched.
INDEXED_CHARACTERS = 40_000
MOST_PIECES = 20_000
LONGEST_WORD = 60

# CJK ideographs with extensions A to H, compatibility ideographs; everything outside the BMP in planes 2 and 3.
_RUNS = re.compile(r"([㐀-䶿一-鿿豈-﫿\U00020000-\U0003FFFF]+)|([0-9a-z]+)")


def _runs(text: str) -> list[tuple[str, str]]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text[:INDEXED_CHARACTERS]).lower())


def pieces(*texts: str) -> list[str]:
    """The pieces of all texts, each once, in order of appearance; `MOST_PIECES` at the most."""
    found: dict[str, None] = {}
    for text in texts:
        for chinese, word in _runs(text):
            if word:
                found[word[:LONGEST_WORD]] = None
            elif len(chinese) == 1:
                found[chinese] = None
            else:
                for start in range(len(chinese) - 1):
                    found[chinese[start : start + 2]] = None
        if len(found) > MOST_PIECES:
            return list(found)[:MOST_PIECES]
    return list(found)


@lru_cache(maxsize=512)
def query_pieces(words: str) -> tuple[str, ...]:
    """The pieces that a text must all hold to be found by `words`; empty when nothing can be searched."""
    return tuple(pieces(words))
