"""A real round, told from its source: CFSI's CAAC call, second phase, selection at the start of 2022.

Every sentence of a sheet is written in our own words and stands beside the row of the source that it comes from
(`says`). Nothing is added: no amount, no mark, no person, no contact. What the source does not say is not said here,
and the seventh project, which it counts without describing it, is shown as not described.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

SOURCE = "CFSI, page de l’appel à projets CAAC (phase 2)"
NETWORK = "CFSI"
PROGRAMME: dict[str, Any] = {
    "slug": "caac",
    "name": "Coopérer autrement en acteurs de changement (CAAC)",
    "summary": (
        "Programme du CFSI, réseau d’organisations de solidarité internationale : un fonds pour des projets de ses "
        "membres, accompagnés, qui nourrissent une réflexion sur les pratiques de coopération."
    ),
    "source": SOURCE,
    "phases": (
        {"number": 1, "name": "Phase 1", "starts_on": date(2014, 5, 1), "ends_on": date(2018, 4, 30)},
        {"number": 2, "name": "Phase 2", "starts_on": date(2018, 12, 1), "ends_on": date(2022, 9, 30)},
    ),
}
CALL: dict[str, Any] = {
    "slug": "caac-phase-2",
    "title": "Appel à projets CAAC, phase 2",
    "edition": "2022",
    "kind": "members_only",
    "summary": "Sept projets de membres du CFSI, choisis au début de 2022, soutenus et accompagnés de six à douze mois.",
    "text": (
        "L’appel s’adressait aux membres du CFSI, seuls ou à plusieurs. Les projets choisis au début de 2022 ont reçu "
        "un soutien financier et un accompagnement de six à douze mois, qui alimente une réflexion sur les pratiques "
        "de coopération. La page du CFSI annonce sept projets et en décrit six."
    ),
    "min_months": 6,
    "max_months": 12,
    "places": 7,
    "source": SOURCE,
}


@dataclass(frozen=True)
class Said:
    """A sentence of a sheet and the row of the source it comes from (column of the table of the six projects)."""

    sentence: str
    says: str


ACCOMPANIMENT = (
    Said("Chaque projet choisi est accompagné de six à douze mois.", "déroulement"),
    Said("Cet accompagnement alimente une réflexion sur les pratiques de coopération.", "déroulement"),
)


@dataclass(frozen=True)
class Sheet:
    """A project as the source tells it. `here`/`there`: code and label; `partners`: name, kind, country."""

    number: str
    title: str
    leads: tuple[str, ...]
    theme: str
    here: tuple[tuple[str, str], ...]
    there: tuple[tuple[str, str], ...] = ()
    partners: tuple[tuple[str, str, str], ...] = ()
    sought: tuple[Said, ...] = ()
    wants: tuple[Said, ...] = ()
    placeholder: bool = False

    def values(self) -> dict[str, Any]:
        """What `import_project` takes."""
        if self.placeholder:
            return {"title": self.title, "number": self.number, "source": SOURCE, "placeholder": True, "sheet": {}}
        told = {"activities": self.wants[1:], "alliance": self.sought, "learning": ACCOMPANIMENT}
        return {
            "title": self.title,
            "number": self.number,
            "source": SOURCE,
            "sheet": {
                "leads": list(self.leads),
                "invented": False,
                "partners": [
                    {"name": name, "kind": kind, "country": country, "role": ""}
                    for name, kind, country in self.partners
                ],
                "territories": [
                    {"side": side, "code": code, "label": label}
                    for side, places in (("here", self.here), ("there", self.there))
                    for code, label in places
                ],
                "theme": self.theme,
                "summary": " ".join(said.sentence for said in self.wants[:1]),
                "texts": {key: " ".join(said.sentence for said in saids) for key, saids in told.items() if saids},
            },
        }


SHEETS = (
    Sheet(
        "1",
        "Accueil des personnes réfugiées en milieu rural par les métiers agricoles",
        ("Batik International",),
        "Accueil rural des réfugiés par l’emploi agricole",
        (("DEP-50", "Manche"), ("DEP-14", "Calvados")),
        sought=(
            Said(
                "Le projet cherche à réunir des acteurs du médico-social, de l’agriculture, de l’insertion par l’emploi "
                "et de l’artisanat.",
                "1, partenaires",
            ),
        ),
        wants=(
            Said("Repérer ce qui freine l’intégration des personnes migrantes en milieu rural.", "1, buts"),
            Said(
                "Formuler des recommandations pour les politiques publiques du territoire et de meilleurs dispositifs "
                "d’appui.",
                "1, buts",
            ),
        ),
    ),
    Sheet(
        "2",
        "Semences paysannes, des Alpes-Maritimes à Ndem",
        ("SOL",),
        "Semences paysannes, agroécologie en milieu sahélien, gestion collective de la biodiversité cultivée",
        (("DEP-06", "Alpes-Maritimes"),),
        (("SN", "Ndem, Sénégal"),),
        (
            ("Association des villageois de Ndem (partenaire depuis 2018)", "ngo", "SN"),
            ("Collectif Semences Paysannes Maralpines", "collective", "FR"),
        ),
        sought=(
            Said(
                "Y prennent part un collectif de semences paysannes et des acteurs de l’agroalimentaire et de la "
                "transition écologique.",
                "2, partenaires",
            ),
        ),
        wants=(
            Said(
                "Un voyage d’échange entre les trois structures, pour partager leurs savoirs et ouvrir les acteurs à "
                "l’international.",
                "2, buts",
            ),
        ),
    ),
    Sheet(
        "3",
        "Faciliter la coopération internationale des acteurs ligériens",
        ("Essentiel", "Guinée 44", "Univers-Sel"),
        "Faciliter la coopération internationale des acteurs du territoire",
        (("REG-52", "Pays de la Loire"),),
        sought=(
            Said(
                "Sont visés des acteurs économiques, des entreprises, des collectivités, des universités et des "
                "associations de solidarité.",
                "3, partenaires",
            ),
            Said("La source nomme trois organisations, sans chef de file.", "3, porteurs"),
        ),
        wants=(
            Said("D’abord, un diagnostic des dispositifs de coopération qui existent dans la région.", "3, buts"),
            Said("Ensuite, une boîte à outils sur le mécénat de compétences et le pro bono.", "3, buts"),
        ),
    ),
    Sheet(
        "4",
        "S’engager localement, face à des problèmes mondiaux",
        ("CGT",),
        "Engagement syndical sur des problèmes locaux pris dans l’interdépendance mondiale",
        (("FR", "France entière"),),
        sought=(
            Said(
                "Le projet associe des syndicalistes d’autres pays, des comités régionaux, des unions départementales et "
                "locales.",
                "4, partenaires",
            ),
        ),
        wants=(
            Said(
                "Quatre formations sont créées et diffusées : organiser les travailleuses et travailleurs isolés ; "
                "allier les syndicats des sous-traitants et des donneurs d’ordre ; organiser les personnes migrantes et "
                "sans papiers ; se saisir des enjeux écologiques.",
                "4, buts",
            ),
        ),
    ),
    Sheet(
        "5",
        "Coopérer à plusieurs acteurs, de la Nouvelle-Aquitaine à l’Itasy",
        ("Ifaid", "Agrisud International"),
        "Leviers et freins de la coopération multi-acteurs",
        (("REG-75", "Nouvelle-Aquitaine"),),
        (("MG", "Itasy, Madagascar"),),
        (("Région Nouvelle-Aquitaine", "local_authority", "FR"), ("Région Itasy", "local_authority", "MG")),
        sought=(Said("Les deux régions et des étudiantes et étudiants y sont associés.", "5, partenaires"),),
        wants=(
            Said(
                "Une méthode d’action et des enseignements utilisables par les acteurs et par les étudiants.", "5, buts"
            ),
        ),
    ),
    Sheet(
        "6",
        "Initiatives économiques des diasporas en Hauts-de-France",
        ("Grdr",),
        "Initiatives économiques portées par les diasporas, l’ESS et la solidarité",
        (("REG-32", "Hauts-de-France"),),
        (("", "Pays d’origine des diasporas"),),
        sought=(
            Said("Sont réunis des diasporas, des acteurs de l’ESS et des acteurs de la solidarité.", "6, partenaires"),
        ),
        wants=(
            Said("Mettre en commun les apports de chacun et resserrer le réseau sur le territoire.", "6, buts"),
            Said(
                "Ensuite, des missions d’échange pour aider des initiatives de l’ESS à grandir à l’international.",
                "6, buts",
            ),
        ),
    ),
    Sheet("7", "Septième projet, non décrit dans la source", (), "", (), placeholder=True),
)
