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


def curves(turnover_times, s, log_s):
    """Of (rows, steps): what multiplies S and ln S of each stretch between two readings, as comparisons.h says."""
    steps = s.shape[1]
    k = torch.arange(steps - 1)
    by_log = []
    for third in torch.where(k > 0, k - 1, k + 2), torch.where(k + 2 < steps, k + 2, k - 1):
        third = torch.where((third < 0) | (third >= steps), k + 1, third)
        s1, s2 = s[:, :-1] - s[:, 1:], s[:, :-1] - s[:, third]
        l1, l2 = log_s[:, :-1] - log_s[:, 1:], log_s[:, :-1] - log_s[:, third]
        t1 = turnover_times[:, 1:] - turnover_times[:, :-1]
        t2 = turnover_times[:, third] - turnover_times[:, :-1]
        determinant = s1 * l2 - s2 * l1
        least = (torch.abs(s1 * l2) + torch.abs(s2 * l1)) / 64 + (torch.abs(s1) + torch.abs(s2)) / 65536
        by_log.append((s1 * t2 - s2 * t1) * (determinant / (determinant**2 + least**2).clamp(min=1e-30)))
    by_log = (by_log[0] + by_log[1]) / 2
    straight = turnover_times[:, 1:] - turnover_times[:, :-1] - by_log * (log_s[:, :-1] - log_s[:, 1:])
    return straight / (s[:, :-1] - s[:, 1:]), by_log


def passage(curve, s, log_s):
    """When the curves of (rows, steps) first came to the S of (rows, m): turnover times and whether they did."""
    times, curve_s, curve_log, by_s, by_log = (x.unsqueeze(1) for x in curve)
    s, log_s = s.unsqueeze(2), log_s.unsqueeze(2)
    here = (curve_s[..., :-1] >= s) & (s > curve_s[..., 1:])
    x = times[..., :-1] + by_s * (curve_s[..., :-1] - s) + by_log * (curve_log[..., :-1] - log_s)
    x = torch.minimum(torch.maximum(x, times[..., :-1]), times[..., 1:])
    found, first = here.any(-1), here.to(torch.int64).argmax(-1, keepdim=True)
    return torch.where(found, torch.gather(x, 2, first)[..., 0], torch.zeros_like(s[..., 0])), found


def comparisons(x1, k):
    """(samples, runs), kinetics of (samples * runs, steps, 14) -> (samples * runs, steps, 2 runs - 1)."""
    n, runs = x1.shape
    steps = k.shape[1]
    loading = x1.reshape(-1, 1)
    t, s, p, log_s, both = k[..., 0], k[..., 1], k[..., 2], k[..., 6], (k[..., 12] > 0) & (k[..., 13] > 0)
    missing = s[:, :1] + p[:, :1] - s - p
    outside = torch.where(missing < 0, -missing, (missing - loading).clamp(min=0))[:, 1:] * both[:, 1:]
    count = both[:, 1:].reshape(n, -1).sum(1)
    sigma = torch.sqrt((outside**2).reshape(n, -1).sum(1) / count.clamp(min=1))
    sigma = torch.where(count > 0, sigma, torch.full_like(sigma, 0.01)).repeat_interleave(runs).unsqueeze(1)
    times = t * loading.clamp(min=2.0**-20)
    own = (times, s, log_s) + curves(times, s, log_s)
    deviations, seen = [], []
    for ahead in range(1, runs):
        rows = torch.arange(n * runs)
        rows = rows // runs * runs + (rows + ahead) % runs
        other = tuple(x[rows] for x in own)
        lower = s[:, :1] < other[1][:, :1]
        start_s = torch.where(lower, s[:, :1], other[1][:, :1])
        start_log = torch.where(lower, log_s[:, :1], other[2][:, :1])
        starts = []
        for curve in own, other:
            at_once = curve[1][:, :1] <= start_s
            time, found = passage(curve, start_s, start_log)
            starts.append((torch.where(at_once, torch.zeros_like(time), time), found | at_once))
        there, found = passage(other, s, log_s)
        there, here = there - starts[1][0], times - starts[0][0]
        told = found & starts[0][1] & starts[1][1] & (s < start_s)
        error = sigma / (start_s - s).clamp(min=2.0**-10) + sigma / s.clamp(min=2.0**-10)
        total = (torch.abs(here) + torch.abs(there)).clamp(min=2.0**-30)
        deviation = signed_logarithm((there - here) / (total * (error + 2.0**-10))) / 4
        deviations.append(torch.where(told, deviation, torch.zeros_like(deviation)))
        seen.append(told.to(t.dtype))
    level = torch.log(sigma + 2.0**-12) / 8 + 1
    return torch.stack(deviations + seen + [level.expand_as(t)], -1)


def catalyst(k, c):
    """Kinetics and comparisons -> (samples * runs, steps, 2): what carries substrate and what does not, catalyst.h."""
    s, p = k[..., 1], k[..., 2]
    cat, lost = torch.exp(2 * k[..., 5] - 3), s[:, :1] + p[:, :1] - s - p
    unit = cat / 8192 + torch.relu(torch.exp(8 * c[..., -1] - 8) - 2.0**-12)
    return torch.stack([signed_logarithm(lost / unit) / 8, signed_logarithm((cat - lost) / unit) / 8], -1)


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


def comparative(w, x1, x2):
    k = kinetics(x1, x2)
    code = lstm(w, "lstm_1", torch.cat([k, comparisons(x1, k)], -1))
    code = lstm(w, "lstm_2", together(code, x1.shape[1]))[:, -1]
    return head(w, torch.relu(dense(w, "joined", code)))


def experts(w, x1, x2):
    k = kinetics(x1, x2)
    c = comparisons(x1, k)
    k = torch.cat([k, c, catalyst(k, c)], -1)
    codes = []
    for of_runs, of_all in ("lstm_1", "lstm_2"), ("lstm_3", "lstm_4"):
        codes.append(lstm(w, of_all, together(lstm(w, of_runs, k), x1.shape[1]))[:, -1])
    return head(w, torch.relu(dense(w, "joined", torch.cat(codes, 1))))


KINETIC = {f.__name__: f for f in (kinetic, comparative, experts, joint, separate)}
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
