"""What the guards need of the committees: an object for each address, rows for each list.

Each part of the app has its module here, ``examples_<part>.py``, found by its name.
"""

from importlib import import_module
from pathlib import Path


for path in sorted(Path(__file__).parent.glob("examples_*.py")):
    import_module(f"tests.meetings.{path.stem}")
