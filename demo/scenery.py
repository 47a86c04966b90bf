"""What the builders of the démarche share: the services by acronym, the accounts, the files."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Prefecture, Service, User
from modules.models import Commitment, LabelCycle, StoredFile
from modules.services.files import store_file


FILES = Path(__file__).parent / "files"


@dataclass(frozen=True, slots=True)
class Scenery:
    """A démarche and what its rows point to; ``by`` signs what nobody else does."""

    cycle: LabelCycle
    users: dict[str, User]
    services: dict[str, Service]
    commitments: dict[str, Commitment]
    by: User

    @property
    def prefecture(self) -> Prefecture:
        return self.cycle.prefecture

    def account(self, name: str) -> User:
        """Return the account of this préfecture that has this local part."""
        return self.users[f"{name}@{self.prefecture.slug}.demo"]

    def user(self, name: str) -> User | None:
        """Return the same; ``None`` for an empty name."""
        return self.account(name) if name else None

    def service(self, acronym: str) -> Service | None:
        """Return the service of this acronym; ``None`` for an empty one."""
        return self.services[acronym] if acronym else None

    def upload(self, file: str) -> SimpleUploadedFile:
        """Return a file of ``demo/files`` as if somebody was handing it in."""
        return SimpleUploadedFile(file, (FILES / file).read_bytes())

    def store(self, file: str, name: str) -> StoredFile:
        """Keep such a file."""
        return store_file(
            prefecture=self.prefecture, upload=self.upload(file), name=name, by=self.by
        )


def scenery_of(cycle: LabelCycle, users: dict[str, User], by: User) -> Scenery:
    """Gather what the rows of a démarche point to (2 queries)."""
    return Scenery(
        cycle=cycle,
        users=users,
        services={item.acronym: item for item in cycle.prefecture.services.order_by("pk")},
        commitments={item.code: item for item in cycle.referential.commitments.order_by("pk")},
        by=by,
    )


def morning_of(day: date) -> datetime:
    """Return ten o’clock that day: the moment of an act of which the demo knows the day only."""
    return timezone.make_aware(datetime.combine(day, time(10)))
