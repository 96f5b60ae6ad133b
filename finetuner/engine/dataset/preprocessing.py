"""How an image becomes the network's input, described once and carried with the model."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Mean = Annotated[float, Field(allow_inf_nan=False)]
Deviation = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Preprocessing(BaseModel):
    """Centre square of side `min(h, w) * crop_pct`, one antialiased resize to `input_size`, normalise.

    `mean` and `std` are per RGB channel on the scale 0..1. The decoding rule before it (orientation,
    colour, bit depth) is `dataset.decode`'s and the same for every model.
    """

    model_config = ConfigDict(frozen=True)
    input_size: int = Field(224, ge=16, le=4096)
    mean: tuple[Mean, Mean, Mean] = (0.485, 0.456, 0.406)
    std: tuple[Deviation, Deviation, Deviation] = (0.229, 0.224, 0.225)
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    crop_pct: float = Field(0.875, gt=0, le=1)
