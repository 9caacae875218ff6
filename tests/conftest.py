from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # an unknown name would be looked up for 25 seconds
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
