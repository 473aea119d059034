/* The page as it is served: with the user's tables inside. */
#ifndef MECH_CLI_PAGE_PAGE_TEXT_H
#define MECH_CLI_PAGE_PAGE_TEXT_H

#include "base/files/text.h"

/* Appends the page of a folder with the files [n] in it. Fails where there is no page, and where a file cannot be read
 * or all are larger than a page should be. */
mech_status write_page(text *page, const char *folder, const char *const *paths, size_t n, mech_error *error);

#endif
