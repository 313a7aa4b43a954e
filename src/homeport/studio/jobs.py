"""What could not be done behind the scenes, why, and a button to try it again."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect
from sqlalchemy.orm import Session

from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.jobs.actions import delete_job, retry_job
from homeport.jobs.queries import count_backlog, list_failed_jobs
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("studio_jobs", __name__, template_folder="templates")


@blueprint.get("/studio/jobs")
@requires(Permission.MANAGE)
def show() -> str:
    failed, backlog = list_failed_jobs(reader()), count_backlog(reader())
    return render_studio("studio/jobs.html", title="Jobs", failed=failed, backlog=backlog, mode=kernel().settings.jobs)


@blueprint.post("/studio/jobs/<int:job_id>/retry")
@requires(Permission.MANAGE)
def retry(job_id: int) -> Response:
    return _changed(retry_job, job_id)


@blueprint.post("/studio/jobs/<int:job_id>/delete")
@requires(Permission.MANAGE)
def delete(job_id: int) -> Response:
    return _changed(delete_job, job_id)


def _changed(change: Callable[[Session, int], None], job_id: int) -> Response:
    change(session(), job_id)
    return make_response(redirect("/studio/jobs", 303))
