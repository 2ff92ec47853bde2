"""What the networks look at: power at multiples of the rated turning speed (orders), and power in fixed bands.

The orders come from the second input: cosines and sines at `order · rated_rpm / 60` Hz are made for each row, so that one network
serves machines of every speed. Phases are reduced to one turn before the cosine, because a large float angle is inexact.
"""
import numpy as np
import torch

from .physics import SAMPLE_RATE, WINDOW

ORDERS = np.arange(1, 33) / 2  # 0.5 to 16 times the turning speed
BANDS, BINS_A_BAND = 16, 8  # 128 bins of 6.25 Hz
FLOOR = 1e-6
RPM_SCALE = 1 / 3000
CYCLES_A_SAMPLE_AND_RPM = 1 / (60 * SAMPLE_RATE)


def hann() -> np.ndarray:
    """Normalised so that a sine's power does not depend on the window's length."""
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return (shape * 2 / WINDOW).astype(np.float32)


def centred(window: torch.Tensor) -> torch.Tensor:
    """Without gravity and without the sensor's offset: [N, 256, 3]."""
    return window - window.mean(1, keepdim=True)


def order_powers(window: torch.Tensor, rated_rpm: torch.Tensor) -> torch.Tensor:
    """Log power [N, 32, 3] at each order, for a centred window."""
    steps = torch.from_numpy(np.outer(ORDERS, np.arange(WINDOW)) * CYCLES_A_SAMPLE_AND_RPM).float()
    cycles = rated_rpm[:, :, None] * steps
    angle = (cycles - cycles.floor()) * (2 * np.pi)
    tapered = window * torch.from_numpy(hann())[:, None]
    power = torch.bmm(angle.cos(), tapered) ** 2 + torch.bmm(angle.sin(), tapered) ** 2
    return torch.log(power + FLOOR)


def band_powers(window: torch.Tensor) -> torch.Tensor:
    """Log power [N, 16, 3] in bands of 50 Hz, for a centred window."""
    tapered = window * torch.from_numpy(hann())[:, None]
    spectrum = torch.fft.rfft(tapered, dim=1)[:, : BANDS * BINS_A_BAND]
    power = spectrum.real**2 + spectrum.imag**2
    return torch.log(power.reshape(-1, BANDS, BINS_A_BAND, 3).sum(2) + FLOOR)


def features(window: torch.Tensor, rated_rpm: torch.Tensor) -> torch.Tensor:
    """[N, 145]: orders by axis, bands by axis, and the speed itself."""
    window = centred(window)
    parts = [order_powers(window, rated_rpm).flatten(1), band_powers(window).flatten(1), rated_rpm * RPM_SCALE]
    return torch.cat(parts, 1)


ORDER_FEATURES = ORDERS.size * 3
FEATURES = ORDER_FEATURES + BANDS * 3 + 1
