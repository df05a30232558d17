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

# A program that is loaded anywhere in memory has its 5,000 pointers set at each start: from a table of 1 KB in the place of
# 113 where the C library can read it (glibc 2.36; the linker would not ask).
AC_DEFUN([TAMIS_PACKED_RELOCATIONS], [
  AC_MSG_CHECKING([whether relocations can be packed])
  saved_LDFLAGS=$LDFLAGS
  LDFLAGS="$LDFLAGS -Wl,-z,pack-relative-relocs"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([
      #include <features.h>
      #if !defined(__GLIBC__) || !__GLIBC_PREREQ(2, 36)
      #error "cannot read them"
      #endif], [])],
    [AC_MSG_RESULT([yes]); HARDENING_LDFLAGS="$HARDENING_LDFLAGS -Wl,-z,pack-relative-relocs"],
    [AC_MSG_RESULT([no])])
  LDFLAGS=$saved_LDFLAGS
])

AC_DEFUN([TAMIS_HARDENING_FLAGS], [
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS=
  TAMIS_TRY_COMPILER_FLAGS([HARDENING_CFLAGS], [-std=gnu11 -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection -fno-math-errno])
  AS_CASE([$CFLAGS], [*-O0*|*-fsanitize*], [],
    [TAMIS_TRY_COMPILER_FLAGS([HARDENING_CFLAGS], ["-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
     HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
  TAMIS_TRY_LINKER_FLAGS([HARDENING_LDFLAGS], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed])
  TAMIS_PACKED_RELOCATIONS
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
])

AC_DEFUN([TAMIS_ENABLE_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])],
    [], [enable_sanitizers=no])
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing], [build tests/fuzz/fuzz with libFuzzer and sanitizers (needs CC=clang)])],
    [], [enable_fuzzing=no])
  SANITIZER_FLAGS=
  AS_IF([test "$enable_fuzzing" != no], [
    enable_sanitizers=yes
    AC_MSG_CHECKING([whether $CC links with libFuzzer])
    saved_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -fsanitize=fuzzer"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
      #include <stddef.h>
      int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) { return (data && size) ? 0 : 0; }]])],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([--enable-fuzzing needs clang with its run-time library (Debian: clang libclang-rt-14-dev)])])
    CFLAGS=$saved_CFLAGS
  ])
  AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" != no])
  AS_IF([test "$enable_sanitizers" != no],
    [SANITIZER_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE"
     AC_DEFINE([TAMIS_SANITIZERS], [1], [Built with sanitizers: address space cannot be limited])])
  AS_IF([test "$enable_fuzzing" != no], [SANITIZER_FLAGS="$SANITIZER_FLAGS -fsanitize=fuzzer-no-link"])
  AC_SUBST([SANITIZER_FLAGS])
  AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" != no])
])

# Adds src/mail/glib-start.ld to the link where the linker knows such scripts; only of use with a static GLib.
AC_DEFUN([TAMIS_LATE_GLIB], [
  AC_MSG_CHECKING([whether GLib can be started late])
  late_glib="-Wl,-T,`cd "$srcdir" && pwd`/src/mail/glib-start.ld"
  saved_LIBS=$LIBS
  LIBS="$late_glib $tamis_archives -lm -lpthread $LIBS"
  AC_LINK_IFELSE([AC_LANG_SOURCE([[
      unsigned long g_object_get_type(void);
      extern char glib_start_first[], glib_start_end[];
      int main(void) { return glib_start_first == glib_start_end ? 0 : g_object_get_type() == 0; }]])],
    [AC_MSG_RESULT([yes]); DEPENDENCY_LIBS="$late_glib $DEPENDENCY_LIBS"], [AC_MSG_RESULT([no])])
  LIBS=$saved_LIBS
])

# Links the libraries of the message path statically where their archives are there (Debian's -dev packages have them), and
# libc dynamically: starting the program then costs 0.9 M instructions instead of 4.7 M, most of which the dynamic loader
# spends on the 20 libraries behind GMime.  libc stays dynamic because iconv and getpwnam load modules.  GMime's OpenPGP, S/MIME
# and GIO members are kept out by src/mail/gmime-without-crypto.c, so none of gpgme, gio, mount, selinux is needed.
# Where anything is missing, or with --disable-static-deps, everything is linked shared.
AC_DEFUN([TAMIS_STATIC_DEPENDENCIES], [
  AC_ARG_ENABLE([static-deps],
    [AS_HELP_STRING([--disable-static-deps], [link all libraries shared (slower start: see README)])],
    [], [enable_static_deps=auto])
  tamis_link=shared
  AS_IF([test "$enable_static_deps" != no], [
    AC_MSG_CHECKING([for the libraries' static archives])
    tamis_archives=
    tamis_missing=
    for name in gmime-3.0 gobject-2.0 glib-2.0 tokyocabinet psl idn2 unistring pcre2-8 ffi z bz2 inih cares; do
      archive=`$CC $CFLAGS -print-file-name=lib$name.a`
      AS_CASE([$archive],
        [/*], [tamis_archives="$tamis_archives $archive"],
        [tamis_missing="$tamis_missing lib$name.a"])
    done
    AS_IF([test -n "$tamis_missing"], [AC_MSG_RESULT([missing:$tamis_missing])], [
      AC_MSG_RESULT([found])
      AC_MSG_CHECKING([whether they link])
      saved_LIBS=$LIBS
      LIBS="$tamis_archives -lm -lpthread $LIBS"
      AC_LINK_IFELSE([AC_LANG_SOURCE([[
        void g_mime_init(void);
        #include "$srcdir/src/mail/gmime-without-crypto.c"
        int main(void) { g_mime_init(); return 0; }]])],
        [AC_MSG_RESULT([yes]); tamis_link="static (libc shared)"], [AC_MSG_RESULT([no])])
      LIBS=$saved_LIBS
    ])
    AS_IF([test "$tamis_link" = shared && test "$enable_static_deps" = yes],
      [AC_MSG_ERROR([--enable-static-deps was asked for and is not possible here])])
  ])
  AS_IF([test "$tamis_link" != shared], [
    # -u pulls our stand-ins out of libtamis.a before the archive's members are looked at.  The dynamic loader looks for
    # each name in the order of the libraries: of 331 names all but a dozen are in libc.
    DEPENDENCY_LIBS="-Wl,-u,g_mime_gpg_context_get_type $tamis_archives -lc -lm -lpthread"
    TAMIS_LATE_GLIB
  ], [
    DEPENDENCY_LIBS="$GMIME_LIBS $TOKYOCABINET_LIBS $PSL_LIBS $IDN2_LIBS $UNISTRING_LIBS $PCRE2_LIBS $INIH_LIBS $CARES_LIBS"
    DEPENDENCY_LIBS="$DEPENDENCY_LIBS $ZLIB_LIBS -lm"
  ])
  DEPENDENCY_LIBS="$DEPENDENCY_LIBS $LIBICONV"
  AC_SUBST([DEPENDENCY_LIBS])
  AM_CONDITIONAL([STATIC_GMIME], [test "$tamis_link" != shared])
])
