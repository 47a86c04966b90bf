"""A script of ours that imports another asks production for the file it keeps."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from common.static_files import ModuleStaticFilesStorage


def test_an_import_names_the_hashed_file_and_vendored_scripts_are_left_alone(
    tmp_path: Path,
) -> None:
    source, kept = tmp_path / "source", tmp_path / "kept"
    vendored = '// import "htmx" from "./nowhere.js"\n'
    for name, text in {
        "js/grid.js": 'import { Row } from "./rows.js";\n',
        "js/rows.js": "export class Row {}\n",
        "vendor/lib.js": vendored,
    }.items():
        for folder in (source, kept):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    storage = ModuleStaticFilesStorage(location=str(kept), base_url="/static/")
    files = FileSystemStorage(location=str(source))

    done = list(
        storage.post_process(
            {name: (files, name) for name in ("js/grid.js", "js/rows.js", "vendor/lib.js")}
        )
    )

    assert not [item for item in done if isinstance(item[2], Exception)]
    rows = Path(storage.stored_name("js/rows.js")).name
    assert rows != "rows.js"
    assert (kept / storage.stored_name("js/grid.js")).read_text() == (
        f'import {{ Row }} from "./{rows}";\n'
    )
    assert (kept / storage.stored_name("vendor/lib.js")).read_text() == vendored
