"""The manager's part of the story of a call made from nothing: every part written on its page, looked at, published."""

from collections.abc import Mapping

from tests.journeys.page import Labelled, Upload, Value, sees
from tests.journeys.reader import Reader

SLUG = "ateliers-d-ici-et-d-ailleurs-2027"
TITLE = "Ateliers d’ici et d’ailleurs"
EDIT = f"/gestion/appels/{SLUG}"
DATES = {
    "call.opens_at": ("11/01/2027", "9:00"),
    "call.closes_at": ("26/02/2027", "12:00"),
    "call.corrections_due_at": ("12/03/2027", "18:00"),
    "call.reviews_open_at": ("15/03/2027", "9:00"),
    "call.reviews_close_at": ("02/04/2027", "18:00"),
    "call.committee_at": ("08/04/2027", "9:30"),
    "call.results_public_at": ("30/04/2027", "9:00"),
}
DAYS = {"call.projects_from_on": "01/05/2027", "call.projects_until_on": "31/10/2028"}
RULES: tuple[tuple[str, str, Mapping[str, Value]], ...] = (
    ("received_before_deadline", "1.2", {"kind": "admissibility"}),
    ("complete", "1.3", {"kind": "admissibility"}),
    ("signed", "1.4", {"kind": "admissibility"}),
    ("lead_kind_allowed", "2.1", {"p_kinds": Labelled(("Association, ONG", "Syndicat"))}),
    ("old_enough", "2.2", {"p_years": "2"}),
    ("within_grant_bounds", "3.1", {}),
    ("budget_balanced", "3.2", {}),
    ("enough_actor_kinds", "2.3", {}),
    ("one_file_per_lead", "2.4", {}),
)
CRITERIA = (("Pertinence", "40"), ("Faisabilité", "35"), ("Partage", "25"))
STEPS = (
    {"months": "12", "name": "Lancement", "month": "0"},
    {"months": "12", "name": "Rapport intermédiaire", "month": "6", "report": "interim"},
    {"months": "12", "name": "Rapport final", "after_end_days": "60", "report": "final"},
)


def begins(manager: Reader) -> None:
    """Nothing is there but the programme; the call is begun on a blank page."""
    manager.open("/gestion")
    manager.follow("Nouvel appel")
    manager.do("call.draft", {"title": "", "edition": ""})
    assert manager.status == 422
    manager.do("call.draft", {"title": TITLE, "edition": "2027", "kind": "open"})
    assert manager.path == f"{EDIT}/texte"
    manager.open(f"{EDIT}/publication")
    sees(manager, "Ce qui manque")


def writes_the_terms(manager: Reader) -> None:
    """Text, calendar, money, committee, letters, reminders: one page each."""
    manager.open(f"{EDIT}/texte")
    manager.do(
        "call.draft",
        {
            "call.summary": "Des ateliers tenus à deux, de part et d’autre d’une frontière.",
            "call.text": "Ce que des personnes d’ici et d’ailleurs apprennent en travaillant ensemble.",
            "call.contact": "ateliers@exemple.invalid",
        },
    )
    manager.open(f"{EDIT}/calendrier")
    moments = {
        name + end: text for name, typed in DATES.items() for end, text in zip(("", ".hour"), typed, strict=True)
    }
    manager.do("call.draft", moments | DAYS)
    manager.open(f"{EDIT}/enveloppe")
    manager.do(
        "call.draft",
        {
            "envelope.total_cents": "90 000",
            "call.min_cents": "5 000",
            "call.max_cents": "20 000",
            "call.min_months": "6",
            "call.max_months": "18",
        },
    )
    manager.open(f"{EDIT}/lecture")
    manager.do("call.draft", {"call.reviews_required": "2", "call.quorum": "3"})
    manager.open(f"{EDIT}/courriers")
    manager.do("call.draft", {"letters.ineligible.closing": "L’équipe reste à votre écoute pour une autre édition."})
    manager.open(f"{EDIT}/rappels")
    manager.do("call.draft", {"reminders.submission": "10, 2"})


