/* A page for the browser of this machine's user: a small HTTP server (RFC 9112) on the loopback address. */
#ifndef MECH_CLI_PAGE_SERVER_H
#define MECH_CLI_PAGE_SERVER_H

#include "mechanist.h"

/* What is served under the page's address and this name; "" is the page itself. */
typedef struct served_file {
    const char *name, *type;
    const char *content;
    size_t length;
} served_file;

typedef struct page_server page_server;

/* Opens a port of 127.0.0.1, `port` or any where that is 0. The page's address holds a random token, without which
 * nothing is served, and the page goes to the browser that asks for it first and to no other. The files [n_files] must
 * outlive the server. The caller frees *server. */
mech_status page_server_open(unsigned port, const served_file *files, size_t n_files, page_server **server,
                             mech_error *error);

/* "http://127.0.0.1:PORT/TOKEN/"; belongs to the server. */
const char *page_server_address(const page_server *server);

/* Answers requests until should_stop says so, which signals make it look at. */
mech_status page_server_run(page_server *server, const mech_progress *progress, mech_error *error);

void page_server_close(page_server *server);

#endif
