#include "cli/page/server.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/machine/clock.h"
#include "cli/page/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SECRET_BYTES = 16, MOST_HEAD = 8192, MOST_CONNECTIONS = 16, PATIENCE_S = 10, LOOK_MS = 500 };

/* Of a browser that is asking. */
typedef struct connection {
    int socket; /* -1: free */
    double begun;
    size_t length;
    char head[MOST_HEAD];
} connection;

struct page_server {
    int socket;
    const served_file *files;
    size_t n_files;
    char host[32], token[2 * SECRET_BYTES + 1], owner[2 * SECRET_BYTES + 1];
    bool owned; /* a browser has the page */
    char address[128];
    connection connections[MOST_CONNECTIONS];
};

static mech_status fail_by_system(const char *what, mech_error *error) {
    return mech_fail(error, MECH_FILE_ERROR, "the page cannot be served: %s: %s", what, strerror(errno));
}

/* Random bytes of the system as hexadecimal digits. */
static mech_status draw_secret(char digits[2 * SECRET_BYTES + 1], mech_error *error) {
    unsigned char bytes[SECRET_BYTES];
    FILE *source = fopen("/dev/urandom", "rb");
    const bool drawn = source && fread(bytes, 1, sizeof bytes, source) == sizeof bytes;
    if (source) (void)fclose(source);
    if (!drawn) return fail_by_system("/dev/urandom", error);
    for (size_t i = 0; i < SECRET_BYTES; i++) snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
    return MECH_OK;
}

mech_status page_server_open(unsigned port, const served_file *files, size_t n_files, page_server **server,
                             mech_error *error) {
    *server = calloc(1, sizeof **server);
    page_server *s = *server;
    if (!s) return mech_fail_memory(error);
    s->socket = -1;
    s->files = files;
    s->n_files = n_files;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) s->connections[i].socket = -1;
    mech_status status = draw_secret(s->token, error);
    if (status == MECH_OK) status = draw_secret(s->owner, error);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    if (status == MECH_OK) {
        s->socket = socket(AF_INET, SOCK_STREAM, 0);
        if (s->socket < 0 || fcntl(s->socket, F_SETFD, FD_CLOEXEC) < 0 || fcntl(s->socket, F_SETFL, O_NONBLOCK) < 0 ||
            bind(s->socket, (struct sockaddr *)&at, length) < 0 || listen(s->socket, MOST_CONNECTIONS) < 0 ||
            getsockname(s->socket, (struct sockaddr *)&at, &length) < 0)
            status = fail_by_system("127.0.0.1", error);
    }
    if (status != MECH_OK) {
        page_server_close(s);
        *server = NULL;
        return status;
    }
    snprintf(s->host, sizeof s->host, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    snprintf(s->address, sizeof s->address, "http://%s/%s/", s->host, s->token);
    return MECH_OK;
}

const char *page_server_address(const page_server *server) { return server->address; }