def writes_a_list(
    manager: Reader, part: str, name: str, add: str, rows: tuple[Mapping[str, Value], ...], *, opened: bool = False
) -> None:
    """Rows of a part, each added with its button, then kept. `opened`: the page is there, and begun."""
    if not opened:
        manager.open(f"{EDIT}/{part}")
    there = {field.split("-")[1] for field in manager.names(f"{name}-")}
    for rank in range(len(there), len(rows)):
        manager.press(add)
        assert manager.names(f"{name}-{rank}-")
    fields = {f"{name}-{rank}-{key}": value for rank, row in enumerate(rows) for key, value in row.items()}
    manager.do("call.draft", fields)
    assert manager.status == 200, manager.text[:2000]


def writes_the_lists(manager: Reader) -> None:
    """Rules that cite their articles, papers, rubric, tranches, steps, accompaniment."""
    _writes_the_rules(manager)
    manager.open(f"{EDIT}/pieces")
    papers: tuple[Mapping[str, Value], ...] = (
        {"label": "Statuts signés"},
        {"label": "Lettre d’un partenaire", "hint": "Datée de moins de six mois.", "required": "no"},
    )
    for _extra in range(len({name.split("-")[1] for name in manager.names("documents-")}) - len(papers)):
        manager.page.locator("[data-row=remove]").last.click()
    writes_a_list(manager, "pieces", "documents", "Ajouter une pièce", papers, opened=True)
    manager.open(f"{EDIT}/publication")
    sees(manager, "Les poids des critères doivent faire 100")
    writes_a_list(
        manager,
        "grille",
        "criteria",
        "Ajouter un critère",
        tuple({"name": name, "weight": weight, "question": "Est-ce le cas ?"} for name, weight in CRITERIA),
    )
    sees(manager, "Somme des poids : 100 sur 100")
    tranches: tuple[Mapping[str, Value], ...] = (
        {"share_bp": "70", "condition": "agreement_signed"},
        {"share_bp": "30", "condition": "final_report_accepted"},
    )
    writes_a_list(manager, "tranches", "tranches", "Ajouter une tranche", tranches)
    writes_a_list(manager, "jalons", "milestones", "Ajouter un jalon", STEPS)
    manager.open(f"{EDIT}/accompagnement")
    manager.do("call.draft", {"accompaniment-0-name": "Journée d’échange", "accompaniment-0-month": "6"})


def _writes_the_rules(manager: Reader) -> None:
    """Each rule is chosen first: what it needs to know is asked next."""
    manager.open(f"{EDIT}/candidats")
    manager.do("call.draft", {"call.min_actor_kinds": "1"})
    manager.open(f"{EDIT}/candidats")
    for rank, (rule, _article, _more) in enumerate(RULES):
        if f"rules-{rank}-rule" not in manager.values():
            manager.press("Ajouter une règle")
        chosen(manager, f"rules-{rank}-rule", rule)
    articles = {f"rules-{rank}-article": article for rank, (_rule, article, _more) in enumerate(RULES)}
    more = {
        f"rules-{rank}-{name}": value for rank, (_rule, _n, more) in enumerate(RULES) for name, value in more.items()
    }
    manager.do("call.draft", articles | more)
    sees(manager, "Ancienneté de l’organisation")


