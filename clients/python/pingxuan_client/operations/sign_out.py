from pydantic import Field

from .base_model import BaseModel


class SignOut(BaseModel):
    sign_out: bool | None = Field(alias="signOut")
