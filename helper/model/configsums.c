/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of configsums.h. Whoever is killed between keeping the sums and writing the file
 * leaves a file that is still known, and the next save writes it.
 */
#include "model/configsums.h"

#include "base/str.h"

uint64_t config_sum(const char *text, size_t size)
{
    uint64_t sum = str_digest(text, size);

    return sum ? sum : 1;
}

enum config_verdict config_judge(struct config_sums *sums, uint64_t file, uint64_t domain)
{
    if (sums->file == 0) {
        *sums = (struct config_sums) {.file = file, .domain = domain};
        return CONFIG_NOTED;
    }
    if (file == domain) {
        return CONFIG_SAME;
    }
    if (file != sums->file && file != sums->saved) {
        return CONFIG_EDITED;
    }
    if (file == sums->file && domain == sums->domain) {
        return CONFIG_SAME;
    }
    if (file != sums->file) {
        /* Saved before: from now on this is what the file was. */
        sums->file = file;
        sums->domain = 0;
    }
    sums->saved = domain;
    return CONFIG_CHANGED;
}
