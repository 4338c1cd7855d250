"""What the invented reviewers write beside their marks: short, by criterion and by level, never twice in a row the same."""

WEAK, FAIR, GOOD, STRONG = "weak", "fair", "good", "strong"

COMMENTS = {
    "C1": {
        WEAK: (
            "Le lien avec l’appel reste à démontrer.",
            "L’enjeu commun aux partenaires n’apparaît pas.",
            "Sujet utile, mais hors du cœur de l’appel.",
        ),
        FAIR: (
            "Enjeu réel, peu de sources citées.",
            "Répond à l’appel ; l’enjeu partagé mérite d’être précisé.",
            "Bonne intention, constat rapide.",
        ),
        GOOD: (
            "Enjeu clair, dit par les partenaires eux-mêmes.",
            "Le constat est précis et partagé.",
            "Répond bien à l’appel.",
        ),
        STRONG: (
            "Constat remarquable, nourri par le terrain.",
            "Exactement ce que l’appel cherche : un enjeu porté à plusieurs.",
            "Très pertinent, et dit simplement.",
        ),
    },
    "C2": {
        WEAK: (
            "Alliance peu diverse : les partenaires se ressemblent.",
            "Les partenaires sont cités, leur rôle ne l’est pas.",
            "Un seul décide, les autres prêtent leur nom.",
        ),
        FAIR: (
            "Partenaires variés, rôles encore inégaux.",
            "Alliance correcte ; il manque un acteur économique.",
            "La place du partenaire étranger reste à préciser.",
        ),
        GOOD: (
            "Rôles écrits et équilibrés.",
            "Chacun a une part dans la décision.",
            "Belle diversité d’acteurs, qui se connaissent déjà.",
        ),
        STRONG: (
            "Alliance exemplaire : les personnes concernées décident.",
            "Des acteurs qui ne se parlaient pas travaillent ensemble.",
            "Gouvernance partagée, jusque dans le budget.",
        ),
    },
    "C3": {
        WEAK: (
            "Méthode peu décrite, calendrier trop serré.",
            "L’équipe paraît courte pour ce qui est annoncé.",
            "On ne voit pas qui fait quoi.",
        ),
        FAIR: (
            "Calendrier tenable, venues à caler.",
            "Équipe solide ; la méthode reste générale.",
            "Faisable, avec peu de marge.",
        ),
        GOOD: ("Calendrier réaliste.", "Équipe expérimentée, étapes claires.", "Méthode adaptée et déjà essayée."),
        STRONG: (
            "Tout est prêt : équipe, dates, accords.",
            "Méthode éprouvée, avec un plan de repli.",
            "Calendrier très bien construit.",
        ),
    },
    "C4": {
        WEAK: (
            "Les montants ne sont pas justifiés.",
            "Cofinancements fragiles.",
            "Le budget ne suit pas les activités.",
        ),
        FAIR: (
            "Budget lisible ; une aide reste à confirmer.",
            "Déplacements un peu élevés.",
            "Correct, quelques lignes à détailler.",
        ),
        GOOD: ("Budget clair, cofinancements acquis.", "Montants justifiés.", "Budget sobre et équilibré."),
        STRONG: (
            "Budget exemplaire, chaque ligne s’explique.",
            "Cofinancements acquis et diversifiés.",
            "Très bon rapport entre moyens et effets.",
        ),
    },
    "C5": {
        WEAK: (
            "Rien n’est prévu pour garder trace.",
            "Les apprentissages restent à l’intérieur de la structure.",
            "La capitalisation se réduit à un rapport.",
        ),
        FAIR: ("Un livret est prévu, son usage moins.", "Bonne idée, public à préciser.", "Capitalisation tardive."),
        GOOD: (
            "La méthode sera transmise à d’autres.",
            "Livret bien pensé.",
            "Les temps de recul sont au calendrier.",
        ),
        STRONG: (
            "On saura vraiment faire de plus, et qui l’apprendra.",
            "La transmission est au cœur du projet.",
            "Démarche d’apprentissage remarquable.",
        ),
    },
    "C6": {
        WEAK: (
            "Les suites ne sont pas envisagées.",
            "Effets annoncés sans moyen de les voir.",
            "Peu de traces attendues sur le territoire.",
        ),
        FAIR: (
            "Effets crédibles, reprise à préciser.",
            "Les suites dépendent d’un seul partenaire.",
            "Effets limités au groupe.",
        ),
        GOOD: (
            "Des engagements déjà pris pour la suite.",
            "Effets visibles et mesurables.",
            "Le territoire y gagnera.",
        ),
        STRONG: (
            "Les collectivités se sont engagées par écrit.",
            "Effets durables et bien suivis.",
            "Suites déjà financées.",
        ),
    },
    "C7": {
        WEAK: ("Ces enjeux ne pèsent pas sur les choix.", "Une phrase de principe.", "Rien sur les transports."),
        FAIR: (
            "Prise en compte réelle mais partielle.",
            "Parité prévue, climat oublié.",
            "Intentions à traduire en actes.",
        ),
        GOOD: (
            "Les choix en tiennent compte.",
            "Parité des instances, voyages comptés.",
            "Bonne attention aux deux enjeux.",
        ),
        STRONG: (
            "Ces enjeux ont changé le projet lui-même.",
            "Voyages réduits et parité tenue : bravo.",
            "Exemplaire sur les deux plans.",
        ),
    },
}

