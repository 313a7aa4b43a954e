"""The database may go at any moment of a form's way: then the answer is that form again, with all that was typed."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import InternalServerError

from homeport.comments.forms import CommentForm, read_form
from homeport.comments.pages import NOTHING, with_status
from homeport.errors import UnavailableError
from homeport.web.errors import answer
from homeport.web.meta import PageMeta
from homeport.web.templating import render_page

MESSAGE = "The site is being looked after at this moment. What you wrote is here: please send it again shortly."
RETRY_AFTER_SECONDS = 5
AWAY = (UnavailableError, OperationalError, InterfaceError)


def answer_with(blueprint: Blueprint, page: Callable[[], str]) -> None:
    """Answer a blueprint's forms with `page` whenever the database is away, at the commit too."""

    def give_back(error: Exception) -> Response:
        # What fails at the commit comes wrapped: by then the view has answered already.
        cause = error.original_exception if isinstance(error, InternalServerError) else error
        if not isinstance(cause, AWAY):
            return answer(500)
        if request.method != "POST":
            return answer(503)
        response = with_status(page(), 503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    for kind in (*AWAY, InternalServerError):
        blueprint.register_error_handler(kind, give_back)


def comment_form() -> str:
    """Return a visitor's form; it asks the database for nothing."""
    typed = read_form(request.form)
    form = CommentForm(typed.name, typed.email, typed.url, typed.text, typed.reply_to, typed.is_trapped)
    is_edit = request.path.startswith("/comments/edit/")
    token = request.form.get("token", "")
    return _page("comments/edit.html" if is_edit else "comments/form.html", form=form, token=token)


def text_form() -> str:
    """Return what an author sent, whatever it was, to be sent again."""
    return _page("comments/away.html", fields=request.form.items(multi=True))


def _page(template: str, **context: object) -> str:
    page = PageMeta(title="Back in a moment", path=request.path, is_indexed=False)
    values = {**NOTHING, "message": MESSAGE, "action": request.path, **context}
    return render_page(template, site=None, page=page, **values)
