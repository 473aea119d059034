/* open: the page in the user's browser, with the tables that the command line names. */
#include "base/files/file.h"
#include "base/files/text.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"
#include "cli/page/page_text.h"
#include "cli/page/server.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_GIVEN = 256 };

extern char **environ;

/* Has the desktop open the address; false where it cannot. */
static bool show_in_browser(const char *address) {
#ifdef __APPLE__
    char command[] = "open";
#else
    char command[] = "xdg-open";
#endif
    char *words[3] = {command, strdup(address), NULL};
    posix_spawn_file_actions_t actions;
    bool started = false;
    if (words[1] && posix_spawn_file_actions_init(&actions) == 0) {
        pid_t child = 0;
        started = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                  posix_spawnp(&child, command, &actions, NULL, words, environ) == 0;
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    free(words[1]);
    return started;
}

static int serve(const text *page, const char *folder, uint64_t port, bool browser) {
    static const struct {
        const char *name, *type;
    } beside[] = {{"manifest.webmanifest", "application/manifest+json"}, {"icon.svg", "image/svg+xml"}};
    enum { N_BESIDE = sizeof beside / sizeof beside[0], MOST_BESIDE = 1 << 20 };
    served_file files[N_BESIDE + 1] = {{"", "text/html; charset=utf-8", page->characters, page->length}};
    char *contents[N_BESIDE] = {NULL};
    size_t n_files = 1;
    mech_error error;
    page_server *server = NULL;
    for (size_t i = 0; i < N_BESIDE; i++) {
        text path = {0};
        size_t length = 0;
        mech_text_format(&path, "%s/%s", folder, beside[i].name);
        if (!path.failed && mech_file_read(path.characters, MOST_BESIDE, &contents[i], &length, NULL) == MECH_OK)
            files[n_files++] = (served_file){beside[i].name, beside[i].type, contents[i], length};
        mech_text_free(&path);
    }
    const mech_progress progress = terminal_progress();
    mech_status status = page_server_open((unsigned)port, files, n_files, &server, &error);
    if (status == MECH_OK) {
        const bool shown = browser && show_in_browser(page_server_address(server));
        printf("%s\n", page_server_address(server));
        fflush(stdout);
        fprintf(stderr, "mechanist: the page is at this address%s; Ctrl-C ends it\n",
                shown ? ", and your browser should show it" : ": open it in a browser");
        status = page_server_run(server, &progress, &error);
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    }
    page_server_close(server);
    for (size_t i = 0; i < N_BESIDE; i++) mech_free(contents[i]);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}

/* The folder of the page: the one that MECHANIST_WEB names, else beside the shipped models. */
static mech_status find_folder(text *folder, mech_error *error) {
    const char *named = getenv("MECHANIST_WEB");
    char *model = NULL;
    if (named && *named) {
        mech_text_add(folder, named);
    } else {
        const mech_status status = mech_model_find(NULL, &model, error);
        if (status != MECH_OK) return status;
        /* share/mechanist/models/NAME.safetensors */
        for (int i = 0; i < 2; i++) {
            char *slash = strrchr(model, '/');
            if (slash) *slash = '\0';
        }
        mech_text_format(folder, "%s/web", model);
        mech_free(model);
    }
    return folder->failed ? mech_fail_memory(error) : MECH_OK;
}

int command_open(int argc, char **argv) {
    uint64_t port = 0;
    bool no_browser = false;
    const char *paths[MOST_GIVEN] = {NULL};
    size_t n = 0;
    const option options[] = {
        {"--port", OPTION_WHOLE, &port, "N", "of 127.0.0.1; 0: one that is free (default: 0)"},
        {"--no-browser", OPTION_FLAG, &no_browser, NULL, "print the address and start no browser"},
    };
    const command_line line = {
        .usage = "mechanist open [FILE...] [options]",
        .summary =
            "Shows the page in your browser (docs/web.md), with the tables named. It is served on this machine to\n"
            "this machine, to the browser that opens it first, until Ctrl-C.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .most_arguments = MOST_GIVEN,
    };
    const int exit_status = parse_command_line(&line, argc, argv, paths, &n);
    if (exit_status >= 0) return exit_status;
    if (port > UINT16_MAX) return report_usage("open", "--port takes a number up to 65535");
    text folder = {0}, page = {0};
    mech_error error;
    mech_status status = find_folder(&folder, &error);
    if (status == MECH_OK) status = write_page(&page, folder.characters, paths, n, &error);
    const int ended = status == MECH_OK ? serve(&page, folder.characters, port, !no_browser) : report_error(&error);
    mech_text_free(&page);
    mech_text_free(&folder);
    return ended;
}
