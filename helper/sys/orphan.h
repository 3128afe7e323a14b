/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For a process that only serves the one that started it.
 */
#ifndef GVM_SYS_ORPHAN_H
#define GVM_SYS_ORPHAN_H

/*
 * From now on SIGTERM ends this process, whatever it inherited, and it gets one when its
 * parent dies. A parent that is dead by now is not noticed.
 */
void orphan_ends(void);

#endif
