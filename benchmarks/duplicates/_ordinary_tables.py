"""Tables of independent rows, with columns that repeat: places, products, counts.

Each family draws a table and labels from a random generator. Rows that share a level of
a category are alike in what it stands for, as in any table, and no more. "By date" was
accused at first, and mended; "by code" and "by quarter and amount" were drawn after it.
"""

import numpy as np
import pandas as pd


def _normal(rng, n, names, share=0.0):
    """Draw columns that have a factor in common."""
    factor = rng.normal(size=(n, 1))
    noise = rng.normal(size=(n, len(names)))
    return pd.DataFrame(
        np.sqrt(share) * factor + np.sqrt(1 - share) * noise, columns=names
    )


def _label(rng, score, noise=1.0):
    return (score + noise * rng.normal(size=len(score)) > np.median(score)).astype(int)


def _levels(rng, n, n_levels, skew=0.0):
    share = np.arange(1, n_levels + 1.0) ** -skew
    return rng.choice(n_levels, n, p=share / share.sum())


def _effect(rng, level, share):
    """Draw a quantity of which the level explains a share."""
    of_level = rng.normal(size=level.max() + 1)[level]
    return np.sqrt(share) * of_level + np.sqrt(1 - share) * rng.normal(size=len(level))


def zip_codes(rng, n=500):
    zone = _levels(rng, n, 70)
    table = _normal(rng, n, ["age", "rooms", "distance"], 0.2)
    table["zip"] = np.sort(rng.choice(np.arange(10_000, 99_999), 70, False))[zone]
    table["income"] = 40 + 9 * _effect(rng, zone, 0.3)
    table["sex"] = rng.choice(["f", "m"], n)
    return table, _label(rng, table["income"].to_numpy() / 9)


def products(rng, n=600):
    kind = _levels(rng, n, 50, 0.5)
    table = _normal(rng, n, ["basket", "customer_age", "hour"])
    table["product_code"] = [f"P-{1000 + 7 * k}" for k in kind]
    table["price"] = np.round(rng.lognormal(3, 1, 50), 2)[kind]
    table["weight"] = rng.lognormal(0, 1, 50)[kind]
    table["quantity"] = 1 + rng.poisson(2, n)
    table["channel"] = rng.choice(["web", "shop", "phone"], n)
    return table, _label(rng, table["basket"].to_numpy())


def counts(rng, n=500):
    wealth = rng.normal(size=n)
    table = pd.DataFrame(
        {
            "n_visits": rng.poisson(np.exp(1.5 + 0.4 * wealth)),
            "orders": rng.poisson(np.exp(1.8 + 0.6 * wealth)),
            "family_size": 1 + rng.poisson(2, n),
            "customer_age": (45 + 12 * rng.normal(size=n)).round(),
            "session_length": rng.lognormal(3, 1, n).round(),
            "spent": np.exp(3 + wealth + 0.3 * rng.normal(size=n)).round(2),
        }
    )
    return table, _label(rng, wealth)


def survey(rng, n=600):
    answers = _normal(rng, n, [f"q{j}" for j in range(12)], 0.4)
    steps = [5, 7, 11] * 4
    for name, most in zip(answers, steps, strict=True):
        answers[name] = (
            (answers[name] * most / 4 + most / 2).round().clip(1, most).astype(int)
        )
    return answers, _label(rng, answers.sum(axis=1).to_numpy(), 5.0)


def occupations(rng, n=600):
    job = _levels(rng, n, 40)
    table = _normal(rng, n, ["age", "debt"])
    table["occupation"] = np.sort(rng.choice(np.arange(1000, 9999), 40, False))[job]
    for name, share in {"income": 0.4, "hours": 0.2, "education": 0.3}.items():
        table[name] = _effect(rng, job, share)
    return table, _label(rng, table["income"].to_numpy())


def by_class(rng, n=500):
    table = _normal(rng, n, ["a", "b", "c", "d"], 0.3)
    table["colour"] = rng.choice(list("abcdefghijkl"), n)
    y = _label(rng, table["a"].to_numpy(), 0.5)
    order = np.argsort(y, kind="stable")
    return table.iloc[order].reset_index(drop=True), y[order]


