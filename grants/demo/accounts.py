"""The people of the demonstration who are worth signing in as. All of them are invented and share one password."""

from dataclasses import dataclass

PASSWORD = "Palabre-demo-2026"  # noqa: S105 -- shown on the page of the demonstration
DOMAIN = "exemple.invalid"


@dataclass(frozen=True)
class Demonstrated:
    """A line of the page « Comptes de démonstration »."""

    role: str
    email: str
    password: str
    hint: str


@dataclass(frozen=True)
class Person:
    """Somebody of the network. `key`: how the replay names them."""

    key: str
    name: str
    function: str
    local: str

    @property
    def email(self) -> str:
        """The address that they sign in with."""
        return f"{self.local}@{DOMAIN}"


MANAGER = Person("manager", "Nadia Belkacem", "responsable de programme", "nadia.belkacem")
DEPUTY = Person("deputy", "Paul Kerangal", "chargé de programme", "paul.kerangal")
FINANCE = Person("finance", "Jeanne Astruc", "responsable administrative et financière", "jeanne.astruc")
ADMINISTRATOR = Person("administrator", "Tania Morel", "administratrice du service", "tania.morel")
AUDITOR = Person("auditor", "Gilles Amblard", "commissaire aux comptes", "gilles.amblard")

COMMITTEE = (
    Person("R1", "Bernard Le Goff", "président du réseau", "bernard.legoff"),
    Person("R2", "Salimata Keïta", "représentante des membres", "salimata.keita"),
    Person("R3", "Anne-Sophie Lambert", "réseau régional multi-acteurs", "annesophie.lambert"),
    Person("R4", "Hélène Garrigue", "collectivité territoriale", "helene.garrigue"),
    Person("R5", "Olivier Traoré", "représentant des membres", "olivier.traore"),
    Person("R6", "Rachid Benhima", "chercheur", "rachid.benhima"),
)


def applicant_address(name: str, mail: str) -> str:
    """The address of somebody who writes for an organisation: `Élodie Marchand`, `bocage`."""
    plain = name.casefold().translate(str.maketrans("éèêëàâîïôûüçï", "eeeeaaiiouuci"))
    return f"{'.'.join(plain.replace('-', '').split())}@{mail}.{DOMAIN}"


def _line(role: str, email: str, hint: str) -> Demonstrated:
    return Demonstrated(role, email, PASSWORD, hint)


DEMO_ACCOUNTS = (
    _line(
        "Responsable de programme",
        MANAGER.email,
        "L’appel 2026 de la réception à l’accompagnement, l’appel 2027 ouvert, deux rapports en retard, un avenant à trancher.",
    ),
    _line(
        "Porteuse de candidature",
        applicant_address("Aïssatou Diop", "rivages"),
        "Rivages Partagés : un dossier 2027 à équilibrer et à déposer, la lettre de 2026 (liste d’attente).",
    ),
    _line(
        "Membre de l’équipe de rédaction",
        applicant_address("Mamadou Ndiaye", "rivages"),
        "Le même dossier, sans le droit de déposer.",
    ),
    _line(
        "Porteuse d’un projet soutenu",
        applicant_address("Sonia Trabelsi", "passerelles"),
        "Passerelles Diasporas : un rapport intermédiaire à compléter, quatre séances d’accompagnement.",
    ),
    _line(
        "Porteuse d’un projet en retard",
        applicant_address("Sophie Delmas", "institut"),
        "Institut des Territoires Liés : un rapport en retard de 67 jours, une tranche bloquée.",
    ),
    _line(
        "Présidence du comité",
        COMMITTEE[0].email,
        "Le classement de 2026 et les décisions ; le dossier 2026-009 lui est fermé (déport).",
    ),
    _line(
        "Membre du comité, évaluatrice",
        COMMITTEE[3].email,
        "Ses dix évaluations de 2026 ; le dossier 2026-014 lui est fermé (déport).",
    ),
    _line("Responsable financière", FINANCE.email, "Les tranches, 87 200 € versés, les coordonnées bancaires."),
    _line("Auditeur", AUDITOR.email, "Tout lire, ne rien changer : dossiers, décisions, journal."),
    _line("Administratrice", ADMINISTRATOR.email, "Les comptes et les rôles, jamais le contenu des dossiers."),
)
