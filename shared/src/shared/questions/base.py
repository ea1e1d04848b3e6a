"""What every question and every answer have in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """Frozen, and unknown fields of a newer asker are ignored. `subject`: `SERVICE.ask.THING.vN`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]


class Reply(BaseModel):
    """What comes back. Frozen, and unknown fields of a newer answerer are ignored. Bytes travel as base64url."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64")
