"""Charts of accounts as data with a version: budgets store keys, numbers and labels are only shown.

Two are known; a call says which one its budgets are written with. The first is the budget table of the single French
application form (Cerfa 12156*06). That form numbers 870 volunteering and 875 gifts in kind; the accounting rules of 2018
number them the other way round. Hence keys, and a version. The second is short and has no French account numbers: for
small grants, and for bodies of other countries whose books follow other rules.

Labels stand in French, which is the language of the catalogue: pages translate them as they show them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The two sides of a budget."""

    EXPENSE = "expense"
    INCOME = "income"


class FundingStatus(StrEnum):
    """How sure a funder's line is. A refused one stays visible and counts for nothing."""

    TO_REQUEST = "to_request"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Account:
    """A line that a budget may hold. `number` is what the form prints; several lines of one funder key may exist."""

    key: str
    number: str
    label: str


@dataclass(frozen=True)
class Heading:
    """A heading of the form with its lines. In kind: valued contributions, outside the cash totals.

    `per_funder`: every line names its funder and has a funding status.
    """

    key: str
    side: Side
    number: str
    label: str
    accounts: tuple[Account, ...]
    in_kind: bool = False
    per_funder: bool = False


@dataclass(frozen=True)
class Chart:
    """A version of a chart. `name`: what people call it; `offered`: accounts that an empty budget shows from the start."""

    version: str
    headings: tuple[Heading, ...]
    name: str = ""
    offered: tuple[str, ...] = ()

    def of(self, side: Side) -> tuple[Heading, ...]:
        """Headings of one side, in the form's order."""
        return tuple(heading for heading in self.headings if heading.side is side)

    def heading(self, key: str) -> Heading | None:
        """The heading that an account key or a heading key belongs to; None where the chart has none."""
        return next((h for h in self.headings if h.key == key or any(a.key == key for a in h.accounts)), None)

    def knows(self, key: str) -> bool:
        """Whether a line of a budget may stand under this key (an account, or a heading as a whole)."""
        return self.heading(key) is not None

    def label_of(self, key: str) -> str:
        """The French label of an account or of a heading; the key itself where the chart has none."""
        found = self.account(key) or self.heading(key)
        return found.label if found else key

    def number_of(self, key: str) -> str:
        """What the form prints before the label; empty where it prints nothing."""
        found = self.account(key) or self.heading(key)
        return found.number if found else ""

    def account(self, key: str) -> Account | None:
        """The account of a key; None where the chart has none."""
        return next((account for h in self.headings for account in h.accounts if account.key == key), None)


_EXPENSES = """
60 purchases Achats
  604 services Prestations de services
  601 supplies Matières et fournitures
  60 other Autres fournitures
61 external_services Services extérieurs
  613 rent Locations
  615 maintenance Entretien et réparation
  616 insurance Assurance
  618 documentation Documentation
62 other_services Autres services extérieurs
  622 fees Rémunérations intermédiaires et honoraires
  623 publicity Publicité, publication
  625 travel Déplacements, missions
  62 other Services bancaires, autres
63 taxes Impôts et taxes
  631 payroll Impôts et taxes sur rémunération
  635 other Autres impôts et taxes
64 staff Charges de personnel
  641 wages Rémunération des personnels
  645 social_charges Charges sociales
  647 other Autres charges de personnel
65 management Autres charges de gestion courante
  65 other Autres charges de gestion courante
66 financial_charges Charges financières
  66 other Charges financières
67 exceptional_charges Charges exceptionnelles
  67 other Charges exceptionnelles
68 depreciation Dotations aux amortissements
  68 other Dotations aux amortissements
69 profit_tax Impôt sur les bénéfices, participation des salariés
  69 other Impôt sur les bénéfices, participation des salariés
- indirect Charges indirectes
  - fixed_costs Charges fixes de fonctionnement
  - financial Frais financiers
  - other Autres charges indirectes
86 in_kind_uses Emplois des contributions volontaires en nature
  860 relief Secours en nature
  861 goods Mise à disposition gratuite de biens et services
  862 services Prestations
  864 volunteering Personnel bénévole
"""