def rounded(rng, n=700):
    table = np.exp(_normal(rng, n, [f"m{j}" for j in range(6)], 0.8))
    for name, digits in zip(table, [0, 1, 0, 1, 0, 1], strict=True):
        table[name] = (3 * table[name]).round(digits)
    return table, _label(rng, np.log(table["m1"].to_numpy() + 1))


def topics(rng, n=400):
    topic = _levels(rng, n, 12)
    own = rng.integers(0, 600, size=(12, 40))
    texts = [
        " ".join(f"w{w}" for w in np.r_[rng.choice(own[t], 6), rng.integers(0, 600, 8)])
        for t in topic
    ]
    return pd.DataFrame({"text": texts, "category_id": 100 + topic}), topic % 2


def dates(rng, n=600):
    day = rng.integers(0, 700, n)
    season = np.sin(2 * np.pi * day / 365)
    table = _normal(rng, n, ["a", "b", "c"], 0.2)
    table["temperature"] = 10 + 8 * season + 3 * rng.normal(size=n)
    table["date"] = (pd.Timestamp("2020-01-01") + pd.to_timedelta(day, "D")).strftime(
        "%Y-%m-%d"
    )
    return table, _label(rng, table["a"].to_numpy())


def counters(rng, n=400):
    table = _normal(rng, n, ["x", "y", "z"], 0.3)
    table.insert(0, "row", np.arange(n))
    table["constant"] = 1
    table["hash"] = [f"{v:012x}" for v in rng.integers(0, 2**47, n)]
    table["source"] = "web"
    return table, _label(rng, table["x"].to_numpy())


def clusters(rng, n=600):
    kind = _levels(rng, n, 8)
    centre = 3 * rng.normal(size=(8, 6))
    table = pd.DataFrame(centre[kind] + rng.normal(size=(n, 6))).add_prefix("x")
    table["type"] = kind
    return table, kind % 2


def cities(rng, n=500):
    city = _levels(rng, n, 60, 0.7)
    table = _normal(rng, n, ["area", "rooms", "age", "floor"], 0.3)
    table["city"] = [f"Town {k}" for k in city]
    table["latitude"] = rng.uniform(45, 55, 60)[city].round(2)
    table["population"] = rng.lognormal(11, 1, 60).round()[city]
    table["price"] = _effect(rng, city, 0.4) + table["area"]
    return table, _label(rng, table["price"].to_numpy())


def postcodes(rng, n=600):
    zone = _levels(rng, n, 90, 0.3)
    table = _normal(rng, n, ["bedrooms", "year", "garden"], 0.2)
    table["postcode"] = [f"{'ABCDE'[k % 5]}{k:02d}" for k in zone]
    for name, share in {"price": 0.5, "area": 0.15, "noise": 0.3}.items():
        table[name] = _effect(rng, zone, share)
    return table, _label(rng, table["price"].to_numpy())


def car_models(rng, n=500):
    model = _levels(rng, n, 60, 0.5)
    table = _normal(rng, n, ["km", "year", "owners"], 0.4)
    table["model"] = [f"M{k}" for k in model]
    table["brand"] = [f"B{k // 6}" for k in model]
    for name, share in {"power": 0.9, "weight": 0.9, "price": 0.6}.items():
        table[name] = _effect(rng, model, share)
    return table, _label(rng, table["price"].to_numpy())


def stores(rng, n=700):
    store = _levels(rng, n, 45)
    table = _normal(rng, n, ["promotion", "temperature"])
    table["store_id"] = 100 + store
    table["size"] = rng.lognormal(3, 1, 45)[store]
    table["weekday"] = rng.integers(0, 7, n)
    table["holiday"] = rng.random(n) < 0.05
    table["sales"] = _effect(rng, store, 0.4) + table["promotion"]
    return table, _label(rng, table["sales"].to_numpy())