def writes_the_form(manager: Reader) -> None:
    """The ordinary sections less two, and two of one's own: every kind of question that leans on another."""
    manager.open(f"{EDIT}/formulaire")
    manager.press("Retirer Engagements")
    manager.press("Retirer Signature et contact")
    manager.press("Ajouter la rubrique", {"title": "Votre équipe"})
    team = manager.path
    _asks(
        manager,
        "choice",
        {
            "label": "Qui tient l’atelier ?",
            "choices-0-label": "Des bénévoles",
            "choices-1-label": "Des personnes salariées",
        },
    )
    manager.press("Écrire la question", {"type": "text"})
    manager.press("Ajouter une condition", {"label": "Comment sont-elles rémunérées ?", "limit": "500"})
    chosen(manager, "shown_if.0.field", "qui_tient_l_atelier")
    manager.do("call.draft", {"shown_if.0.value": "des_personnes_salariees"})
    _asks_for_people(manager)
    manager.press("Écrire la question", {"type": "computed"})
    chosen(manager, "formula.op", "sum_of")
    manager.do("call.draft", {"label": "Heures en tout", "formula.0": "qui_fait_quoi.heures"})
    sees(manager, "sous condition", "Heures en tout", "Ce que verra une équipe")
    manager.open(team)
    manager.do("call.draft", {"intro": "Dites qui fait quoi, même en quelques mots."})
    manager.open(f"{EDIT}/formulaire")
    manager.press("Ajouter la rubrique", {"title": "Accords"})
    _asks(manager, "declaration", {"label": "Les renseignements donnés sont exacts."})
    _asks(manager, "consent", {"label": "Nous acceptons d’être photographiés.", "help": "Pour le bilan public."})
    manager.open(f"{EDIT}/formulaire")
    sees(manager, "7 rubriques", "Votre équipe", "Accords")


def _asks(manager: Reader, kind: str, fields: Mapping[str, Value]) -> None:
    manager.press("Écrire la question", {"type": kind})
    manager.do("call.draft", fields)
    sees(manager, "La question est enregistrée.", str(fields["label"]))


def _asks_for_people(manager: Reader) -> None:
    """A group of lines with columns of three kinds."""
    manager.press("Écrire la question", {"type": "group"})
    if "columns-2-label" not in manager.values():
        manager.press("Ajouter une colonne", {"label": "Qui fait quoi ?"})
    chosen(manager, "columns-1-kind", "number")
    manager.do(
        "call.draft",
        {
            "label": "Qui fait quoi ?",
            "least": "1",
            "columns-0-label": "Personne",
            "columns-1-label": "Heures",
            "columns-2-label": "Remarque",
            "columns-2-required": "no",
            "marks": "personal",
        },
    )
    sees(manager, "La question est enregistrée.", "Qui fait quoi ?", "donnée personnelle")


def chosen(person: Reader, name: str, value: str) -> None:
    """Choose in a list that brings the page up to date by itself."""
    with person.page.expect_navigation():
        person.page.select_option(f'[name="{name}"]', value)


def looks_and_publishes(manager: Reader) -> None:
    """Every preview, a last look at what is to happen, and the call is everybody's."""
    for role in ("public", "candidature", "evaluation", "pilotage"):
        manager.open(f"{EDIT}/apercu/{role}")
        sees(manager, "Aperçu")
    manager.open(f"{EDIT}/apercu/candidature")
    manager.follow("Votre équipe")
    assert manager.page.is_hidden("#comment_sont_elles_remunerees")
    manager.page.get_by_label("Des personnes salariées").check()
    assert manager.page.is_visible("#comment_sont_elles_remunerees")
    manager.open(f"{EDIT}/publication")
    sees(manager, "Rien ne manque pour publier", "Les dépôts ferment.")
    manager.do("call.publish")
    sees(manager, "Appel publié.")


def takes_away(manager: Reader) -> bytes:
    """The call as a file."""
    manager.open(EDIT)
    return manager.read("Emporter l’appel en un fichier")


def brings(manager: Reader, pack: bytes) -> None:
    """A call from the file of another instance: a draft, with all its parts."""
    manager.open("/gestion")
    manager.follow("Nouvel appel")
    manager.follow("Partir d’un modèle")
    manager.press("Importer le fichier", {"file": Upload("appel.palabre.json", pack, "application/json")})
    sees(manager, "L’appel est créé en brouillon.", TITLE)
    manager.open(f"{EDIT}/formulaire")
    sees(manager, "Votre équipe", "Heures en tout", "sous condition")
