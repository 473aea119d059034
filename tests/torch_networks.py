"""The five networks written independently in PyTorch, with the parameters of this project's tensors (Keras's layouts).
The tests compare probabilities and gradients with it."""
import torch


def lstm(weights, name, series):
    """All hidden states. PyTorch's gates have the order of Keras's, i f g o; its kernels are transposed."""
    kernel, recurrent = weights[name + "/kernel"].T, weights[name + "/recurrent_kernel"].T
    bias = weights[name + "/bias"]
    start = torch.zeros(1, series.shape[0], recurrent.shape[1], dtype=series.dtype)
    parameters = [kernel, recurrent, bias, torch.zeros_like(bias)]
    return torch.lstm(series, (start, start), parameters, True, 1, 0.0, False, False, True)[0]


def dense(weights, name, x):
    return x @ weights[name + "/kernel"] + weights[name + "/bias"]


def head(weights, x):
    return torch.softmax(dense(weights, "output", torch.relu(dense(weights, "hidden", x))), 1)


def average(w, c, k):
    return (torch.softmax(dense(w, "static_output", c), 1) + torch.softmax(dense(w, "dynamic_output", k), 1)) / 2


def attention(w, c, k):
    z = torch.cat([c, k], 1)
    return head(w, z * torch.softmax(dense(w, "attention", z), 1))


def gate(w, c, k):
    c, k = dense(w, "static_projection", c), dense(w, "dynamic_projection", k)
    return head(w, torch.sigmoid(dense(w, "static_gate", c)) * c + torch.sigmoid(dense(w, "dynamic_gate", k)) * k)


def hadamard(w, c, k):
    c, k = dense(w, "static_projection", c), dense(w, "dynamic_projection", k)
    return head(w, torch.relu(dense(w, "combined", c * k)))


def nature(w, c, k):
    return head(w, torch.cat([c, k], 1))


FUSIONS = {f.__name__: f for f in (average, attention, gate, hadamard, nature)}


def probabilities(network, weights, x1, x2):
    c = torch.relu(dense(weights, "static", x1))
    k = lstm(weights, "lstm_2", lstm(weights, "lstm_1", x2))[:, -1]
    return FUSIONS[network](weights, c, k)


def smoothed_cross_entropy(p, labels, smoothing):
    target = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) * (1 - smoothing) + smoothing / p.shape[1]
    return -(target * torch.log(p)).sum(1).mean()