OPINIONS = {
    WEAK: (
        "Le projet n’est pas prêt : l’alliance reste à construire. Une nouvelle demande, plus tard, aurait du sens.",
        "L’idée est sympathique, mais la méthode et les rôles manquent. Je ne propose pas de retenir.",
        "Dossier fragile. Un échange avec le réseau avant une prochaine édition serait utile.",
    ),
    FAIR: (
        "Ensemble correct, enjeu à préciser. À discuter selon l’enveloppe.",
        "Des qualités réelles, une alliance à élargir. Je reste partagé·e.",
        "Projet honnête ; il gagnerait à dire qui décide.",
    ),
    GOOD: (
        "Bon projet, bien porté. Préciser le calendrier des venues et la reprise après le projet.",
        "Demande locale bien établie, partenaires engagés. Je propose de retenir.",
        "Alliance solide et budget clair. Avis favorable.",
    ),
    STRONG: (
        "Projet remarquable, prêt à démarrer. Avis très favorable.",
        "L’un des meilleurs dossiers de cette édition : l’alliance existe et le terrain la porte.",
        "Rien à redire sur l’essentiel. Avis très favorable.",
    ),
}
#: what the discussion of the committee was about
SPOKEN = {
    ("A13", "R3"): "Partenaires engagés, calendrier réaliste.",
    ("A13", "R2"): "Ensemble correct, enjeu à préciser.",
    ("A13", "R1"): "Alliance peu diverse, méthode peu décrite.",
}
_STEPS = ((4, WEAK), (6, FAIR), (8, GOOD))
_TOTALS = ((50, WEAK), (64, FAIR), (80, GOOD))
ALWAYS_BELOW, ALWAYS_ABOVE = 3, 9


def comments(marks: dict[str, int], turn: int) -> dict[str, str]:
    """A comment for every mark that asks for one and for about half of the others. Marks in half points."""
    return {
        key: _pick(COMMENTS[key][_level(halves, _STEPS)], turn + place)
        for place, (key, halves) in enumerate(marks.items())
        if halves <= ALWAYS_BELOW or halves >= ALWAYS_ABOVE or (turn + place) % 2 == 0
    }


def opinion(total: float, turn: int) -> str:
    """The opinion for the committee that goes with a total out of 100."""
    return _pick(OPINIONS[_level(total, _TOTALS)], turn)


def _level(value: float, steps: tuple[tuple[int, str], ...]) -> str:
    return next((level for limit, level in steps if value <= limit), STRONG)


def _pick(choices: tuple[str, ...], turn: int) -> str:
    return choices[turn % len(choices)]
