/* packing.h - files of mail that hold no message as it was sent but one that was compressed or encrypted
 *
 * Archives are often kept as mbox.gz, and Dovecot writes such files into a Maildir where its plugins zlib or mail_crypt
 * are on.  What is in them would be read as one message of noise, and noise would be learned.  They are told by their
 * first bytes (RFC 1952 for gzip, RFC 8878 for zstd, the formats' own documents for the others; Dovecot's
 * src/lib-compression/istream-lz4.c and src/lib-dcrypt/istream-decrypt.c), none of which a message can begin with: a
 * field's name is ASCII letters up to a colon.  Unpacking is left to programs that are made for it: it would have to be
 * done where mail is not yet in the sandbox.
 */
#ifndef TAMIS_MAILBOX_PACKING_H
#define TAMIS_MAILBOX_PACKING_H

#include <stdbool.h>

#include "util/failure.h"
#include "util/span.h"

/* How the file with this beginning is packed, for people: "gzip"; NULL when it is not.  PACKING_BYTES of it suffice. */
#define PACKING_BYTES 32
const char *packing_name(struct span bytes);

/* Is it a message, as far as its beginning tells?  False: `failure`, which names `path`, says how it is packed. */
bool packing_none(struct span bytes, const char *path, struct failure *failure);

#endif
