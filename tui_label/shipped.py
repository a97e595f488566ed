"""Where the files that travel with the program are.

``models/`` and ``themes/`` stand at the top of the repository and are carried inside the
wheel as ``tui_label/_shipped``; an editable install reads them where they stand.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder ``models`` or ``themes``, from a wheel or from a checkout.

    Raises:
        FileNotFoundError: neither exists, so the installation is damaged.

    """
    for place in (_PACKAGE / "_shipped" / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"tui-label was installed without its {folder}/ folder; install it again."
    )
