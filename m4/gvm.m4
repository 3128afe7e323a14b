# SPDX-License-Identifier: GPL-2.0-or-later
# configure's own macros: libraries with plain words about what is missing,
# absolute paths, and compiler flags that are tried before they are used.

# GVM_PKG(VARIABLE, PKG-CONFIG NAME, DEBIAN PACKAGE, FEDORA PACKAGE)
# Collects what is missing, so that one run names all of it (GVM_PKG_DONE).
# Foreign headers become system headers: our warnings are for our own code.
AC_DEFUN([GVM_PKG], [
    PKG_CHECK_MODULES([$1], [$2], [
        $1_CFLAGS=`AS_ECHO(["$$1_CFLAGS"]) | sed 's/-I *\//-isystem \//g'`
    ], [
        gvm_missing="$gvm_missing
  $2: Debian, Ubuntu: apt install $3; Fedora, RHEL: dnf install $4"
    ])
])

AC_DEFUN([GVM_PKG_DONE], [
    AS_IF([test -n "$gvm_missing"], [AC_MSG_ERROR([libraries are missing:$gvm_missing])])
])

# GVM_EXPAND(VARIABLE, TEXT): TEXT with ${prefix} and the like filled in.
AC_DEFUN([GVM_EXPAND], [
    gvm_prefix=$prefix
    gvm_exec_prefix=$exec_prefix
    AS_IF([test "x$prefix" = xNONE], [prefix=$ac_default_prefix])
    AS_IF([test "x$exec_prefix" = xNONE], [exec_prefix=$prefix])
    eval $1=\"$2\"
    eval $1=\"[$]$1\"
    prefix=$gvm_prefix
    exec_prefix=$gvm_exec_prefix
    AC_SUBST([$1])
])

# GVM_TRY_FLAG(VARIABLE, FLAG, [OK], [NOT]): appends FLAG if it compiles and links
# without a word from the compiler.
AC_DEFUN([GVM_TRY_FLAG], [
    AC_MSG_CHECKING([whether $CC takes $2])
    gvm_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS $2 -Werror"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[return (int) strlen("")]])],
        [AC_MSG_RESULT([yes])
         $1="$$1 $2"
         CFLAGS=$gvm_save_CFLAGS
         $3],
        [AC_MSG_RESULT([no])
         CFLAGS=$gvm_save_CFLAGS
         $4])
])

AC_DEFUN([GVM_COMPILER_FLAGS], [
    AC_ARG_ENABLE([werror],
        [AS_HELP_STRING([--enable-werror], [a warning is an error (for developers)])],
        [], [enable_werror=no])
    AC_ARG_ENABLE([sanitizers],
        [AS_HELP_STRING([--enable-sanitizers],
            [address and undefined-behaviour sanitizers (for tests, not for use)])],
        [], [enable_sanitizers=no])

    m4_foreach_w([gvm_flag], [-std=gnu17 -Wall -Wextra -Wpedantic -Wswitch-enum
        -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
        -Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wvla
        -Wimplicit-fallthrough -fno-common],
        [GVM_TRY_FLAG([GVM_CFLAGS], m4_dquote(m4_defn([gvm_flag])))])
    # clang's word for what json-c's and libqb's macros are made of; gcc knows no such word.
    GVM_TRY_FLAG([GVM_IGNORED], [-Wgnu-statement-expression],
        [GVM_CFLAGS="$GVM_CFLAGS -Wno-gnu-statement-expression"])
    AS_IF([test "$enable_werror" = yes], [GVM_CFLAGS="$GVM_CFLAGS -Werror"])

    m4_foreach_w([gvm_flag], [-Wl,--as-needed -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack],
        [GVM_TRY_FLAG([GVM_LDFLAGS], m4_dquote(m4_defn([gvm_flag])))])

    AS_IF([test "$enable_sanitizers" = yes], [
        GVM_TRY_FLAG([GVM_CFLAGS],
            [-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer],
            [GVM_LDFLAGS="$GVM_LDFLAGS -fsanitize=address,undefined"
             # They look for what they intercept at the start only: libvirt, which is loaded
             # later, would call what its libraries bring (xdr_*) through null pointers.
             GVM_SANITIZER_LIBS="-Wl,--no-as-needed $LIBVIRT_LIBS -Wl,--as-needed"],
            [AC_MSG_ERROR([$CC has no sanitizers.
  Debian, Ubuntu: apt install libgcc-12-dev (clang: libclang-rt-14-dev)
  Fedora, RHEL:   dnf install libasan libubsan (clang: compiler-rt)])])
    ], [
        GVM_TRY_FLAG([GVM_CFLAGS], [-fstack-protector-strong])
        GVM_TRY_FLAG([GVM_CFLAGS], [-fstack-clash-protection])
        GVM_TRY_FLAG([GVM_CFLAGS], [-fcf-protection])
        GVM_TRY_FLAG([GVM_CFLAGS], [-fPIE -pie],
            [GVM_CFLAGS="${GVM_CFLAGS% -fPIE -pie} -fPIE"
             GVM_LDFLAGS="$GVM_LDFLAGS -pie"])
        # Says a word, and so is left out, when the user compiles without optimisation.
        GVM_TRY_FLAG([GVM_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3], [],
            [GVM_TRY_FLAG([GVM_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])])
    ])
    AC_SUBST([GVM_CFLAGS])
    AC_SUBST([GVM_LDFLAGS])
    AC_SUBST([GVM_SANITIZER_LIBS])
])
