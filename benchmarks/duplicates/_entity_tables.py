"""Tables of entities with several rows each, whose column has all kinds of names.

Each family draws a table and labels from a random generator.
"""

import numpy as np
import pandas as pd


def _sizes(rng, n, mean, *, equal):
    if equal:
        return np.full(n, mean)
    return 1 + rng.geometric(1 / mean, n)


def _readings(rng, *, n=100, each=4, noise=0.7, d=6, equal=True, shared=None):
    """Draw readings of entities; of some columns alone, if ``shared`` says how many."""
    who = rng.permutation(np.repeat(np.arange(n), _sizes(rng, n, each, equal=equal)))
    own = rng.normal(size=(n, d))
    own[:, d if shared is None else shared :] = 0
    X = own[who] + noise * rng.normal(size=(who.size, d))
    table = pd.DataFrame(X).add_prefix("x")
    return table, rng.integers(0, 2, n)[who], who


def _numbered(rng, who, low=100, high=9000):
    return rng.permutation(np.arange(low, high))[: who.max() + 1][who]


def _hex(rng, who):
    return np.array([f"{v:012x}" for v in rng.integers(0, 2**47, who.max() + 1)])[who]


def subj_nr(rng):
    X, y, who = _readings(rng, n=40, each=8, equal=False)
    return X.assign(subj_nr=who + 1), y


def mrn(rng):
    X, y, who = _readings(rng, n=200, each=2, noise=0.5)
    return X.assign(MRN=_numbered(rng, who, 10_000, 99_999)), y


def kunde(rng):
    X, y, who = _readings(rng, n=80, each=5, shared=3)
    return X.assign(kunde=[f"Frau {k}" for k in who]), y


def uid(rng):
    X, y, who = _readings(rng, equal=False)
    return X.assign(uid=_hex(rng, who)), y


def crops(rng):
    X, y, who = _readings(rng, n=90, each=4, d=12, noise=0.5)
    nth = pd.Series(who).groupby(who).cumcount()
    names = [f"img{w}_crop{k}.png" for w, k in zip(who, nth, strict=True)]
    return X.assign(filename=names), y


def float_with_holes(rng):
    X, y, who = _readings(rng, n=90, each=4)
    number = _numbered(rng, who).astype(float)
    number[rng.random(who.size) < 0.1] = np.nan
    return X.assign(pat_no=number), y


def category(rng):
    X, y, who = _readings(rng, n=20, each=30, noise=1.5)
    return X.assign(speaker=pd.Categorical([f"s{w}" for w in who])), y


def polars_frame(rng):
    import polars as pl

    X, y, who = _readings(rng, each=3)
    return pl.from_dict(X.assign(participant=who).to_dict("list")), y


def patienten_id(rng):
    X, y, who = _readings(rng, n=60, each=5, equal=False)
    return X.assign(**{"Patienten-ID": _numbered(rng, who)}), y


def hashed(rng):
    X, y, who = _readings(rng, n=150, each=2, noise=0.5, equal=False)
    return X.assign(hash=_hex(rng, who)), y


def serial(rng):
    X, y, who = _readings(rng, n=30, each=15, noise=1.2)
    return X.assign(**{"device serial": [f"SN-{7 * w:05d}" for w in who]}), y


def folders(rng):
    X, y, who = _readings(rng, n=80, each=5, d=12, noise=0.5)
    nth = pd.Series(who).groupby(who).cumcount()
    paths = [f"data/img_{w:04d}/{k:02d}.png" for w, k in zip(who, nth, strict=True)]
    return X.assign(img_path=paths), y


def without_name(rng):
    X, y, who = _readings(rng, n=100, each=6)
    return X.assign(V1=_numbered(rng, who)), y


def rising(rng):
    X, y, who = _readings(rng, n=100, each=3)
    order = np.argsort(who, kind="stable")
    return X.assign(id=who + 1).iloc[order].reset_index(drop=True), y[order]


def objects(rng):
    X, y, who = _readings(rng, n=90, each=4)
    return X.assign(usuario=pd.Series(_numbered(rng, who), dtype=object)), y


def very_unequal(rng):
    X, y, who = _readings(rng, n=80, each=3)
    extra, label, of = _readings(rng, n=2, each=100)
    table = pd.concat([X, extra], ignore_index=True)
    return table.assign(id_sujeto=np.r_[who, 80 + of]), np.r_[y, label]


def accents(rng):
    X, y, who = _readings(rng, n=70, each=5)
    return X.assign(**{"código_paciente": [f"ES{w}" for w in who]}), y


def customer_number(rng):
    X, y, who = _readings(rng, n=90, each=5, d=8, shared=2)
    return X.assign(Kundennummer=_numbered(rng, who)), y


def one_column(rng):
    X, y, who = _readings(rng, n=60, each=8, d=8, shared=1)
    return X.assign(Schüler=_numbered(rng, who)), y


GUILTY = {
    "chosen on": (
        subj_nr, mrn, kunde, uid, crops, float_with_holes, category, polars_frame,
    ),
    "reported": (
        patienten_id, hashed, serial, folders, without_name, rising, objects,
        very_unequal, accents, customer_number, one_column,
    ),
}  # fmt: skip
