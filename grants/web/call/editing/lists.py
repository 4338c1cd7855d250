"""The lists of a call: rubric, documents, rules, tranches, steps, accompaniment; their columns and their shapes."""

from collections.abc import Iterable
from typing import Any

from grants.domain.eligibility_tests import CONDITION, PROBES, Parameter
from grants.domain.papers import PAPERS
from grants.domain.selection_rules import MOST_FILES, split
from grants.domain.slugs import slug
from grants.domain.terms_parts import CONDITIONS, MARKS, MEETINGS, REPORTS
from grants.web.call.editing.items import Item, Kind
from grants.web.call.editing.rows import Rows
from grants.web.kit.labels import ACTOR_KINDS
from grants.web.kit.labels import RULES as RULE_WORDS
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.project_words import CONDITIONS as CONDITION_WORDS
from grants.web.kit.selection_words import BOUND_KINDS, tag_of, words_of_tag

Row = dict[str, Any]
LONGEST_KEY = 40


def fresh_key(label: str, taken: Iterable[str], longest: int = LONGEST_KEY) -> str:
    """A key made from words, that nothing else has: `title`, `title_2`. Never changed afterwards."""
    start = slug(label, longest - 4).replace("-", "_")
    start = start if start[0].isalpha() else f"q_{start}"[: longest - 4]
    known = set(taken)
    if start not in known:
        return start
    return next(key for n in range(2, len(known) + 3) if (key := f"{start}_{n}") not in known)


def _numbered(prefix: str, taken: Iterable[str], first: int) -> str:
    known = set(taken)
    return next(key for n in range(first, first + len(known) + 2) if (key := f"{prefix}{n}") not in known)


def _with_keys(rows: list[Row], label: str) -> list[Row]:
    """Every row with a key of its own, made from its label where it has none yet."""
    taken = {row["key"] for row in rows if row.get("key")}
    for row in rows:
        if not row.get("key"):
            row["key"] = fresh_key(str(row.get(label, "")), taken)
            taken.add(row["key"])
    return rows


def _criteria_rows(data: Any) -> list[Row]:  # noqa: ANN401 -- a part of a document
    return [
        {
            **row,
            "optional": "yes" if row.get("optional") else "no",
            **{f"anchor{mark}": text for mark, text in enumerate(row.get("anchors") or ()) if text},
        }
        for row in data or ()
    ]


def _criteria_data(rows: list[Row]) -> list[Row]:
    taken = {row["key"] for row in rows if row.get("key")}
    for rank, row in enumerate(rows, start=1):
        if not row.get("key"):
            row["key"] = _numbered("C", taken, rank)
            taken.add(row["key"])
        if row.pop("optional", "no") == "yes":
            row["optional"] = True
        anchors = [row.pop(f"anchor{mark}", "") for mark in range(MARKS)]
        if any(anchors):
            row["anchors"] = anchors
    return rows


def _steps_rows(data: Any) -> list[Row]:  # noqa: ANN401 -- a part of a document
    months = sorted(data or {}, key=int)
    return [{"key": step.get("code", ""), "months": int(one), **step} for one in months for step in data[one]]


def _steps_data(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        steps = found.setdefault(str(row.pop("months", 0)), [])
        code = row.pop("key", "") or _numbered("M", [step["code"] for step in steps], len(steps))
        if any(step["code"] == code for step in steps):
            code = _numbered("M", [step["code"] for step in steps], len(steps))
        steps.append({"code": code, **row})
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))


def _without_keys(rows: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name != "key"} for row in rows]


CRITERIA = Rows(
    "criteria",
    [
        Item("name", Kind.LINE, _l("Critère"), needed=True, limit=200),
        Item("weight", Kind.WHOLE, _l("Poids"), needed=True, least=1, most=100),
        Item("question", Kind.TEXT, _l("Question posée"), limit=2000, rows=2),
        Item("minimum_half_points", Kind.HALVES, _l("Note moyenne minimale"), _l("De 0 à 5. Vide : aucune.")),
        Item(
            "optional",
            Kind.CHOICE,
            _l("S’applique"),
            _l("« Sans objet » ne compte pas : les poids des autres critères sont ramenés à 100."),
            options=(("no", _l("à tous les dossiers")), ("yes", _l("peut ne pas s’appliquer"))),
        ),
        *(
            Item(f"anchor{mark}", Kind.LINE, _l("Ce que veut dire la note %(mark)s", mark=mark), limit=500)
            for mark in range(MARKS)
        ),
    ],
    _l("Critère"),
    _l("Ajouter un critère"),
    most=20,
    to_rows=_criteria_rows,
    to_data=_criteria_data,
)
DOCUMENTS = Rows(
    "documents",
    [
        Item("label", Kind.LINE, _l("Pièce"), needed=True, limit=300),
        Item("hint", Kind.LINE, _l("Précision"), limit=300),
        Item(
            "required",
            Kind.CHOICE,
            _l("Demande"),
            options=(("yes", _l("obligatoire")), ("no", _l("facultative"))),
        ),
        Item(
            "paper",
            Kind.CHOICE,
            _l("Reprise de la fiche de l’organisation"),
            options=(("", _l("non")), *((key, _l(kind.label)) for key, kind in PAPERS.items())),
        ),
        Item(
            "blind",
            Kind.CHOICE,
            _l("En lecture à l’aveugle"),
            _l("D’usage : ce qui vient de la fiche de l’organisation est retenu, le reste est remis sans métadonnées."),
            options=(("", _l("comme d’usage")), ("yes", _l("retenue")), ("no", _l("remise"))),
        ),
    ],
    _l("Pièce"),
    _l("Ajouter une pièce"),
    most=40,
    title="label",
    to_rows=lambda data: [
        {
            **row,
            "required": "no" if row.get("required") is False else "yes",
            "blind": {True: "yes", False: "no"}.get(row.get("blind"), ""),
        }
        for row in data or ()
    ],
    to_data=lambda rows: [
        {name: value for name, value in row.items() if name not in ("required", "blind")}
        | ({"required": False} if row.get("required") == "no" else {})
        | ({"blind": row["blind"] == "yes"} if row.get("blind") else {})
        for row in _with_keys(rows, "label")
    ],
)