_INCOME = """
70 sales Vente de produits finis, de marchandises, prestations de services
  70 other Ventes et prestations de services
73 allocations Dotations et produits de tarification
  73 other Dotations et produits de tarification
74 grants Subventions d’exploitation
  74 this_fund Subvention demandée à ce fonds
  74 state État (ministères)
  74 region Conseil régional
  74 department Conseil départemental
  74 intermunicipal Communauté de communes ou d’agglomération
  74 commune Commune
  74 social_bodies Organismes sociaux
  74 european_funds Fonds européens
  74 subsidised_jobs Agence de services et de paiement (emplois aidés)
  74 other_public Autres établissements publics
  74 private Aides privées (fondations)
75 other_income Autres produits de gestion courante
  756 membership_fees Cotisations
  758 donations Dons manuels, mécénat
  750 other Autres produits de gestion courante
76 financial_income Produits financiers
  76 other Produits financiers
77 exceptional_income Produits exceptionnels
  77 other Produits exceptionnels
78 reversals Reprises
  78 other Reprises sur amortissements et provisions
  789 dedicated_funds Report de ressources affectées non utilisées
79 transfers Transfert de charges
  79 other Transfert de charges
- own_funds Ressources propres affectées au projet
  - other Ressources propres
87 in_kind_contributions Contributions volontaires en nature
  870 volunteering Bénévolat
  871 services Prestations en nature
  875 gifts Dons en nature
"""

_ACTIVITY_EXPENSES = """
- activities Activités
  - meetings Ateliers, rencontres, formations
  - tools Publications, outils, communication
  - local_actions Actions menées par les partenaires
- people Personnes
  - staff Salaires et charges
  - services Prestations et honoraires
- travel Déplacements
  - transport Transport
  - stay Hébergement et repas
- equipment Matériel
  - purchases Achats
  - rent Locations
- running Fonctionnement
  - indirect Frais généraux
  - bank Frais bancaires et de change
- in_kind_uses Emplois des contributions volontaires en nature
  - goods Biens et locaux mis à disposition
  - volunteering Temps bénévole
"""

_ACTIVITY_INCOME = """
- grants Subventions
  - this_fund Subvention demandée à ce fonds
  - public Collectivités et institutions publiques
  - international Fonds européens et internationaux
  - private Fondations et entreprises
- other_income Autres ressources
  - sales Ventes et participations
  - donations Dons et cotisations
- own_funds Ressources propres affectées au projet
  - other Ressources propres
- in_kind_contributions Contributions volontaires en nature
  - gifts Biens et locaux donnés
  - volunteering Bénévolat
"""

#: The line that holds the request: its amount is the amount requested. Every chart has it.
THIS_FUND = "grants.this_fund"
#: What the holder puts in: the other line that is always there.
OWN_FUNDS = "own_funds.other"
_IN_KIND = {"in_kind_uses", "in_kind_contributions"}
_PER_FUNDER = {"grants"}


def _read(side: Side, table: str) -> tuple[Heading, ...]:
    """Headings of a table: a heading a line, its accounts indented under it."""
    headings: list[Heading] = []
    for block in table.strip().replace("\n  ", "\t").splitlines():
        title, *lines = block.split("\t")
        number, key, label = title.split(" ", 2)
        rows = [line.split(" ", 2) for line in lines]
        accounts = tuple(Account(f"{key}.{name}", digits.strip("-"), words) for digits, name, words in rows)
        headings.append(
            Heading(key, side, number.strip("-"), label, accounts, key in _IN_KIND, key in _PER_FUNDER),
        )
    return tuple(headings)


_OFFERED_IN_KIND = ("in_kind_uses.volunteering", "in_kind_contributions.volunteering")
CERFA_12156_06 = Chart(
    "cerfa-12156-06",
    _read(Side.EXPENSE, _EXPENSES) + _read(Side.INCOME, _INCOME),
    "Plan comptable du formulaire unique (Cerfa 12156*06)",
    (
        *("purchases.services", "external_services.rent", "other_services.fees", "other_services.travel"),
        *("staff.wages", "staff.social_charges", "indirect.fixed_costs"),
        *(THIS_FUND, "grants.department", "grants.private", OWN_FUNDS),
        *_OFFERED_IN_KIND,
    ),
)
BY_ACTIVITY_1 = Chart(
    "by-activity-1",
    _read(Side.EXPENSE, _ACTIVITY_EXPENSES) + _read(Side.INCOME, _ACTIVITY_INCOME),
    "Plan court par activité",
    (
        *("activities.meetings", "activities.tools", "people.staff", "people.services"),
        *("travel.transport", "travel.stay", "equipment.purchases", "running.indirect"),
        *(THIS_FUND, "grants.public", "grants.private", OWN_FUNDS),
        *_OFFERED_IN_KIND,
    ),
)
CHARTS = {chart.version: chart for chart in (CERFA_12156_06, BY_ACTIVITY_1)}


#: The four tables of a budget: a name, its side, whether it holds valued contributions rather than cash.
TABLES = (
    ("expense", Side.EXPENSE, False),
    ("income", Side.INCOME, False),
    ("in-kind-expense", Side.EXPENSE, True),
    ("in-kind-income", Side.INCOME, True),
)


def heading_of_any(key: str) -> Heading | None:
    """A heading by its key in whichever chart has it, for words that stand apart from their call."""
    return next((found for chart in CHARTS.values() if (found := chart.heading(key))), None)
