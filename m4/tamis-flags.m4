# tamis-flags.m4 - compiler and linker flags: warnings, hardening, sanitizers, static dependencies

# Adds each flag of $2 that the compiler takes to the variable $1.
AC_DEFUN([TAMIS_TRY_COMPILER_FLAGS], [
  for flag in $2; do
    AC_MSG_CHECKING([whether $CC takes $flag])
    saved_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $flag"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
      [AC_MSG_RESULT([yes]); $1="$$1 $flag"], [AC_MSG_RESULT([no])])
    CFLAGS=$saved_CFLAGS
  done
])

AC_DEFUN([TAMIS_TRY_LINKER_FLAGS], [
  for flag in $2; do
    AC_MSG_CHECKING([whether the linker takes $flag])
    saved_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS $flag"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [AC_MSG_RESULT([yes]); $1="$$1 $flag"], [AC_MSG_RESULT([no])])
    LDFLAGS=$saved_LDFLAGS
  done
])

AC_DEFUN([TAMIS_WARNING_FLAGS], [
  WARNING_CFLAGS=
  TAMIS_TRY_COMPILER_FLAGS([WARNING_CFLAGS], [-Wall -Wextra -Wshadow -Wpointer-arith -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wno-unused-parameter])
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [warnings are errors (for developers)])])
  AS_IF([test "$enable_werror" = yes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
  AC_SUBST([WARNING_CFLAGS])
])

AC_DEFUN([TAMIS_HARDENING_FLAGS], [
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS=
  TAMIS_TRY_COMPILER_FLAGS([HARDENING_CFLAGS], [-std=gnu11 -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection])
  AS_CASE([$CFLAGS], [*-O0*|*-fsanitize*], [],
    [TAMIS_TRY_COMPILER_FLAGS([HARDENING_CFLAGS], ["-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
     HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
  TAMIS_TRY_LINKER_FLAGS([HARDENING_LDFLAGS], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed])
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
])

AC_DEFUN([TAMIS_ENABLE_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])],
    [], [enable_sanitizers=no])
  SANITIZER_FLAGS=
  AS_IF([test "$enable_sanitizers" != no],
    [SANITIZER_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE"
     AC_DEFINE([TAMIS_SANITIZERS], [1], [Built with sanitizers: address space cannot be limited])])
  AC_SUBST([SANITIZER_FLAGS])
  AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" != no])
])

# Sets tamis_link for the summary; the real probe comes with the static link.
AC_DEFUN([TAMIS_STATIC_DEPENDENCIES], [
  tamis_link=shared
])