def _rules_rows(data: Any) -> list[Row]:  # noqa: ANN401 -- a part of a document
    """A rule by its test; its parameters stand beside it as `p_years`, its own condition is kept unseen."""
    found = []
    for rule in data or ():
        test = rule.get("test", {})
        name = CONDITION if "condition" in test else test.get("name", rule.get("key", ""))
        parameters = {f"p_{key}": value for key, value in test.items() if key not in ("name", "condition")}
        found.append({**rule, **parameters, "rule": name, "soft": "yes" if rule.get("soft") else "no"})
    return found


def _rules_data(rows: list[Row]) -> list[Row]:
    taken = {row["key"] for row in rows if row.get("key")}
    found = []
    for row in rows:
        name = str(row.get("rule", ""))
        key = row.get("key") or (name if name not in taken else fresh_key(name, taken))
        taken.add(key)
        rule = {"key": key, **{one: row[one] for one in ("kind", "stage", "article", "title", "text") if row.get(one)}}
        if row.get("soft") == "yes":
            rule["soft"] = True
        wanted = PROBES[name].parameters if name in PROBES else {}
        parameters = {one: row[f"p_{one}"] for one in wanted if row.get(f"p_{one}") is not None}
        unseen = any(kind in (Parameter.COUNTS, Parameter.FIELD) for kind in wanted.values())
        if name != CONDITION and not unseen and (name != key or parameters):
            rule["test"] = {"name": name, **parameters}
        found.append(rule)
    return found


def _with(parameter: str) -> frozenset[str]:
    """The tests that take a parameter."""
    return frozenset(name for name, probe in PROBES.items() if parameter in probe.parameters)


def _probed(name: str, kind: Kind, label: Any, **more: Any) -> Item:  # noqa: ANN401 -- lazy words, options of an item
    return Item(f"p_{name}", kind, label, only=_with(name), base="rule", **more)