def songs(rng, n=600):
    key = _levels(rng, n, 12, 0.3)
    table = _normal(rng, n, ["tempo", "loudness", "energy", "valence"], 0.3)
    table["key"] = key
    table["mode"] = (rng.random(n) < 0.4 + 0.03 * key).astype(int)
    table["energy"] += 0.5 * rng.normal(size=12)[key]
    return table, _label(rng, table["energy"].to_numpy())


def grades(rng, n=500):
    talent = rng.normal(size=n)
    table = pd.DataFrame(
        {
            name: (10 + 3.5 * talent + 2.5 * rng.normal(size=n)).round().clip(0, 20)
            for name in ["student_grade", "math", "physics", "essay"]
        }
    )
    table["order_priority"] = rng.integers(1, 13, n)
    table["unit_price"] = rng.lognormal(2, 1, n).round(1)
    return table, _label(rng, talent)


def measured(rng, n=800):
    health = _normal(rng, n, ["age", "bmi", "pressure", "cholesterol", "pulse"], 0.5)
    scale = {
        "age": (50, 14, 1),
        "bmi": (26, 4, 1),
        "pressure": (130, 18, 5),
        "cholesterol": (210, 40, 1),
        "pulse": (72, 10, 2),
    }
    for name, (mean, sd, step) in scale.items():
        health[name] = (step * ((mean + sd * health[name]) / step).round()).astype(int)
    return health, _label(rng, health["age"].to_numpy() / 14)


def agents(rng, n=600):
    agent = _levels(rng, n, 60, 1.0)
    table = _normal(rng, n, ["duration", "scroll", "clicks", "hour"], 0.2)
    table["user_agent"] = [f"Agent/{k}.0" for k in agent]
    table["os"] = np.array([f"os{k}" for k in range(5)])[(agent * 7) % 5]
    table["mobile"] = agent % 3 == 0
    return table, _label(rng, table["clicks"].to_numpy())


def weeks(rng, n=600):
    week = rng.integers(1, 53, n)
    season = np.cos(2 * np.pi * week / 52)
    table = _normal(rng, n, ["wind", "sales"], 0.1)
    table["week"] = week
    table["temperature"] = 10 - 9 * season + 3 * rng.normal(size=n)
    table["rain"] = rng.gamma(2, 1 + 0.5 * np.square(season), n)
    return table, _label(rng, table["temperature"].to_numpy() / 9)


def by_date(rng, n=500):
    table = _normal(rng, n, ["a", "b", "c"], 0.3)
    day = np.sort(rng.integers(0, 300, n))
    table["day"] = (pd.Timestamp("2021-03-01") + pd.to_timedelta(day, "D")).strftime(
        "%d.%m.%Y"
    )
    return table, _label(rng, table["a"].to_numpy())


def _sorted(table, y, keys):
    order = table.sort_values(keys, kind="stable").index.to_numpy()
    return table.loc[order].reset_index(drop=True), y[order]


def by_site_and_age(rng, n=600):
    table = _normal(rng, n, ["age", "pressure", "pulse", "weight"], 0.5)
    table["age"] = (50 + 12 * table["age"]).round()
    table["site"] = _levels(rng, n, 12)
    return _sorted(table, _label(rng, table["pulse"].to_numpy()), ["site", "age"])


def by_code(rng, n=500):
    table = _normal(rng, n, ["a", "b", "c"], 0.3)
    table["lot"] = [f"L{k:04d}" for k in rng.integers(0, 220, n)]
    return _sorted(table, _label(rng, table["a"].to_numpy()), ["lot"])


def by_quarter_and_amount(rng, n=500):
    table = _normal(rng, n, ["balance", "delay", "amount"], 0.6)
    table["quarter"] = [f"Q{k} {2019 + k}" for k in rng.integers(1, 5, n)]
    y = _label(rng, table["delay"].to_numpy())
    return _sorted(table, y, ["quarter", "amount"])


def genes(rng, n=250):
    loadings = rng.normal(size=(5, 150))
    X = rng.normal(size=(n, 5)) @ loadings + 2 * rng.normal(size=(n, 150))
    return pd.DataFrame(X).add_prefix("g"), _label(rng, X[:, 0], 2.0)


