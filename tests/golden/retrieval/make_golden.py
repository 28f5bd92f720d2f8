"""Golden values of the retrieval metrics, from an implementation of its own.

Written from the definitions (revisitop's and DISC21's papers), by sorting whole lists, where the app counts without
sorting. Needs numpy only:

    python3 tests/golden/retrieval/make_golden.py
"""

import json
import os

import numpy as np


def ordered(scores, relevance):
    """Best first; of equal scores the wrong ones first. relevance: 1 right, 0 wrong, -1 junk."""
    return sorted(range(len(scores)), key=lambda i: (-scores[i], relevance[i] == 1))


def judged(scores, relevance):
    """Right or wrong in the order of the ranking, junk taken out."""
    return np.array([relevance[i] == 1 for i in ordered(scores, relevance) if relevance[i] != -1], dtype=bool)


def plain_ap(hits):
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].sum() / hits.sum())


def trapezoidal_ap(hits):
    """Area under the polyline through (recall, precision) before and after each right answer."""
    total = hits.sum()
    area = 0.0
    for position in np.flatnonzero(hits):
        seen = hits[:position].sum()
        left = 1.0 if position == 0 else seen / position
        right = (seen + 1) / (position + 1)
        area += (left + right) / 2 / total
    return float(area)


def precision_at(hits, k):
    return float(hits[:k].sum() / k)


def revisited_precision_at(hits, k):
    last = np.flatnonzero(hits)[-1] + 1
    k = min(k, last)
    return float(hits[:k].mean())


def recall_at(hits, k):
    return float(hits[:k].any())


def curve(hits, positives):
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    found = np.cumsum(hits)
    points = []
    for level in range(101):
        reached = precision[found * 100 >= level * positives]
        if len(reached) and found[-1] > 0:
            points.append([level / 100, float(reached.max())])
    return points


KS = [1, 5, 10]


def query_case(name, scores, relevance):
    scores, relevance = [float(s) for s in scores], [int(r) for r in relevance]
    case = {"name": name, "scores": scores, "relevance": relevance}
    hits = judged(scores, relevance)
    if not hits.any():
        return {**case, "expected": None}
    return {
        **case,
        "expected": {
            "ranks": np.flatnonzero(hits).tolist(),
            "plain": plain_ap(hits),
            "trapezoidal": trapezoidal_ap(hits),
            "precisionAt": {k: precision_at(hits, k) for k in KS},
            "revisitedPrecisionAt": {k: revisited_precision_at(hits, k) for k in KS},
            "recallAt": {k: recall_at(hits, k) for k in KS},
            "curve": curve(hits, hits.sum()),
        },
    }


def pooled_case(name, scores, relevance, positives):
    """DISC21: all pairs in one list. `positives` is at least the number of right pairs in it."""
    scores, relevance = [float(s) for s in scores], [int(r) for r in relevance]
    order = ordered(scores, relevance)
    hits = judged(scores, relevance)
    sorted_scores = np.array(scores)[order]
    ntp = np.cumsum(hits)
    precision = ntp / np.arange(1, len(hits) + 1)
    recall = ntp / positives
    micro = float((np.diff(np.concatenate([[0.0], recall])) * precision).sum())
    good = (precision >= 0.9) & (ntp > 0)
    point = None
    if good.any():
        best = np.flatnonzero(good)[np.argmax(recall[good])]
        point = {"recall": float(recall[best]), "threshold": float(sorted_scores[best])}
    return {
        "name": name,
        "scores": scores,
        "relevance": relevance,
        "positives": int(positives),
        "expected": {"microAp": micro, "recallAtPrecision90": point},
    }


def main():
    rng = np.random.default_rng(20261124)
    queries = [
        query_case("one right answer in front", [0.9, 0.5, 0.1], [1, 0, 0]),
        query_case("one right answer at the end", [0.1, 0.5, 0.9], [1, 0, 0]),
        query_case("all right", [0.3, 0.2, 0.1], [1, 1, 1]),
        query_case("a tie counts against", [0.5, 0.5, 0.5, 0.1], [1, 0, 0, 0]),
        query_case("everything equal", [0.5] * 12, [1, 0] * 6),
        query_case("junk in front", [0.9, 0.8, 0.7, 0.6], [-1, -1, 1, 0]),
        query_case("junk between, tied with both", [0.9, 0.7, 0.7, 0.7, 0.2, 0.1], [0, -1, 1, 0, 1, -1]),
        query_case("no right answer", [0.9, 0.5], [0, -1]),
        query_case("only junk", [0.9, 0.5], [-1, -1]),
        query_case("a single image, right", [0.4], [1]),
        query_case("negative scores", [-0.1, -0.2, -0.9, -0.3], [0, 1, 1, 0]),
    ]
    for n in range(12):
        rows = int(rng.integers(5, 120))
        # Rounded, so that there are ties.
        scores = np.round(rng.uniform(-1, 1, rows), int(rng.integers(1, 4)))
        relevance = rng.choice([1, 0, -1], rows, p=[0.2, 0.65, 0.15])
        queries.append(query_case(f"random {n}", scores, relevance))

    pooled = [
        pooled_case("perfect", [0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], 2),
        pooled_case("one right pair was not found", [0.9, 0.8, 0.2], [1, 0, 1], 3),
        pooled_case("one score for all", [0.5] * 20, [1] * 10 + [0] * 10, 10),
        pooled_case("precision is never 90 %", [0.9, 0.8, 0.7], [0, 1, 1], 2),
        pooled_case("exactly 90 %", [1 - i / 100 for i in range(10)] + [0.1], [1] * 8 + [0, 1, 0], 9),
        pooled_case("a tie just where it is decided", [0.9, 0.5, 0.5, 0.5, 0.4], [1, 0, 1, 1, 1], 4),
        pooled_case("no right pair was found", [0.9, 0.5], [0, 0], 3),
    ]
    for n in range(8):
        pairs = int(rng.integers(30, 400))
        relevance = (rng.uniform(size=pairs) < 0.3).astype(int)
        noise = float(rng.uniform(0.1, 1.2))
        scores = np.round(relevance * 0.8 + rng.normal(0, noise, pairs), int(rng.integers(1, 4)))
        pooled.append(pooled_case(f"random {n}", scores, relevance, relevance.sum() + int(rng.integers(0, 4))))

    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json")
    with open(file, "w") as out:
        json.dump({"k": KS, "queries": queries, "pooled": pooled}, out, separators=(",", ":"))
        out.write("\n")


main()