KINDS_OF_ACTORS = tuple(ACTOR_KINDS.items())
RULES = Rows(
    "rules",
    [
        Item(
            "rule",
            Kind.CHOICE,
            _l("Règle"),
            options=(
                *(("", _l("Choisissez")), *((name, RULE_WORDS.get(name, name)) for name in PROBES)),
                (CONDITION, _l("Condition sur les réponses")),
            ),
        ),
        Item("article", Kind.LINE, _l("Article du texte"), _l("Par exemple : 4.2."), limit=40),
        Item(
            "kind",
            Kind.CHOICE,
            _l("Ce qu’elle juge"),
            options=(("eligibility", _l("le fond : éligibilité")), ("admissibility", _l("la forme : recevabilité"))),
        ),
        Item(
            "stage",
            Kind.CHOICE,
            _l("Quand elle agit"),
            options=(("screening", _l("à l’instruction")), ("submission", _l("elle empêche le dépôt"))),
        ),
        Item(
            "soft",
            Kind.CHOICE,
            _l("Quand elle n’est pas remplie"),
            options=(("no", _l("elle écarte")), ("yes", _l("elle laisse un doute, une personne décide"))),
        ),
        _probed("years", Kind.WHOLE, _l("Années"), most=200),
        _probed("least", Kind.WHOLE, _l("Au moins"), most=1000),
        _probed("most", Kind.WHOLE, _l("Au plus"), most=1000),
        _probed("min_cents", Kind.AMOUNT, _l("Au moins"), unit="€"),
        _probed("max_cents", Kind.AMOUNT, _l("Au plus"), unit="€"),
        _probed("forms", Kind.WORDS, _l("Formes juridiques"), hint=_l("Séparées par des virgules.")),
        _probed(
            "allowed",
            Kind.WORDS,
            _l("Seulement"),
            hint=_l("Codes de pays ou de territoires, par exemple : SN, ML, REG-53."),
        ),
        _probed("denied", Kind.WORDS, _l("Sauf"), hint=_l("Codes de pays ou de territoires, par exemple : SN, ML.")),
        _probed(
            "keys", Kind.WORDS, _l("Postes refusés"), hint=_l("Postes du plan de comptes, séparés par des virgules.")
        ),
        _probed(
            "documents", Kind.WORDS, _l("Pièces"), hint=_l("Vide : toutes. Noms internes, séparés par des virgules.")
        ),
        _probed("kinds", Kind.CHOICES, _l("Natures d’acteurs"), options=KINDS_OF_ACTORS),
        Item("title", Kind.LINE, _l("Nom de la règle"), _l("Vide : le nom habituel."), limit=150),
        Item(
            "text", Kind.TEXT, _l("Expliquée aux équipes"), _l("Vide : l’explication habituelle."), limit=4000, rows=2
        ),
    ],
    _l("Règle"),
    _l("Ajouter une règle"),
    most=60,
    title="title",
    to_rows=_rules_rows,
    to_data=_rules_data,
)
TRANCHES = Rows(
    "tranches",
    [
        Item("share_bp", Kind.PERCENT, _l("Part de la subvention"), needed=True, unit="%"),
        Item(
            "condition",
            Kind.CHOICE,
            _l("Versée quand"),
            needed=True,
            options=tuple((key, CONDITION_WORDS[key]) for key in CONDITIONS),
        ),
    ],
    _l("Tranche"),
    _l("Ajouter une tranche"),
    most=10,
    title="",
    to_data=_without_keys,
)
MILESTONES = Rows(
    "milestones",
    [
        Item("months", Kind.WHOLE, _l("Projets de"), needed=True, least=1, most=120, unit=_l("mois")),
        Item("name", Kind.LINE, _l("Jalon"), needed=True, limit=200),
        Item("month", Kind.WHOLE, _l("Mois après le début"), _l("Vide, s’il se compte depuis la fin."), most=120),
        Item(
            "days",
            Kind.WHOLE,
            _l("Jours de plus ou de moins"),
            _l("Par exemple : 14 ou -1."),
            least=-400,
            most=400,
            ordinary=0,
        ),
        Item("after_end_days", Kind.WHOLE, _l("Ou jours après la fin"), most=400),
        Item(
            "report",
            Kind.CHOICE,
            _l("Rapport attendu"),
            ordinary="",
            options=tuple(zip(("", *REPORTS), (_l("aucun"), _l("intermédiaire"), _l("final")), strict=True)),
        ),
    ],
    _l("Jalon"),
    _l("Ajouter un jalon"),
    to_rows=_steps_rows,
    to_data=_steps_data,
)
ACCOMPANIMENT = Rows(
    "accompaniment",
    [
        Item("name", Kind.LINE, _l("Rendez-vous"), needed=True, limit=200),
        Item(
            "kind",
            Kind.CHOICE,
            _l("Nature"),
            options=tuple(
                zip(
                    MEETINGS,
                    (
                        *(_l("séance avec un projet"), _l("visite"), _l("journée d’échange entre projets")),
                        *(_l("formation"), _l("événement public")),
                    ),
                    strict=True,
                )
            ),
        ),
        Item("month", Kind.WHOLE, _l("Mois après le début"), most=120),
        Item("hours", Kind.WHOLE, _l("Durée"), most=1000, unit=_l("heures")),
        Item("note", Kind.TEXT, _l("Précision"), limit=2000, rows=2),
    ],
    _l("Rendez-vous"),
    _l("Ajouter un rendez-vous"),
    to_data=lambda rows: _with_keys(rows, "name"),
)


def _bounds_rows(data: Any) -> list[Row]:  # noqa: ANN401 -- a part of a document
    return [{**row, "kind": split(row["tag"])[0], "tag": words_of_tag(row["tag"])} for row in data or ()]


def _bounds_data(rows: list[Row]) -> list[Row]:
    return [
        {"tag": tag_of(str(row.get("kind", "")), str(row.get("tag", "")))}
        | {name: row[name] for name in ("min", "max") if name in row}
        for row in rows
    ]


BOUNDS = Rows(
    "bounds",
    [
        Item("kind", Kind.CHOICE, _l("Dossiers retenus"), options=tuple(BOUND_KINDS.items())),
        Item(
            "tag",
            Kind.LINE,
            _l("Lesquels"),
            _l("Noms ou codes, séparés par des virgules : l’un d’eux suffit. Rien pour « chaque organisation »."),
            limit=180,
        ),
        Item("min", Kind.WHOLE, _l("Au moins"), most=MOST_FILES, unit=_l("dossiers")),
        Item("max", Kind.WHOLE, _l("Au plus"), most=MOST_FILES, unit=_l("dossiers")),
    ],
    _l("Équilibre"),
    _l("Ajouter un équilibre"),
    spare=0,
    most=40,
    title="tag",
    to_rows=_bounds_rows,
    to_data=_bounds_data,
)
LISTS = {rows.name: rows for rows in (CRITERIA, DOCUMENTS, RULES, TRANCHES, MILESTONES, ACCOMPANIMENT, BOUNDS)}
