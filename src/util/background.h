/* background.h - work that nobody waits for
 *
 * The work goes on in a process of its own, in a session of its own, with /dev/null for what the caller's caller may
 * wait to see closed.  It is nobody's child: whoever starts many leaves no dead ones behind.  What it does must bound
 * its own time.
 */
#ifndef TAMIS_UTIL_BACKGROUND_H
#define TAMIS_UTIL_BACKGROUND_H

typedef void background_work(void *context);

/* Does nothing when no process can be had. */
void background_start(background_work *work, void *context);

#endif
