/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt, and nothing else calls it. Every function may block for ever (libvirt
 * has no time-outs), so call them inside a stage (sys/stage.h) only; each calls
 * stage_at with its own name first. Errors carry libvirt's own words: -ENOENT only where
 * libvirt says that there is no such domain, -EINVAL where the domain's state forbids the
 * call, -EBUSY where another job of libvirt's holds the domain, -EIO for all else: doubt.
 */
#ifndef GVM_SYS_VIRT_H
#define GVM_SYS_VIRT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/utilization.h"

struct definition; /* model/conflicts.h */
struct virt;   /* a connection */
struct domain; /* a domain on it */

/*
 * Loads libvirt's libraries now. For who will ask in several stages: each child would load
 * them for itself. Fails in silence: virt_open says what is wrong.
 */
void virt_preload(void);

/* Opens the URI, trying again until `until` where the daemon is not there (restart). */
int virt_open(const char *uri, struct deadline until, struct virt **ret, struct err *why);
void virt_close(struct virt *v);
void virt_cleanup(struct virt **v);
#define _cleanup_virt_ __attribute__((cleanup(virt_cleanup)))

/* By UUID where given, else by name. -ENOENT: libvirt answered that there is none. */
int virt_find(struct virt *v, const char *uuid, const char *name, struct domain **ret,
              struct err *why);
void virt_domain_free(struct domain *d);
void virt_domain_cleanup(struct domain **d);
#define _cleanup_domain_ __attribute__((cleanup(virt_domain_cleanup)))

const char *virt_domain_name(const struct domain *d);
/* Canonical lower-case text in a buffer of the domain's. */
const char *virt_domain_uuid(const struct domain *d);

/* virDomainGetState: needs no QEMU monitor, answers while QEMU hangs (its priority lane). */
int virt_state(struct domain *d, int *ret_state, int *ret_reason, struct err *why);
/* Its vCPUs and memory now; waits behind other calls, which virt_state does not. */
int virt_size(struct domain *d, struct guest_size *ret, struct err *why);
/* Live XML; caller frees. */
int virt_xml(struct domain *d, char **ret, struct err *why);
/* As it would be defined, with its passwords; caller frees. Of a domain that is defined, too, it
 * is that definition. */
int virt_xml_inactive(struct domain *d, char **ret, struct err *why);
/* 1: it is defined, besides. 0: it is gone when it ends. -EIO: libvirt does not tell. */
int virt_is_persistent(struct domain *d, struct err *why);
/* True where libvirt does not tell: there may be one. */
bool virt_has_managed_save(struct domain *d);
/* What is defined under its name, and starts by itself. */
int virt_definition(struct domain *d, struct definition *ret, struct err *why);

/* virDomainCreateXML with VIR_DOMAIN_START_PAUSED: no vCPU runs yet. */
int virt_create_paused(struct virt *v, const char *xml, struct domain **ret, struct err *why);
int virt_resume(struct domain *d, struct err *why);
int virt_suspend(struct domain *d, struct err *why);
int virt_wakeup(struct domain *d, struct err *why);
/* Asks the guest to shut down: the agent where it answers, else ACPI; only one of them; the agent,
 * and ACPI where it fails. */
int virt_shutdown(struct domain *d, struct err *why);
int virt_shutdown_acpi(struct domain *d, struct err *why);
int virt_shutdown_agent(struct domain *d, struct err *why);
int virt_shutdown_agent_acpi(struct domain *d, struct err *why);
int virt_abort_job(struct domain *d, struct err *why);
/* SIGTERM, then SIGKILL. 0 proves nothing: prove the death by pidfd (libvirt 9.0 can return
 * 0 with QEMU alive). */
int virt_destroy(struct domain *d, struct err *why);

/* on_crash=preserve of a guest that runs, until it ends (libvirt 3.9). */
int virt_preserve(struct domain *d, struct err *why);

/* An interrupt that a kernel cannot mask. */
int virt_inject_nmi(struct domain *d, struct err *why);

/*
 * Asks the guest agent whether it answers, with so much time for that; libvirt may take 5 s more
 * to get back in step with one that missed an earlier question. 0: it does, and be it with an
 * error. -ENODEV: the guest has no channel for one. -ETIMEDOUT: not connected, or silent.
 */
int virt_agent_ping(struct domain *d, int seconds, struct err *why);

/* virDomainQemuMonitorCommand: works during async jobs; hangs while QEMU's main loop does.
 * *ret_reply is the caller's. */
int virt_qmp(struct domain *d, const char *command, char **ret_reply, struct err *why);

#endif
