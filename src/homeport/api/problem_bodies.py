"""What a refusal says."""

from typing import Annotated, NotRequired, TypedDict

from homeport.api.schema import Limits


class Use(TypedDict):
    """An entry that shows a file."""

    title: str
    path: str


class Problem(TypedDict):
    """Why something was refused (RFC 9457); what is there beyond the first four depends on the reason."""

    title: str
    status: int
    detail: str
    request_id: str
    faults: NotRequired[Annotated[dict[str, str], Limits(description="A sentence for each field at fault.")]]
    version: NotRequired[Annotated[int, Limits(description="The version that there is now.")]]
    theirs: NotRequired[Annotated[dict[str, str], Limits(description="The fields as somebody else has saved them.")]]
    merged: NotRequired[Annotated[dict[str, str], Limits(description="Both changes together.")]]
    has_marks: NotRequired[Annotated[bool, Limits(description="Whether the merged text has marks to be decided.")]]
    disputed: NotRequired[
        Annotated[list[str], Limits(description="Fields that both have changed; yours stands there.")]
    ]
    changed_by: NotRequired[str]
    changed_at: NotRequired[str]
    uses: NotRequired[Annotated[list[Use], Limits(description="Who uses what cannot be deleted so.")]]