/* Sends it all, or gives up when the browser does not take it. */
static void send_all(int socket, const char *bytes, size_t length) {
    while (length) {
        const ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* One answer, after which the connection ends. */
static void respond(int socket, const char *status, const served_file *file, const char *cookie, bool head_only) {
    text t = {0};
    const char *message = strchr(status, ' ') + 1;
    mech_text_format(&t,
                     "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
                     "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
                     "Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n"
                     "X-Frame-Options: DENY\r\n%s",
                     status, file ? file->type : "text/plain; charset=utf-8", file ? file->length : strlen(message) + 1,
                     cookie);
    mech_text_add(&t, "\r\n");
    if (!file && !head_only) mech_text_format(&t, "%s\n", message);
    if (!t.failed) {
        send_all(socket, t.characters, t.length);
        if (file && !head_only) send_all(socket, file->content, file->length);
    }
    mech_text_free(&t);
}

/* The file under a target "/TOKEN/NAME"; NULL: none, or another token. */
static const served_file *find_served(const page_server *s, request_words target) {
    const size_t token = strlen(s->token);
    if (target.length < token + 2 || *target.characters != '/' || target.characters[token + 1] != '/') return NULL;
    if (!same_secret((request_words){target.characters + 1, token}, s->token)) return NULL;
    const request_words name = {target.characters + token + 2, target.length - token - 2};
    for (size_t i = 0; i < s->n_files; i++)
        if (same_words(name, s->files[i].name)) return &s->files[i];
    return NULL;
}

static void answer(page_server *s, int socket, const char *head, size_t length) {
    http_request r;
    char origin[48], cookie[160] = "";
    snprintf(origin, sizeof origin, "http://%s", s->host);
    if (!read_request(head, length, &r)) {
        respond(socket, "400 Bad Request", NULL, "", false);
        return;
    }
    const bool head_only = same_words(r.method, "HEAD");
    if (!head_only && !same_words(r.method, "GET")) {
        respond(socket, "405 Method Not Allowed", NULL, "Allow: GET, HEAD\r\n", false);
        return;
    }
    /* No page of another origin gets anything, nor one that calls this machine by another name. */
    if (!same_words(r.host, s->host) || (r.origin.characters && !same_words(r.origin, origin)) ||
        (r.site.characters && !same_words(r.site, "same-origin") && !same_words(r.site, "none"))) {
        respond(socket, "403 Forbidden", NULL, "", head_only);
        return;
    }
    const served_file *file = find_served(s, r.target);
    if (!file) {
        respond(socket, "404 Not Found", NULL, "", head_only);
        return;
    }
    /* Others on this machine may see the address among its processes: the page goes to the first browser alone. */
    if (!*file->name) {
        if (s->owned && !holds_cookie(r.cookie, "mechanist", s->owner)) {
            respond(socket, "403 This page belongs to the browser that opened it first", NULL, "", head_only);
            return;
        }
        s->owned = true;
        snprintf(cookie, sizeof cookie, "Set-Cookie: mechanist=%s; Path=/%s/; HttpOnly; SameSite=Strict\r\n", s->owner,
                 s->token);
    }
    respond(socket, "200 OK", file, cookie, head_only);
}

static void end_connection(connection *c) {
    if (c->socket >= 0) {
        /* What was sent behind the head is taken, as it would have the system throw the answer away. */
        char rest[512];
        (void)shutdown(c->socket, SHUT_WR);
        for (int i = 0; i < 64 && recv(c->socket, rest, sizeof rest, MSG_DONTWAIT) > 0; i++) continue;
        (void)close(c->socket);
    }
    c->socket = -1;
}

static void welcome(page_server *s) {
    const int socket = accept(s->socket, NULL, NULL);
    if (socket < 0) return;
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    (void)fcntl(socket, F_SETFD, FD_CLOEXEC);
    (void)setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        connection *c = &s->connections[i];
        if (c->socket >= 0) continue;
        c->socket = socket;
        c->begun = mech_clock_s();
        c->length = 0;
        return;
    }
    (void)close(socket);
}

/* Takes what has come; answers once the head is whole. */
static void listen_to(page_server *s, connection *c) {
    const ssize_t n = recv(c->socket, c->head + c->length, sizeof c->head - c->length, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) c->length += (size_t)n;
    const size_t end = n > 0 ? find_end_of_head(c->head, c->length) : 0;
    if (end)
        answer(s, c->socket, c->head, end);
    else if (c->length == sizeof c->head)
        respond(c->socket, "431 Request Header Fields Too Large", NULL, "", false);
    else if (n > 0)
        return;
    end_connection(c);
}

mech_status page_server_run(page_server *s, const mech_progress *progress, mech_error *error) {
    while (!progress->should_stop(progress->context)) {
        struct pollfd watched[MOST_CONNECTIONS + 1] = {{.fd = s->socket, .events = POLLIN}};
        connection *of[MOST_CONNECTIONS + 1] = {NULL};
        nfds_t n = 1;
        for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
            connection *c = &s->connections[i];
            if (c->socket >= 0 && mech_clock_s() - c->begun > PATIENCE_S) end_connection(c);
            if (c->socket < 0) continue;
            of[n] = c;
            watched[n++] = (struct pollfd){.fd = c->socket, .events = POLLIN};
        }
        const int ready = poll(watched, n, LOOK_MS);
        if (ready < 0 && errno != EINTR) return fail_by_system("poll", error);
        for (nfds_t i = 1; ready > 0 && i < n; i++)
            if (watched[i].revents) listen_to(s, of[i]);
        if (ready > 0 && watched[0].revents) welcome(s);
    }
    return MECH_OK;
}

void page_server_close(page_server *s) {
    if (!s) return;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) end_connection(&s->connections[i]);
    if (s->socket >= 0) (void)close(s->socket);
    free(s);
}