def codes_without_name(rng, n=600):
    level = _levels(rng, n, 50)
    table = _normal(rng, n, [f"V{j}" for j in range(5)], 0.2)
    table["V9"] = np.array([f"{k:03d}" for k in rng.permutation(999)[:50]])[level]
    table["V7"] = _effect(rng, level, 0.5)
    table["V8"] = _effect(rng, level, 0.3)
    return table, _label(rng, table["V0"].to_numpy())


def moments(rng, n=500):
    table = _normal(rng, n, ["amount", "balance", "delay"], 0.3)
    table["timestamp"] = 1_600_000_000 + np.cumsum(rng.integers(1, 900, n))
    table["device_type"] = rng.choice([f"d{k}" for k in range(14)], n)
    return table, _label(rng, table["amount"].to_numpy())


def first_names(rng, n=600):
    table = _normal(rng, n, ["a", "b", "c", "d"], 0.3)
    table["first_name"] = [f"Name{k}" for k in _levels(rng, n, 200, 0.8)]
    return table, _label(rng, table["a"].to_numpy())


def _around(rng, centres, n, width, d):
    which = rng.integers(0, len(centres), n)
    X = centres[which] + width * rng.normal(size=(n, d))
    return pd.DataFrame(X).add_prefix("x"), which % 2


def many_clusters(rng, n=600):
    return _around(rng, rng.normal(size=(40, 5)), n, 0.05, 5)


def nested_clusters(rng, n=800):
    centres = rng.normal(size=(10, 1, 4)) + 0.2 * rng.normal(size=(10, 4, 4))
    return _around(rng, centres.reshape(40, 4), n, 0.02, 4)


def unequal_clusters(rng, n=700):
    which = rng.permutation(np.repeat(np.arange(7), [300, 150, 100, 60, 40, 30, 20]))
    width = 10.0 ** rng.uniform(-2, 0, 7)[which, None]
    X = 3 * rng.normal(size=(7, 6))[which] + width * rng.normal(size=(n, 6))
    return pd.DataFrame(X).add_prefix("x"), which % 2


def curve(rng, n=500):
    t = rng.uniform(0, 6, n)
    X = np.column_stack([np.sin(t), np.cos(2 * t), t, np.sin(3 * t), t**2])
    X += 1e-4 * rng.normal(size=X.shape)
    return pd.DataFrame(X).add_prefix("x"), (t > 3).astype(int)


def lattice(rng, n=625):
    X = np.stack(np.meshgrid(*[np.arange(25.0)] * 2), axis=-1).reshape(n, 2)
    X += 0.05 * rng.normal(size=X.shape)
    order = rng.permutation(n)
    return pd.DataFrame(X[order]).add_prefix("x"), rng.integers(0, 2, n)


def heavy_tails(rng, n=600):
    X = rng.standard_cauchy(size=(n, 4)) * rng.standard_cauchy(size=(n, 1))
    return pd.DataFrame(X).add_prefix("x"), (X[:, 0] > 0).astype(int)


def categories_alone(rng, n=600):
    table = pd.DataFrame({f"c{j}": _levels(rng, n, 8, 0.7) for j in range(9)})
    return table.astype(str), rng.integers(0, 2, n)


def one_measurement(rng, n=500):
    x = rng.normal(size=n)
    table = pd.DataFrame({"x": x, "kind": rng.choice(list("abc"), n)})
    return table, _label(rng, x)


CLEAN = {
    "chosen on": (
        zip_codes, products, counts, survey, occupations, by_class, rounded, topics,
        dates, counters, clusters, cities, many_clusters, curve, heavy_tails,
        one_measurement, by_site_and_age,
    ),
    "reported": (
        postcodes, car_models, stores, songs, grades, measured, agents, weeks, by_date,
        genes, codes_without_name, moments, first_names, nested_clusters,
        unequal_clusters, lattice, categories_alone, by_code,
        by_quarter_and_amount,
    ),
}  # fmt: skip
