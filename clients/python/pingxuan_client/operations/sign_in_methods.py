from pydantic import Field

from .base_model import BaseModel
from .enums import SignInProvider


class SignInMethods(BaseModel):
    sign_in_methods: list["SignInMethodsSignInMethods"] = Field(alias="signInMethods")


class SignInMethodsSignInMethods(BaseModel):
    door: SignInProvider
    appid: str | None
    scope: str | None
    provider: str | None
    issuer: str | None
    client_ids: list[str] = Field(alias="clientIds")


SignInMethods.model_rebuild()
