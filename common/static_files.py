"""Static files of production: named after their content, so that browsers may keep them for ever."""

from typing import ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


_IMPORT = r"""(?P<matched>from "(?P<url>\./[\w-]+\.js)")"""


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """The storage of WhiteNoise; our scripts that import another of ours name its hashed file.

    Django's own ``support_js_module_import_aggregation`` reads every script, and stops at what
    vendored ones import only in a comment.
    """

    patterns: ClassVar = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((_IMPORT, 'from "%(url)s"'),)),
    )
