/* expiry.c - which messages in Junk have been there too long, and their end */
#include "config.h"

#include "mailbox/expiry.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "mailbox/maildir-quota.h"

#define DAY_SECONDS ((int64_t)24 * 60 * 60)
/* A line in maildirsize for so many deletions: when we are killed, its sums are wrong by no more than these. */
#define QUOTA_STEP 50

static int oldest_first(const void *a, const void *b)
{
    const struct junk_message *left = *(const struct junk_message *const *)a;
    const struct junk_message *right = *(const struct junk_message *const *)b;
    return (left->arrived > right->arrived) - (left->arrived < right->arrived);
}

void expiry_plan(const struct junk_list *list, const struct expiry_settings *settings, int64_t now, bool unlimited,
                 struct arena *arena, struct expiry_plan *plan)
{
    *plan = (struct expiry_plan){ .due = arena_new_array(arena, const struct junk_message *, list->count) };
    int64_t before = now - settings->days * DAY_SECONDS;
    if (settings->days <= 0 || list->clock != JUNK_CLOCK_AGREES || list->began > before)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct junk_message *message = &list->messages[i];
        if (message->arrived > before)
            continue;
        if (message->is_flagged || message->is_not_junk || message->is_unclear)
            plan->kept++;
        else
            plan->due[plan->count++] = message;
    }
    if (plan->count)
        qsort(plan->due, plan->count, sizeof *plan->due, oldest_first);
    if (!unlimited && plan->count > (size_t)settings->most) {
        plan->waiting = plan->count - (size_t)settings->most;
        plan->count = (size_t)settings->most;
    }
}

/* Sums not yet told to maildirsize. */
struct untold {
    int64_t bytes, messages;
};

static void tell_quota(const struct opened_folder *folder, struct untold *untold, struct expiry_done *done)
{
    if (untold->messages)
        maildir_quota_take(folder->root_fd, untold->bytes, untold->messages);
    done->bytes += untold->bytes;
    done->counted += untold->messages;
    *untold = (struct untold){ 0, 0 };
}

bool expiry_delete(const struct opened_folder *folder, const struct expiry_plan *plan, struct expiry_done *done,
                   struct failure *failure)
{
    struct untold untold = { 0, 0 };
    bool sound = true;
    for (size_t i = 0; sound && i < plan->count; i++) {
        const struct junk_message *message = plan->due[i];
        int fd = message->is_new ? folder->new_fd : folder->cur_fd;
        int64_t size = message->is_trashed ? 0 : maildir_quota_size(fd, message->name);
        if (unlinkat(fd, message->name, 0) == 0) {
            done->deleted++;
            untold.bytes += size;
            untold.messages += !message->is_trashed;
        } else if (errno == ENOENT) {
            done->changed++;
        } else {
            sound = failure_set_errno(failure, FAILURE_PERMISSION, errno, "cannot delete from %s", folder->path);
        }
        if (untold.messages >= QUOTA_STEP)
            tell_quota(folder, &untold, done);
    }
    tell_quota(folder, &untold, done);
    return sound;
}
