"""Places of France by their official codes: the regions and departments that a project may name as its territory.

`FR` is the whole country; regions are `REG-` and departments `DEP-` with the codes of the national statistics office.
"""

WHOLE_FRANCE = ("FR", "France entière")

_REGIONS = """
84 Auvergne-Rhône-Alpes
27 Bourgogne-Franche-Comté
53 Bretagne
24 Centre-Val de Loire
94 Corse
44 Grand Est
01 Guadeloupe
03 Guyane
32 Hauts-de-France
11 Île-de-France
04 La Réunion
02 Martinique
06 Mayotte
28 Normandie
75 Nouvelle-Aquitaine
76 Occitanie
52 Pays de la Loire
93 Provence-Alpes-Côte d’Azur
"""

_DEPARTMENTS = """
01 Ain; 02 Aisne; 03 Allier; 04 Alpes-de-Haute-Provence; 05 Hautes-Alpes; 06 Alpes-Maritimes; 07 Ardèche; 08 Ardennes;
09 Ariège; 10 Aube; 11 Aude; 12 Aveyron; 13 Bouches-du-Rhône; 14 Calvados; 15 Cantal; 16 Charente;
17 Charente-Maritime; 18 Cher; 19 Corrèze; 2A Corse-du-Sud; 2B Haute-Corse; 21 Côte-d’Or; 22 Côtes-d’Armor; 23 Creuse;
24 Dordogne; 25 Doubs; 26 Drôme; 27 Eure; 28 Eure-et-Loir; 29 Finistère; 30 Gard; 31 Haute-Garonne; 32 Gers;
33 Gironde; 34 Hérault; 35 Ille-et-Vilaine; 36 Indre; 37 Indre-et-Loire; 38 Isère; 39 Jura; 40 Landes;
41 Loir-et-Cher; 42 Loire; 43 Haute-Loire; 44 Loire-Atlantique; 45 Loiret; 46 Lot; 47 Lot-et-Garonne; 48 Lozère;
49 Maine-et-Loire; 50 Manche; 51 Marne; 52 Haute-Marne; 53 Mayenne; 54 Meurthe-et-Moselle; 55 Meuse; 56 Morbihan;
57 Moselle; 58 Nièvre; 59 Nord; 60 Oise; 61 Orne; 62 Pas-de-Calais; 63 Puy-de-Dôme; 64 Pyrénées-Atlantiques;
65 Hautes-Pyrénées; 66 Pyrénées-Orientales; 67 Bas-Rhin; 68 Haut-Rhin; 69 Rhône; 70 Haute-Saône; 71 Saône-et-Loire;
72 Sarthe; 73 Savoie; 74 Haute-Savoie; 75 Paris; 76 Seine-Maritime; 77 Seine-et-Marne; 78 Yvelines; 79 Deux-Sèvres;
80 Somme; 81 Tarn; 82 Tarn-et-Garonne; 83 Var; 84 Vaucluse; 85 Vendée; 86 Vienne; 87 Haute-Vienne; 88 Vosges;
89 Yonne; 90 Territoire de Belfort; 91 Essonne; 92 Hauts-de-Seine; 93 Seine-Saint-Denis; 94 Val-de-Marne;
95 Val-d’Oise; 971 Guadeloupe; 972 Martinique; 973 Guyane; 974 La Réunion; 976 Mayotte
"""

# Not departments, numbered like them.
_COLLECTIVITIES = """
975 Saint-Pierre-et-Miquelon; 977 Saint-Barthélemy; 978 Saint-Martin; 984 Terres australes et antarctiques françaises;
986 Wallis-et-Futuna; 987 Polynésie française; 988 Nouvelle-Calédonie; 989 Clipperton
"""

# ISO 3166-2 names the regions of the mainland by letters; departments by their number, overseas twice by the same.
_ISO_REGIONS = {
    "84": "ARA", "27": "BFC", "53": "BRE", "24": "CVL", "94": "20R", "44": "GES", "32": "HDF", "11": "IDF", "28": "NOR",
    "75": "NAQ", "76": "OCC", "52": "PDL", "93": "PAC", "01": "971", "02": "972", "03": "973", "04": "974", "06": "976",
}  # fmt: skip
_ISO_COLLECTIVITIES = {
    "975": "PM",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
    "989": "CP",
}


def _read(prefix: str, lines: list[str]) -> dict[str, str]:
    pairs = (line.strip().partition(" ") for line in lines if line.strip())
    return {f"{prefix}-{code}": name for code, _, name in pairs}


REGIONS = _read("REG", _REGIONS.splitlines())
DEPARTMENTS = _read("DEP", _DEPARTMENTS.replace("\n", " ").split(";"))
COLLECTIVITIES = _read("DEP", _COLLECTIVITIES.replace("\n", " ").split(";"))
#: Every place of France that a project may name, by code.
PLACES = {WHOLE_FRANCE[0]: WHOLE_FRANCE[1], **REGIONS, **DEPARTMENTS, **COLLECTIVITIES}


def iso_of(code: str) -> str | None:
    """The ISO 3166-2 name of a place by our code: `REG-93` is `FR-PAC`, `DEP-93` is `FR-93`; None for none of ours.

    The type is part of the code because figures collide: region 93 and department 93 are 600 km apart.
    """
    if code not in PLACES or code == WHOLE_FRANCE[0]:
        return "FR" if code == WHOLE_FRANCE[0] else None
    kind, _, figures = code.partition("-")
    if kind == "REG":
        return f"FR-{_ISO_REGIONS[figures]}"
    return f"FR-{_ISO_COLLECTIVITIES.get(figures, figures)}"


def label_of(code: str) -> str | None:
    """The name of a place, departments with their number: `Calvados (14)`; None for a code that is none."""
    name = PLACES.get(code)
    return f"{name} ({code.removeprefix('DEP-')})" if name and code.startswith("DEP-") else name
