from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import Role


class SignIn(BaseModel):
    sign_in: Optional["SignInSignIn"] = Field(alias="signIn")


class SignInSignIn(BaseModel):
    token: str
    expires_at: datetime = Field(alias="expiresAt")
    viewer: "SignInSignInViewer"


class SignInSignInViewer(BaseModel):
    id: str
    roles: list[Role]


SignIn.model_rebuild()
SignInSignIn.model_rebuild()
