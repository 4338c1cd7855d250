"""The editor of a call: begun, written part by part, previewed, published, amended by versions."""

from grants.web.call.editing import beginning, builder, parts, previews, question_pages, releasing

__all__ = ["beginning", "builder", "parts", "previews", "question_pages", "releasing"]
