"""Balanced budgets for invented files: the amounts asked for and the totals are given, the lines follow from a profile."""

from dataclasses import dataclass
from itertools import pairwise

from grants.domain.budget import Line
from grants.domain.chart import THIS_FUND, FundingStatus, Side

CENTS = 100
ROUND_TO = 50  # euros: people ask for round sums
#: key, label, share of the cash expenses in thousandths
PROFILES = (
    (
        ("purchases.supplies", "Petit matériel des ateliers", 40),
        ("purchases.services", "Restauration et salles", 90),
        ("external_services.insurance", "Assurance des déplacements", 15),
        ("other_services.fees", "Animation et expertise", 130),
        ("other_services.publicity", "Impression et diffusion", 70),
        ("other_services.travel", "Déplacements", 165),
        ("staff.wages", "Coordination", 335),
        ("staff.social_charges", "Charges sociales", 130),
        ("indirect.fixed_costs", "Part de fonctionnement", 25),
    ),
    (
        ("purchases.services", "Accueil des groupes", 110),
        ("external_services.rent", "Location de salles", 50),
        ("other_services.fees", "Interprétariat", 110),
        ("other_services.travel", "Billets et missions", 300),
        ("other_services.publicity", "Carnet et traductions", 80),
        ("staff.wages", "Suivi du projet", 240),
        ("staff.social_charges", "Charges sociales", 90),
        ("indirect.other", "Charges indirectes", 20),
    ),
    (
        ("purchases.supplies", "Fournitures pédagogiques", 70),
        ("other_services.fees", "Intervenantes et intervenants", 260),
        ("other_services.travel", "Déplacements", 140),
        ("other_services.publicity", "Livret", 110),
        ("staff.wages", "Ingénierie", 280),
        ("staff.social_charges", "Charges sociales", 110),
        ("indirect.fixed_costs", "Charges fixes", 30),
    ),
)
#: key, label, status, share of what others bring in thousandths
FUNDERS = (
    (
        ("grants.department", "Conseil départemental", FundingStatus.GRANTED, 400),
        ("grants.private", "Fondation", FundingStatus.GRANTED, 250),
        ("other_income.donations", "Dons", None, 150),
        ("own_funds.other", "Ressources propres", None, 200),
    ),
    (
        ("grants.region", "Conseil régional", FundingStatus.REQUESTED, 450),
        ("grants.commune", "Commune", FundingStatus.GRANTED, 150),
        ("other_income.membership_fees", "Cotisations", None, 100),
        ("own_funds.other", "Ressources propres", None, 300),
    ),
    (
        ("grants.intermunicipal", "Communauté d’agglomération", FundingStatus.GRANTED, 350),
        ("grants.private", "Fondation d’entreprise", FundingStatus.REQUESTED, 350),
        ("own_funds.other", "Ressources propres", None, 300),
    ),
)
IN_KIND_THOUSANDTHS = 110


@dataclass(frozen=True)
class _Written:
    """A budget written out: whole euros by key, with a label and the status of a funder."""

    expenses: tuple[tuple[str, str, int], ...]
    income: tuple[tuple[str, str, int, FundingStatus | None], ...]
    in_kind: tuple[tuple[str, str, str, int], ...]


