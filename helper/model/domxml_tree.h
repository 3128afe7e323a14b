/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an XML tree, a domain's or another: for the model's files only. Elements are those
 * without a namespace; foreign ones are somebody else's.
 */
#ifndef GVM_MODEL_DOMXML_TREE_H
#define GVM_MODEL_DOMXML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

#include "base/err.h"
#include "model/domxml.h"

/* Parses. The caller frees *ret with xmlFreeDoc. */
int tree_parse(const char *text, size_t size, xmlDoc **ret, struct err *why);
/* The same; the root is a domain. */
int tree_read(const char *text, size_t size, xmlDoc **ret, struct err *why);
void tree_cleanup(xmlDoc **doc);
#define _cleanup_tree_ __attribute__((cleanup(tree_cleanup)))

/* First child element of that name; `parent` may be NULL. NULL: none. */
xmlNode *tree_child(const xmlNode *parent, const char *name);
/* The next sibling of the same name. */
xmlNode *tree_next(const xmlNode *node);
bool tree_is(const xmlNode *node, const char *name);
/* Text and attribute as the caller's string; NULL where there is none (`node` may be NULL). */
char *tree_text(const xmlNode *node);
char *tree_attr(const xmlNode *node, const char *name);
bool tree_attr_is(const xmlNode *node, const char *name, const char *value);

/* What libxml2 was asked to make; ends the process where it has no memory for it. */
xmlNode *tree_needed(xmlNode *node);
void tree_set_attr(xmlNode *node, const char *name, const char *value);
/* Takes the element out, with the blanks before it. */
void tree_remove(xmlNode *node);
/* The whole document; caller frees. */
char *tree_write(xmlDoc *doc);

/* Finds what cannot be fenced with memory kept, and adds it to d. */
void domxml_find_hazards(struct domxml *d, const xmlNode *root);
/* Reads disks, interfaces, watchdog and panic device into d. */
void domxml_read_devices(struct domxml *d, const xmlNode *devices);
/* Reads the names of storage pools and networks into d. */
void domxml_read_resources(struct domxml *d, const xmlNode *devices);

/* What the file domxml_effective.c writes, for who takes it back: the word of an action (NULL:
 * none is written), the model of a watchdog that is added, io= instead of io_uring. */
const char *effective_watchdog_action(enum watchdog_choice choice);
const char *effective_watchdog_model(const xmlNode *root);
const char *effective_io(const xmlNode *driver);

/* True for the elements that are character devices (<serial>, <console>, ...). */
bool domxml_is_chardev(const xmlNode *node);

/* As <type arch=…> says it; the caller's; NULL: it does not. */
char *domxml_arch(const xmlNode *root);
/* By its <type arch=…>, else by what this is built for. */
bool domxml_is_x86(const xmlNode *root);

/* True of a <disk> with io='io_uring'. */
bool domxml_uses_io_uring(const xmlNode *disk);

#endif
