"""What the embedded settings promise: everything the application keeps lies in its data folder."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_embedded_state_lies_in_the_data_folder(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.EMAIL_FILE_PATH, s.DATABASES['default']['NAME'],"
        " s.STORAGES['default']['OPTIONS']['location'],"
        " s.CELERY_BROKER_TRANSPORT_OPTIONS['data_folder_in'],"
        " s.CELERY_BEAT_SCHEDULE_FILENAME, sep='\\n')"
    )
    kept = ("PATH", "HOME", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {
        "QUALEPREF_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "qualepref.settings.local",
    }
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    outside = [path for path in printed.split() if not Path(path).is_relative_to(tmp_path)]
    assert outside == []
