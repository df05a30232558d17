/* gmime-without-crypto.c - stand-ins that keep OpenPGP, S/MIME and GIO out of a static link of GMime
 *
 * g_mime_init() names one symbol out of each of GMime's gpg, pkcs7 and gio members, and these drag in gpgme, gio,
 * libmount and libselinux, of which Debian has no archives and tamis has no use: signatures are never checked in the
 * process that reads a message.  Defining these symbols here means that the linker does not take those members.  GMime
 * 3.2 registers the two context types by name and asks gpgme for its version, and never calls the constructors for a
 * message it only parses; they answer "none".  Compiled only when configure links statically (STATIC_GMIME).
 */
#include <stddef.h>

const char *gpgme_check_version_internal(const char *required, size_t offset);
size_t g_mime_stream_gio_get_type(void);
size_t g_mime_gpg_context_get_type(void);
void *g_mime_gpg_context_new(void);
size_t g_mime_pkcs7_context_get_type(void);
void *g_mime_pkcs7_context_new(void);

const char *gpgme_check_version_internal(const char *required, size_t offset)
{
    return NULL;
}

/* G_TYPE_INVALID */
size_t g_mime_stream_gio_get_type(void)
{
    return 0;
}

size_t g_mime_gpg_context_get_type(void)
{
    return 0;
}

void *g_mime_gpg_context_new(void)
{
    return NULL;
}

size_t g_mime_pkcs7_context_get_type(void)
{
    return 0;
}

void *g_mime_pkcs7_context_new(void)
{
    return NULL;
}
