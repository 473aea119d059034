"""What the library says of an experiment: a network's answer, fits of mechanisms, kinetics without a mechanism."""
