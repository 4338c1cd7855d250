"""The words of what an officer does."""

from grants.web.kit.language import lazy_gettext as _l
from grants.workflow.actions import Action

ACTS = {
    Action.SCREENING_TAKE: _l("Prendre en charge"),
    Action.SCREENING_CHECK: _l("Enregistrer les vérifications automatiques"),
    Action.SCREENING_DECLARE_ELIGIBLE: _l("Déclarer éligible"),
    Action.SCREENING_DECLARE_INELIGIBLE: _l("Déclarer inéligible"),
    Action.SCREENING_DECLARE_INADMISSIBLE: _l("Déclarer irrecevable"),
    Action.SCREENING_KEEP_NOTE: _l("Retenir la note d’intention"),
}


def act_words(action: Action) -> str:
    """What an act on many files is called."""
    return str(ACTS[action])
