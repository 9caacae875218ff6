"""Documents that say nearly the same: MinHash over word 5-grams, confirmed by their exact overlap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GRAM = 5
THRESHOLD = 0.3  # of the 5-grams of both: reused paragraphs, far above what two releases of one genre share
PERMUTATIONS = 128


def find_near_duplicates(texts: Mapping[str, str], threshold: float = THRESHOLD) -> Iterator[tuple[str, str, float]]:
    """Every pair of ids whose texts share this part of their word 5-grams (Jaccard), with the share.

    Candidates come from locality-sensitive hashing of MinHash signatures (Broder 1997), so that cost grows with the
    number of texts, not of pairs; each is confirmed by its exact share.

    >>> text = "Екі елдің сыртқы істер министрлері Астанада кездесіп, жаңа келісімге қол қойды"
    >>> [pair[:2] for pair in find_near_duplicates({"a": text, "b": text + " деді", "c": "Басқа мәтін"})]
    [('a', 'b')]
    """
    from datasketch import MinHash, MinHashLSH

    grams = {key: _list_grams(text) for key, text in sorted(texts.items())}
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    for key, own in grams.items():
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([" ".join(gram).encode() for gram in sorted(own)])
        for other in sorted(index.query(signature)):
            share = len(own & grams[other]) / len(own | grams[other]) if own | grams[other] else 0.0
            if share >= threshold:
                yield other, key, share
        index.insert(key, signature)


def _list_grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[place : place + GRAM]) for place in range(len(words) - GRAM + 1)}
