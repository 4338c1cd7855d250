"""How pages are drawn: Jinja as it is, but what is shown is escaped by a shorter way.

Between two tags stands, most of the time, a plain text without any special character, or HTML that is ready. The
general `escape` makes a new object of each; a list of fifty lines asks it a thousand times.
"""

import re

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_special = re.compile("[&<>'\"]").search


def html_of(value: object) -> str:
    """The value as it may stand in a page: joined to its neighbours at once, so it need not be a `Markup`."""
    kind = type(value)
    if kind is Markup or (kind is str and _special(value) is None):  # type: ignore[call-overload]
        return value  # type: ignore[return-value]
    if kind is int or kind is float:
        return str(value)
    return escape(value)


class _PageCode(CodeGenerator):
    """Compiles `{{ … }}` of HTML into `html_of` where Jinja would write `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.html_of(")


class _Pages(Environment):
    """Flask's environment with the shorter way."""

    code_generator_class = _PageCode
    html_of = staticmethod(html_of)


def install(app: Flask) -> None:
    """Call it before anything asks for `app.jinja_env`."""
    app.jinja_environment = _Pages
