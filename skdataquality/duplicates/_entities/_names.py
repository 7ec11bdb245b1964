"""What a column's name says of its values: :func:`kind_of_name`."""

import re

from skdataquality.utils._frames import WHO, is_called_id

_THINGS = {
    "animal", "device", "family", "herd", "household", "machine", "sensor", "tier",
    "vehicle",
}  # fmt: skip
_ENTITIES = {
    *WHO, "author", "clip", "dog", "donor", "driver", "image", "img", "individual",
    "mouse", "participant", "photo", "photograph", "player", "proband", "record",
    "recording", "respondent", "scene", "seller", "speaker", "specimen", "subj",
    "thread", "username", "video", "volunteer", "writer",
    # in German, French, Spanish, Italian, Portuguese, Dutch
    "autor", "benutzer", "bild", "kunde", "kundin", "nutzer", "patientin", "schüler",
    "sprecher", "teilnehmer", "vpn",
    "auteur", "élève", "locuteur", "participante", "personne", "sujet", "utilisateur",
    "alumno", "autora", "cliente", "hablante", "paciente", "persona", "sujeto",
    "usuario", "usuária", "usuário",
    "autore", "paziente", "soggetto", "utente",
    "deelnemer", "gebruiker", "klant", "leerling", "patiënt",
    # in Russian, Chinese, Japanese
    "клиент", "пациент", "пользователь", "客户", "患者", "用户", "学生",
} - _THINGS  # fmt: skip
_UNITS = {
    "batch", "clinic", "company", "farm", "firm", "group", "grp", "hospital", "key",
    "lot", "plant", "school", "shop", "site", "station", "store", "supplier",
    "unit", "vendor",
}  # fmt: skip
_CATEGORIES = {
    "agent", "brand", "browser", "category", "city", "class", "color", "colour",
    "country", "county", "currency", "department", "diagnosis", "district", "genre",
    "grade", "industry", "job", "kind", "language", "level", "make", "model",
    "occupation", "plz", "postal", "postcode", "product", "profession", "region",
    "sector", "sku", "species", "state", "status", "town", "type", "zip", "zipcode",
}  # fmt: skip
_MEASURES = {
    "age", "amount", "area", "avg", "balance", "cost", "count", "date", "day", "days",
    "depth", "distance", "duration", "height", "hour", "hours", "income", "length",
    "mean", "month", "months", "n", "num", "percent", "price", "priority", "rate",
    "rating", "ratio", "revenue", "salary", "sales", "score", "share", "sex", "since",
    "size", "speed", "sum", "temperature", "time", "total", "value", "volume", "weight",
    "width", "year", "years",
}  # fmt: skip
_NUMBERED = {"file", "filename", "filepath", "mrn", "nr", "path", "serial", "uid"}
_ENDING = re.compile(r"(e?s|e?n|in|innen)?(nr|nummer|no|number|id|code|name)?")
ENTITY, UNIT, CATEGORY = "entity", "unit", "category"


def kind_of_name(name, *, counts=False):
    """Return what a name says that the values of a column stand for, None for nothing.

    ENTITY: those of whom there are several rows. UNIT: what may be one, or a trait of
    rows, such as a shop, or a device without an id. CATEGORY: a trait. Whole numbers
    may be ``counts``, as of visits.
    """
    words = set(re.findall(r"[^\W_]+", _apart(name).lower()))
    numbered = is_called_id(name) or bool(_NUMBERED & words)
    entities = {word for word in words if _stands_for(word, _ENTITIES)}
    units = {word for word in words if _stands_for(word, _UNITS | _THINGS)}
    if _CATEGORIES & words:
        return CATEGORY
    if _MEASURES & words and not numbered:
        return None
    if counts and not numbered and len(words) == 1 and _is_plural(entities | units):
        return None
    if entities:
        return ENTITY
    if units:
        return ENTITY if numbered and not units & _UNITS else UNIT
    return ENTITY if numbered else None


def _apart(name):
    return re.sub(r"([^\W_A-Z])([A-Z])", r"\1 \2", str(name))


def _is_plural(words):
    return any(word.endswith("s") for word in words)


def _stands_for(word, known):
    """Whether a word is a known one, or made of it: "kundennr", "customers"."""
    if word in known:
        return True
    stem = next((word[:k] for k in range(len(word), 3, -1) if word[:k] in known), None)
    return stem is not None and bool(_ENDING.fullmatch(word, len(stem)))
