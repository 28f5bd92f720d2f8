"""A small ground truth in the shape of gnd_roxford5k.pkl, with both kinds of lists that such pickles hold.

    python3 tests/golden/retrieval/make_revisited.py
"""

import os
import pickle

import numpy as np

folder = os.path.dirname(os.path.abspath(__file__))
images = ["all_souls_000000", "all_souls_000001", "bodleian_000000", "christ.church_000003", "radcliffe_000009"]
truth = {
    "imlist": images,
    "qimlist": ["all_souls_000013", "bodleian_000107"],
    "gnd": [
        {"bbx": [136.5, 34.1, 648.5, 955.7], "easy": [0], "hard": [1], "junk": [3]},
        {
            "bbx": np.array([1.0, 2.0, 30.0, 40.0]),
            "easy": np.array([], dtype=np.int64),
            "hard": np.array([2, 4]),
            "junk": np.array([1], dtype=np.int32),
        },
    ],
}
for protocol in (2, 4):
    with open(os.path.join(folder, f"gnd_small_p{protocol}.pkl"), "wb") as out:
        pickle.dump(truth, out, protocol=protocol)
with open(os.path.join(folder, "gnd_scalars.pkl"), "wb") as out:
    pickle.dump({**truth, "gnd": [{**g, "bbx": [np.float64(v) for v in g["bbx"]]} for g in truth["gnd"]]}, out, protocol=2)
