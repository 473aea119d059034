"""The networks written independently in PyTorch, with the parameters of this project's tensors (Keras's layouts).
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


def before(x, steps):
    """Each reading's predecessor so many steps before, or the first one."""
    first = x[:, :1]
    return torch.cat([first] * min(steps, x.shape[1]) + [x[:, : x.shape[1] - min(steps, x.shape[1])]], 1)


def signed_logarithm(x):
    return torch.sign(x) * torch.log1p(torch.abs(x))


def kinetics(x1, x2):
    """(samples, runs), (samples, steps, 3 runs) -> (samples * runs, steps, 14), as kinetics.h lists them."""
    n, steps, _ = x2.shape
    runs = x1.shape[1]
    x = x2.reshape(n, steps, runs, 3).transpose(1, 2).reshape(n * runs, steps, 3)
    t, s_raw, p_raw = x[..., 0], x[..., 1], x[..., 2]
    loading = x1.reshape(-1, 1).clamp(min=2.0**-20).expand_as(t)
    p_start = torch.nan_to_num(p_raw[:, :1], nan=0.0)
    s_start = torch.where(torch.isnan(s_raw[:, :1]), 1 - p_start, s_raw[:, :1])
    total = s_start + p_start
    s = torch.where(torch.isnan(s_raw), total - p_raw, s_raw)
    p = torch.where(torch.isnan(p_raw), total - s_raw, p_raw)

    def turnover(x, steps, sign):
        step = (t - before(t, steps)).clamp(min=2.0**-20)
        return signed_logarithm(sign * (x - before(x, steps)) / (step * loading)) / 4

    def scaled(x):
        return torch.log(x) / 4 + 0.75

    step = (t - before(t, 1)).clamp(min=2.0**-20)
    columns = [t, s, p, scaled(t.clamp(min=2.0**-13)), scaled(step), torch.log(loading) / 2 + 1.5]
    columns += [scaled(s.clamp(min=2.0**-10)), turnover(s, 1, -1), turnover(p, 1, 1)]
    columns += [turnover(s, 3, -1), turnover(p, 3, 1), signed_logarithm((total - s - p) / loading)]
    columns += [(~torch.isnan(s_raw)).to(t.dtype), (~torch.isnan(p_raw)).to(t.dtype)]
    return torch.stack(columns, -1)


def together(x, runs):
    """Rows of runs side by side: of a series or of single rows."""
    if x.dim() == 2:
        return x.reshape(-1, runs * x.shape[1])
    n, steps, width = x.shape
    return x.reshape(n // runs, runs, steps, width).transpose(1, 2).reshape(n // runs, steps, runs * width)


def separate(w, x1, x2):
    code = lstm(w, "lstm_2", lstm(w, "lstm_1", kinetics(x1, x2)))[:, -1]
    return head(w, torch.relu(dense(w, "joined", together(code, x1.shape[1]))))


def joint(w, x1, x2):
    code = lstm(w, "lstm_2", lstm(w, "lstm_1", together(kinetics(x1, x2), x1.shape[1])))[:, -1]
    return head(w, torch.relu(dense(w, "joined", code)))


def kinetic(w, x1, x2):
    code = lstm(w, "lstm_2", together(lstm(w, "lstm_1", kinetics(x1, x2)), x1.shape[1]))[:, -1]
    return head(w, torch.relu(dense(w, "joined", code)))


KINETIC = {f.__name__: f for f in (kinetic, joint, separate)}
FUSIONS = {f.__name__: f for f in (average, attention, gate, hadamard, nature)}


def probabilities(network, weights, x1, x2):
    if network in KINETIC:
        return KINETIC[network](weights, x1, x2)
    c = torch.relu(dense(weights, "static", x1))
    k = lstm(weights, "lstm_2", lstm(weights, "lstm_1", x2))[:, -1]
    return FUSIONS[network](weights, c, k)


def smoothed_cross_entropy(p, labels, smoothing):
    target = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) * (1 - smoothing) + smoothing / p.shape[1]
    return -(target * torch.log(p)).sum(1).mean()
