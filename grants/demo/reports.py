"""What the invented projects tell and count in their reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was spent on a heading, in thousandths of its plan; a gap beyond the tolerance has its reason."""

    thousandths: int
    reason: str = ""


NARRATIVES = {
    ("A01", "interim"): {
        "done": "Quarante-deux exploitations et cinquante-huit personnes rencontrées ; premier atelier tenu à Vire le 25 avril.",
        "partners": "Le comité se réunit chaque mois. Une coopérative de plus nous a rejoints.",
        "learning": "Le transport pèse plus que la langue. Nous ne l’avions pas écrit ainsi dans le dossier.",
        "next": "Deuxième atelier fin juin, rédaction des recommandations en juillet.",
    },
    ("A01", "final"): {
        "done": "Enquête menée à son terme, deux ateliers, un cahier de sept recommandations remis aux deux intercommunalités le 28 août.",
        "partners": "Neuf structures jusqu’au bout ; les deux sièges des personnes réfugiées ont été tenus à chaque séance.",
        "learning": "Enquêter à plusieurs métiers demande du temps commun : une journée par mois, payée, a tout changé.",
        "next": "Une navette à la demande sera essayée l’hiver prochain. Trois autres territoires ont demandé la méthode.",
    },
    ("A02", "interim"): {
        "done": "La délégation du Sénégal est venue en juin : onze jours, six fermes, deux soirées publiques.",
        "partners": "Les trois collectifs ont choisi ensemble les participants. La station suit neuf variétés sur les douze prévues.",
        "learning": "Montrer vaut mieux qu’expliquer : les relevés dessinés sont compris par toutes et tous.",
        "next": "Second voyage en novembre, puis rédaction du carnet.",
    },
    ("A03", "interim"): {
        "done": "Trente et un entretiens avec des entreprises, dix-neuf avec des associations ; première mission d’essai tenue.",
        "partners": "La lettre de l’entreprise partenaire a été suivie d’effet : douze jours offerts sur vingt.",
        "learning": "Une mission courte demande une préparation aussi longue qu’elle.",
        "next": "Deux missions d’essai, puis les modèles de conventions.",
    },
    ("A04", "interim"): {
        "done": "Deux formations sur quatre données, à soixante-quatre personnes dont vingt-neuf femmes.",
        "partners": "Sept structures accueillent, une de plus que prévu.",
        "learning": "Les cas apportés par les stagiaires font de meilleurs supports que les nôtres.",
        "next": "Troisième formation en octobre, quatrième en décembre, livret en parallèle.",
    },
    ("A06", "interim"): {
        "done": "État des lieux remis, club installé, un thé-palabre et un petit-déjeuner.",
        "partners": "Huit structures actives sur dix.",
        "learning": "Les personnes viennent pour un financement et restent pour le groupe.",
        "next": "Mission d’échange en octobre, fiches d’enseignements.",
    },
    ("A07", "interim"): {
        "done": "Deux des quatre semaines d’échange tenues, relevé des prix sur trois mois, un menu par semaine dans cinq écoles.",
        "partners": "Les deux villes décident ensemble, la coopérative livre.",
        "learning": "Un marché public se discute d’abord avec les cuisinières.",
        "next": "Deux semaines d’échange à la rentrée, livret, restitution en octobre.",
    },
}
FIGURES = {
    ("A01", "interim"): {"*": Figure(540)},
    ("A01", "financial"): {
        "*": Figure(1_000),
        "purchases": Figure(1_050),
        "external_services": Figure(1_048),
        "staff": Figure(1_010),
        "other_services": Figure(981),
    },
    ("A02", "interim"): {"*": Figure(520), "other_services": Figure(610)},
    ("A03", "interim"): {"*": Figure(470)},
    ("A04", "interim"): {"*": Figure(505)},
    ("A06", "interim"): {"*": Figure(450), "staff": Figure(560)},
    ("A07", "interim"): {
        "*": Figure(550),
        "other_services": Figure(
            1_180,
            "Les billets ont augmenté entre la demande et l’achat, et l’interprétariat a été nécessaire chaque jour. "
            "Les semaines d’échange restantes sont prises en charge par les deux villes.",
        ),
    },
}
ENDING = {
    "A06": "Merci de compléter la partie sur les partenaires : que sont devenues les deux structures qui ne participent plus ? "
    "Il manque aussi le nombre de femmes parmi les personnes formées.",
    "A03": "La dernière mission d’essai est reportée à décembre, à la demande de nos partenaires guinéens, après les fortes "
    "pluies d’octobre. Deux mois de plus permettraient de la tenir et d’en tirer les modèles, sans argent de plus.",
}
