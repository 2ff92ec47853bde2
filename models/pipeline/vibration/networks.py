"""An autoencoder of the order spectrum and a classifier beside it. The classifier sees what the autoencoder could not explain.

`Small` looks at the features alone; `Large` also listens to the raw wave, where impulses show before they show in a spectrum.
"""
import torch
from torch import nn

from .features import FEATURES, ORDER_FEATURES, centred, features


class Small(nn.Module):
    """Some six thousand weights."""

    HIDDEN, CODE, WAVE = 24, 8, 0

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("scale", torch.ones(FEATURES))
        self.register_buffer("score_scale", torch.ones(1))
        self.encoder = nn.Linear(FEATURES, self.HIDDEN)
        self.code = nn.Linear(self.HIDDEN, self.CODE)
        self.decoder = nn.Linear(self.CODE, self.HIDDEN)
        self.rebuilt = nn.Linear(self.HIDDEN, ORDER_FEATURES)
        self.mixed = nn.Linear(self.HIDDEN + 1 + self.WAVE, self.HIDDEN)
        self.head = nn.Linear(self.HIDDEN, 2)

    def listen(self, window):
        """What the raw wave adds; nothing here."""
        return window.new_zeros(len(window), 0)

    def forward(self, window, rated_rpm, known=None):
        """Logits, squared error and reconstruction (standardised order powers); `known` may hold features made before.

        The published score is the error over `score_scale`, the 95th percentile of well windows: above 1 is rare for a well machine.
        """
        x = (features(window, rated_rpm) if known is None else known).sub(self.mean).div(self.scale)
        hidden = torch.relu(self.encoder(x))
        rebuilt = self.rebuilt(torch.relu(self.decoder(self.code(hidden))))
        error = (rebuilt - x[:, :ORDER_FEATURES]).square().mean(1, keepdim=True)
        mixed = torch.relu(self.mixed(torch.cat([hidden, error, self.listen(window)], 1)))
        return self.head(mixed), error, rebuilt


class Large(Small):
    """Some sixty thousand weights."""

    HIDDEN, CODE, WAVE = 96, 16, 128
    CHANNELS = (32, 48, 64, 64)

    def __init__(self):
        super().__init__()
        layers, inputs = [], 3
        for outputs, kernel in zip(self.CHANNELS, (9, 7, 5, 5)):
            convolution = nn.Conv1d(inputs, outputs, kernel, 2, kernel // 2, bias=False)
            layers.append(nn.Sequential(convolution, nn.BatchNorm1d(outputs), nn.ReLU()))
            inputs = outputs
        self.layers = nn.Sequential(*layers)

    def listen(self, window):
        x = self.layers(centred(window).transpose(1, 2) * 8)
        return torch.cat([x.mean(2), x.amax(2)], 1)


NETWORKS = {"small": Small, "large": Large}
