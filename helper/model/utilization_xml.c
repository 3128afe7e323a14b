/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in a <primitive> its utilization stands. Names of new elements are those that
 * crm_resource and pcs choose, so that everybody goes on with the same ones.
 */
#include "model/utilization_xml.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static const char element[] = "utilization";

/* Nobody else has a share in it. */
static bool is_plain(const xmlNode *set)
{
    _cleanup_free_ char *id = tree_attr(set, "id");

    return id && !tree_child(set, "rule");
}

/* Where one attribute is set. */
struct place {
    const xmlNode *set; /* NULL: nowhere */
    const xmlNode *pair;
    bool foreign;
};

static void look_into(const xmlNode *set, const char *name, struct place *ret)
{
    for (const xmlNode *n = tree_child(set, "nvpair"); n; n = tree_next(n)) {
        if (tree_attr_is(n, "name", name)) {
            _cleanup_free_ char *id = tree_attr(n, "id");

            ret->foreign = ret->foreign || ret->set || !id || !is_plain(set);
            ret->set = set;
            ret->pair = n;
        }
    }
}

static struct place find(const xmlNode *primitive, const char *name)
{
    struct place found = {0};
    bool shared = false;

    for (const xmlNode *n = tree_child(primitive, element); n; n = tree_next(n)) {
        _cleanup_free_ char *elsewhere = tree_attr(n, "id-ref");

        shared = shared || elsewhere;
        look_into(n, name, &found);
    }
    /* What a reference brings does not show here. */
    found.foreign = found.foreign || (shared && !found.set);
    return found;
}

static xmlNode *add(xmlNode *parent, const char *name, const char *id)
{
    xmlNode *node = tree_needed(xmlNewChild(parent, NULL, (const xmlChar *) name, NULL));

    tree_set_attr(node, "id", id);
    return node;
}

static xmlDoc *new_document(const char *root_name, const char *id)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *) "1.0");
    xmlNode *root =
        tree_needed(doc ? xmlNewDocNode(doc, NULL, (const xmlChar *) root_name, NULL) : NULL);

    xmlDocSetRootElement(doc, root);
    tree_set_attr(root, "id", id);
    return doc;
}

/* The set's element in the change, made where it is not there yet. */
static xmlNode *set_in(xmlNode *change, const char *id)
{
    for (xmlNode *n = tree_child(change, element); n; n = tree_next(n)) {
        if (tree_attr_is(n, "id", id)) {
            return n;
        }
    }
    return add(change, element, id);
}

/* The set that an attribute is or will be in. */
static char *set_id(const xmlNode *primitive, const xmlNode *set)
{
    _cleanup_free_ char *resource = tree_attr(primitive, "id");

    for (const xmlNode *n = tree_child(primitive, element); n && !set; n = tree_next(n)) {
        set = is_plain(n) ? n : NULL;
    }
    return set ? tree_attr(set, "id") : str_printf("%s-%s", resource ? resource : "", element);
}

static void set_value(struct utilization_plan *plan, const xmlNode *primitive,
                      const struct place *at, const char *name, int64_t value)
{
    _cleanup_free_ char *resource = tree_attr(primitive, "id");
    _cleanup_free_ char *set = set_id(primitive, at->set);
    _cleanup_free_ char *pair = at->pair ? tree_attr(at->pair, "id")
                                         : str_printf("%s-%s", set, name);
    _cleanup_free_ char *text = str_printf("%lld", (long long) value);

    if (!plan->change) {
        plan->change = new_document("primitive", resource ? resource : "");
    }
    xmlNode *node = add(set_in(xmlDocGetRootElement(plan->change), set), "nvpair", pair);

    tree_set_attr(node, "name", name);
    tree_set_attr(node, "value", text);
}

static void plan_one(struct utilization_plan *plan, const xmlNode *primitive,
                     enum utilization_name which, int64_t due)
{
    const char *name = utilization_attribute(which);
    struct place at = find(primitive, name);
    _cleanup_free_ char *text = str_printf("%lld", (long long) due);
    bool there = due == UTILIZATION_REMOVE ? !at.set
                                           : at.set && tree_attr_is(at.pair, "value", text);

    if (at.foreign) {
        plan->foreign[which] = due;
        return;
    }
    if (there) {
        return;
    }
    plan->changed[which] = due;
    if (due == UTILIZATION_REMOVE) {
        _cleanup_free_ char *id = tree_attr(at.pair, "id");

        plan->removed[which] = new_document("nvpair", id);
    } else {
        set_value(plan, primitive, &at, name, due);
    }
}

void utilization_plan(const xmlNode *primitive, const int64_t due[UTILIZATION_LAST],
                      struct utilization_plan *ret)
{
    *ret = (struct utilization_plan) {0};
    for (int i = 0; i < UTILIZATION_LAST; i++) {
        if (due[i] != UTILIZATION_LEAVE) {
            plan_one(ret, primitive, (enum utilization_name) i, due[i]);
        }
    }
}

void utilization_plan_free(struct utilization_plan *plan)
{
    xmlFreeDoc(plan->change);
    for (int i = 0; i < UTILIZATION_LAST; i++) {
        xmlFreeDoc(plan->removed[i]);
    }
    *plan = (struct utilization_plan) {0};
}
