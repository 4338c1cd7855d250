"""Reasons that count something: one sentence for one, another for several."""

from collections.abc import Callable, Mapping

from grants.web.kit.language import ngettext

# code of a reason: the name of its count, the sentence for that count
COUNTED: dict[str, tuple[str, Callable[[int], str]]] = {
    "every_file_decided": (
        "open_files",
        lambda n: ngettext("Il reste %(num)s dossier sans décision.", "Il reste %(num)s dossiers sans décision.", n),
    ),
    "every_file_proposed": (
        "undecided",
        lambda n: ngettext(
            "Il reste %(num)s dossier sans proposition du comité.",
            "Il reste %(num)s dossiers sans proposition du comité.",
            n,
        ),
    ),
    "every_review_given": (
        "missing_reviews",
        lambda n: ngettext("Il manque %(num)s évaluation.", "Il manque %(num)s évaluations.", n),
    ),
    "every_report_accepted": (
        "reports_outstanding",
        lambda n: ngettext("Il reste %(num)s rapport à accepter.", "Il reste %(num)s rapports à accepter.", n),
    ),
    "every_tranche_settled": (
        "tranches_outstanding",
        lambda n: ngettext(
            "Il reste %(num)s tranche à verser ou à annuler.", "Il reste %(num)s tranches à verser ou à annuler.", n
        ),
    ),
}


def counted(code: str, params: Mapping[str, object]) -> str | None:
    """The sentence of a reason that counts; None when it counts nothing, or does not say how many."""
    if code not in COUNTED:
        return None
    name, words = COUNTED[code]
    number = params.get(name)
    return str(words(number)) if isinstance(number, int) else None
