from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # an unknown name would be looked up for 25 seconds
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

from hypothesis import settings

from studio_server import studio, studio_folder, studio_template

__all__ = ["studio", "studio_folder", "studio_template"]  # fixtures that several modules share

settings.register_profile("unhurried", deadline=None)  # no timing is asserted anywhere, not by hypothesis either
settings.load_profile("unhurried")
