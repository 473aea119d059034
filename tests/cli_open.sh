# The page's server: what it serves to the browser that comes first, and what it refuses.
. "$(dirname "$0")/expect.sh"
python=/usr/bin/python3
mkdir page
cat >page/index.html <<'PAGE'
<!doctype html><title>page</title>
<script type="application/json" id="given">[]</script>
PAGE
echo '{"name": "page"}' >page/manifest.webmanifest
printf 'time,S\n0,1\n1,0.5\n' >'runs <b> "1".csv'
MECHANIST_WEB=$PWD/nowhere
export MECHANIST_WEB
refuse 1 "there is no page at '.*nowhere/index.html'; expected the one that 'make web' builds" "$MECHANIST" open --no-browser
mkdir other
echo '<!doctype html>' >other/index.html
MECHANIST_WEB=$PWD/other
refuse 1 'it takes no files; expected a page of this version' "$MECHANIST" open --no-browser
MECHANIST_WEB=$PWD/page
refuse 1 'absent.csv' "$MECHANIST" open --no-browser absent.csv
expect 2 'takes a number up to 65535' "$MECHANIST" open --no-browser --port 65536
if ! $python -c '' 2>/dev/null; then
    echo "python3 is absent: the server is not asked anything"
    finish
    exit
fi
holds "the server gives the page to one browser of this machine and nothing else to anybody" $python - "$MECHANIST" <<'PYTHON'
import base64, json, os, re, signal, socket, subprocess, sys

def ask(request, port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
        try:
            s.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = b""
        try:
            while part := s.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    return answer

def get(target, port, *headers, method="GET", host=None):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", *headers, "", ""]
    return ask("\r\n".join(lines).encode("latin-1"), port)

status = lambda answer: int(answer.split(b" ")[1])
server = subprocess.Popen([sys.argv[1], "open", "--no-browser", 'runs <b> "1".csv', "page/manifest.webmanifest"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
address = server.stdout.readline().strip()
port, token = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([0-9a-f]{32})/", address).groups()
port, page = int(port), f"/{token}/"

# Bad requests, before anybody has the page.
for request, expected in [
    (b"\r\n\r\n", 400), (b"GET\r\n\r\n", 400), (f"GET {page} HTTP/1.1\r\n\r\n".encode(), 400),
    (f"GET {page} HTTP/2\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode(), 400),
    (f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode(), 400),
    (f"GET {page}\0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode(), 400),
    (f"GET {page} HTTP/1.1\nHost: 127.0.0.1:{port}\r\n\r\n".encode(), 400),
    (f"GET {page} HTTP/1.1\r\nHost\r\n\r\n".encode(), 400),
    (os.urandom(100).replace(b"\r", b"") + b"\r\n\r\n", 400), (b"x" * 9000, 431), (b"GET /" + b"a" * 70000, 431)]:
    assert status(ask(request, port)) == expected, (request[:60], expected)
for target in ["/", f"/{token}", "/" + "0" * 32 + "/", f"/{token[:-1]}/", f"{page}../{token}/", f"{page}index.html", f"{page}/etc/passwd",
               f"{page}..%2f..%2fetc/passwd", f"{page}../../../../etc/passwd", f"{page}.", address, f"{page}?x", f"//{token}/", "*"]:
    assert status(get(target, port)) == 404, target
for host in ["localhost", f"localhost:{port}", "127.0.0.1", "evil.example", f"evil.example:{port}", f"127.0.0.1:{port}.evil.example"]:
    assert status(get(page, port, host=host)) == 403, host
for header in ["Origin: http://evil.example", "Origin: null", f"Origin: http://localhost:{port}", "Sec-Fetch-Site: cross-site", "sec-fetch-site: same-site"]:
    assert status(get(page, port, header)) == 403, header
for method in ["POST", "PUT", "OPTIONS", "get", "DELETE"]:
    assert status(get(page, port, method=method)) == 405, method
assert b"Access-Control" not in get(page, port, "Origin: http://evil.example")

# A connection that says nothing does not keep others waiting.
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
first = get(page, port, "Sec-Fetch-Site: none")
head, body = first.split(b"\r\n\r\n", 1)
assert status(first) == 200 and f"Content-Length: {len(body)}".encode() in head
cookie = re.search(rb"Set-Cookie: (mechanist=[0-9a-f]{32}); Path=/%s/; HttpOnly; SameSite=Strict" % token.encode(), head).group(1).decode()
given = re.search(rb'id="given">(\[.*\])</script>', body).group(1)
assert b"<b>" not in given
files = json.loads(given)
assert [f["name"] for f in files] == ['runs <b> "1".csv', "manifest.webmanifest"]
assert base64.b64decode(files[0]["base64"]) == open('runs <b> "1".csv', "rb").read()
# The second browser gets nothing; the first may load it again.
assert status(get(page, port)) == 403
assert status(get(page, port, "Cookie: mechanist=" + "0" * 32)) == 403
assert status(get(page, port, f"Cookie: {cookie}0")) == 403
assert status(get(page, port, f"Cookie: a=b; {cookie}; c=d")) == 200
assert get(page, port, f"Cookie: {cookie}", method="HEAD").endswith(b"\r\n\r\n")
manifest = get(page + "manifest.webmanifest", port)
assert status(manifest) == 200 and manifest.endswith(b'{"name": "page"}\n')
for s in silent:
    s.close()
# Only the loopback address listens.
for family, _, _, _, (host, *_) in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET, socket.SOCK_STREAM):
    if not host.startswith("127."):
        try:
            socket.create_connection((host, port), timeout=2).close()
            raise AssertionError(f"{host} listens")
        except OSError:
            pass
server.send_signal(signal.SIGINT)
assert server.wait(timeout=30) == 0, server.stderr.read()
PYTHON
finish
