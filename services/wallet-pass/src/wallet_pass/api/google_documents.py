"""What Google Wallet is told of a pass, as a schema: the fields that every pass has. Fields and limits:
docs/sources/wallets.md, 2."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class GenericClass(BaseModel):
    """What all passes of an authority and product share."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="Issuer's number, a dot, authority and product.")
    multipleDevicesAndHoldersAllowedStatus: Literal["MULTIPLE_HOLDERS"]  # noqa: N815  (Google's spelling)


class GenericObject(BaseModel):
    """One ticket, in its holder's name."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="Issuer's number, a dot, serial number of the pass.")
    classId: str  # noqa: N815
    genericType: Literal["GENERIC_SEASON_PASS"]  # noqa: N815
    state: Literal["ACTIVE", "INACTIVE", "EXPIRED"] = Field(description="Suspended: INACTIVE. Revoked: EXPIRED.")


class GoogleDocuments(BaseModel):
    """Both documents of a pass, as they go to Google over REST."""

    generic_class: GenericClass = Field(alias="class")
    generic_object: GenericObject = Field(alias="object")