GRANTED, REQUESTED = FundingStatus.GRANTED, FundingStatus.REQUESTED
WRITTEN = {
    "A01": _Written(
        (
            ("purchases.supplies", "Petit matériel", 600),
            ("purchases.services", "Repas et salles des ateliers", 3_200),
            ("external_services.rent", "Location d’un minibus", 900),
            ("external_services.insurance", "Assurance", 150),
            ("other_services.fees", "Interprétariat et appui à l’enquête", 2_400),
            ("other_services.publicity", "Cahier de recommandations", 1_150),
            ("other_services.travel", "Déplacements des enquêteurs", 3_650),
            ("taxes.payroll", "Taxe sur les salaires", 380),
            ("staff.wages", "Coordination de l’enquête", 6_900),
            ("staff.social_charges", "Charges sociales", 2_760),
            ("management.other", "Droits et documentation", 250),
            ("financial_charges.other", "Frais bancaires", 60),
            ("indirect.fixed_costs", "Part de fonctionnement", 500),
        ),
        (
            (THIS_FUND, "", 15_500, REQUESTED),
            ("grants.department", "Conseil départemental", 3_000, GRANTED),
            ("grants.commune", "Commune", 900, REQUESTED),
            ("grants.private", "Fondation", 1_500, GRANTED),
            ("other_income.membership_fees", "Cotisations", 300, None),
            ("other_income.donations", "Dons", 700, None),
            ("own_funds.other", "Ressources propres", 1_000, None),
        ),
        (
            ("in_kind_uses.volunteering", "in_kind_contributions.volunteering", "Bénévolat", 2_100),
            ("in_kind_uses.goods", "in_kind_contributions.services", "Salles et véhicule prêtés", 900),
        ),
    ),
    "A04": _Written(
        (
            ("other_services.fees", "Conception et animation", 9_000),
            ("other_services.travel", "Venue des intervenantes et intervenants", 7_600),
            ("other_services.publicity", "Supports et capitalisation", 4_400),
        ),
        (
            (THIS_FUND, "", 14_500, REQUESTED),
            ("own_funds.other", "Budget de formation de l’union", 4_000, None),
            ("grants.other_public", "Fonds de la formation professionnelle", 2_500, GRANTED),
        ),
        (("in_kind_uses.goods", "in_kind_contributions.services", "Salles des structures d’accueil", 1_800),),
    ),
    "A07": _Written(
        (
            ("purchases.supplies", "Ustensiles d’essai", 1_400),
            ("purchases.services", "Repas d’essai dans cinq écoles", 2_300),
            ("other_services.fees", "Interprétariat et appui juridique", 2_000),
            ("other_services.travel", "Échanges entre cuisines", 4_000),
            ("other_services.publicity", "Livret de recettes et de contrats", 500),
            ("staff.wages", "Coordination", 7_600),
            ("staff.social_charges", "Charges sociales", 2_900),
            ("indirect.fixed_costs", "Charges fixes", 500),
        ),
        (
            (THIS_FUND, "", 14_500, REQUESTED),
            ("grants.commune", "Ville partenaire", 4_200, GRANTED),
            ("own_funds.other", "Ressources propres", 2_500, None),
        ),
        (("in_kind_uses.volunteering", "in_kind_contributions.volunteering", "Parents bénévoles", 1_600),),
    ),
}


def lines(key: str, requested: int, cash: int) -> list[Line]:
    """The budget of a file: written out where it is, else by a profile; whole euros in, cents out, balanced."""
    written = WRITTEN.get(key)
    if written is not None:
        return _lines(written)
    turn = sum(map(ord, key))
    return _lines(_by_profile(turn, requested, cash))


def _by_profile(turn: int, requested: int, cash: int) -> _Written:
    profile, funders = PROFILES[turn % len(PROFILES)], FUNDERS[turn // 2 % len(FUNDERS)]
    spent = _shared(cash, [share for *_, share in profile])
    brought = _shared(cash - requested, [share for *_, share in funders])
    volunteers = round(cash * IN_KIND_THOUSANDTHS / 1000 / ROUND_TO) * ROUND_TO
    return _Written(
        tuple((key, label, euros) for (key, label, _), euros in zip(profile, spent, strict=True)),
        (
            (THIS_FUND, "", requested, REQUESTED),
            *((key, label, euros, status) for (key, label, status, _), euros in zip(funders, brought, strict=True)),
        ),
        (("in_kind_uses.volunteering", "in_kind_contributions.volunteering", "Bénévolat", volunteers),),
    )


def _shared(whole: int, shares: list[int]) -> list[int]:
    """`whole` euros by shares, in round sums; the last takes the rest, and the parts add up."""
    marks, run = [0], 0
    for share in shares:
        run += share
        marks.append(round(whole * run / sum(shares) / ROUND_TO) * ROUND_TO)
    marks[-1] = whole
    return [after - before for before, after in pairwise(marks)]


def _lines(written: _Written) -> list[Line]:
    expenses = [Line(Side.EXPENSE, key, label, euros * CENTS) for key, label, euros in written.expenses]
    income = [Line(Side.INCOME, key, label, euros * CENTS, status) for key, label, euros, status in written.income]
    uses = [Line(Side.EXPENSE, use, label, euros * CENTS) for use, _, label, euros in written.in_kind]
    gifts = [Line(Side.INCOME, gift, label, euros * CENTS) for _, gift, label, euros in written.in_kind]
    return [*expenses, *uses, *income, *gifts]
