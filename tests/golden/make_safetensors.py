"""Writes sample.safetensors with the public package: what our reader must understand.

    pip install numpy safetensors && python3 make_safetensors.py
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "layer.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,  # [out, in]
        "layer.bias": np.array([-0.0, np.inf], dtype=np.float32),
        "state": np.array([0.1, -1e300, 5e-324]),
        "flags": np.array([0, 1, 255], dtype=np.uint8),
        "step": np.array([-(2**62)], dtype=np.int64),
        "none": np.zeros((0, 4), dtype=np.float32),
    },
    pathlib.Path(__file__).with_name("sample.safetensors"),
    metadata={"made_by": "safetensors"},
)
