"""The names (`type:public_id`) of everything that hangs on some files: what a mail or a document may be about."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, literal, select, union_all

from grants.models import Agreement, Amendment, Application, Decision, Project, Report, Review, Succession, Tranche


def names(files: Select[Any]) -> CompoundSelect[Any]:
    """A query of the names of these files (a query of their ids), their reviews, decisions, projects and what follows."""
    projects = select(Project.id).where(Project.application_id.in_(files))
    of_file: tuple[Any, ...] = (Decision, Review)
    of_project: tuple[Any, ...] = (Agreement, Amendment, Report, Tranche)
    return union_all(
        _names(Application).where(Application.id.in_(files)),
        *(_names(model).where(model.application_id.in_(files)) for model in of_file),
        _names(Succession).where(
            Succession.decision_id.in_(select(Decision.id).where(Decision.application_id.in_(files)))
        ),
        _names(Project).where(Project.id.in_(projects)),
        *(_names(model).where(model.project_id.in_(projects)) for model in of_project),
    )


def _names(model: Any) -> Select[Any]:  # noqa: ANN401 -- any model with a public id
    return select(literal(f"{model.__tablename__}:") + model.public_id)
