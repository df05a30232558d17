/* folders.c - the folders of a mailbox, and which of them are Junk, Trash, Sent and Drafts */
#include "config.h"

#include "mailbox/folders.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mailbox/other-store.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/fold.h"
#include "util/utf8.h"
#include "util/trusted-path.h"

#define DEPTH_AT_MOST 16 /* nested folders; IMAP servers allow some 10 */
#define NAME_AT_MOST 1024

/* --- names ------------------------------------------------------------------------------------------------------ */

/* What mail programs and servers call these folders, folded (lower case).  Sources: the localisations of Thunderbird
 * (messenger.properties: junkFolderName, trashFolderName, sentFolderName, draftsFolderName), Outlook, Apple Mail,
 * Gmail, Yahoo ("Bulk Mail"), Roundcube, Courier. */
static const struct known_name {
    enum folder_use use;
    const char *name;
} known_names[] = {
    { FOLDER_JUNK, "junk" }, { FOLDER_JUNK, "spam" }, { FOLDER_JUNK, "junk mail" }, { FOLDER_JUNK, "junk email" },
    { FOLDER_JUNK, "junk e-mail" }, { FOLDER_JUNK, "bulk mail" },   { FOLDER_JUNK, "junkmail" },
    { FOLDER_JUNK, "spamverdacht" }, { FOLDER_JUNK, "unerwünscht" },
    { FOLDER_JUNK, "unerwünschte werbung" }, { FOLDER_JUNK, "junk-e-mail" }, { FOLDER_JUNK, "pourriel" },
    { FOLDER_JUNK, "pourriels" }, { FOLDER_JUNK, "indésirables" }, { FOLDER_JUNK, "courrier indésirable" },
    { FOLDER_JUNK, "correo no deseado" }, { FOLDER_JUNK, "correo basura" }, { FOLDER_JUNK, "no deseado" },
    { FOLDER_JUNK, "posta indesiderata" }, { FOLDER_JUNK, "indesiderata" }, { FOLDER_JUNK, "lixo eletrônico" },
    { FOLDER_JUNK, "lixo electrónico" }, { FOLDER_JUNK, "ongewenste e-mail" }, { FOLDER_JUNK, "ongewenst" },
    { FOLDER_JUNK, "skräppost" }, { FOLDER_JUNK, "søppelpost" }, { FOLDER_JUNK, "uønsket mail" },
    { FOLDER_JUNK, "roskaposti" }, { FOLDER_JUNK, "niechciane" }, { FOLDER_JUNK, "nevyžádaná pošta" },
    { FOLDER_JUNK, "levélszemét" }, { FOLDER_JUNK, "спам" }, { FOLDER_JUNK, "нежелательная почта" },
    { FOLDER_JUNK, "istenmeyen" }, { FOLDER_JUNK, "önemsiz e-posta" }, { FOLDER_JUNK, "迷惑メール" },
    { FOLDER_JUNK, "垃圾邮件" }, { FOLDER_JUNK, "垃圾郵件" }, { FOLDER_JUNK, "스팸" }, { FOLDER_JUNK, "스팸메일함" },

    { FOLDER_TRASH, "trash" }, { FOLDER_TRASH, "deleted" }, { FOLDER_TRASH, "deleted items" },
    { FOLDER_TRASH, "deleted messages" }, { FOLDER_TRASH, "bin" }, { FOLDER_TRASH, "wastebasket" },
    { FOLDER_TRASH, "papierkorb" }, { FOLDER_TRASH, "gelöscht" }, { FOLDER_TRASH, "gelöschte elemente" },
    { FOLDER_TRASH, "gelöschte objekte" }, { FOLDER_TRASH, "corbeille" }, { FOLDER_TRASH, "éléments supprimés" },
    { FOLDER_TRASH, "messages supprimés" }, { FOLDER_TRASH, "papelera" }, { FOLDER_TRASH, "elementos eliminados" },
    { FOLDER_TRASH, "cestino" }, { FOLDER_TRASH, "posta eliminata" }, { FOLDER_TRASH, "lixeira" },
    { FOLDER_TRASH, "itens excluídos" }, { FOLDER_TRASH, "lixo" }, { FOLDER_TRASH, "prullenbak" },
    { FOLDER_TRASH, "verwijderde items" }, { FOLDER_TRASH, "papperskorg" }, { FOLDER_TRASH, "papperskorgen" },
    { FOLDER_TRASH, "borttaget" }, { FOLDER_TRASH, "papirkurv" }, { FOLDER_TRASH, "slettet post" },
    { FOLDER_TRASH, "roskakori" }, { FOLDER_TRASH, "kosz" }, { FOLDER_TRASH, "koš" }, { FOLDER_TRASH, "kuka" },
    { FOLDER_TRASH, "корзина" }, { FOLDER_TRASH, "удаленные" }, { FOLDER_TRASH, "çöp kutusu" },
    { FOLDER_TRASH, "çöp" }, { FOLDER_TRASH, "ゴミ箱" }, { FOLDER_TRASH, "已删除" }, { FOLDER_TRASH, "已删除邮件" },
    { FOLDER_TRASH, "垃圾箱" }, { FOLDER_TRASH, "휴지통" },

    { FOLDER_SENT, "sent" }, { FOLDER_SENT, "sent items" }, { FOLDER_SENT, "sent mail" },
    { FOLDER_SENT, "sent messages" }, { FOLDER_SENT, "sent-mail" }, { FOLDER_SENT, "outbox" },
    { FOLDER_SENT, "gesendet" }, { FOLDER_SENT, "gesendete elemente" }, { FOLDER_SENT, "gesendete objekte" },
    { FOLDER_SENT, "envoyés" }, { FOLDER_SENT, "messages envoyés" }, { FOLDER_SENT, "éléments envoyés" },
    { FOLDER_SENT, "enviados" }, { FOLDER_SENT, "elementos enviados" }, { FOLDER_SENT, "itens enviados" },
    { FOLDER_SENT, "inviati" }, { FOLDER_SENT, "posta inviata" }, { FOLDER_SENT, "verzonden" },
    { FOLDER_SENT, "verzonden items" }, { FOLDER_SENT, "skickat" }, { FOLDER_SENT, "sendt" },
    { FOLDER_SENT, "lähetetyt" }, { FOLDER_SENT, "wysłane" }, { FOLDER_SENT, "odeslaná pošta" },
    { FOLDER_SENT, "elküldött" }, { FOLDER_SENT, "отправленные" }, { FOLDER_SENT, "gönderilmiş" },
    { FOLDER_SENT, "送信済み" }, { FOLDER_SENT, "已发送" }, { FOLDER_SENT, "보낸 편지함" },

    { FOLDER_DRAFTS, "drafts" }, { FOLDER_DRAFTS, "draft" }, { FOLDER_DRAFTS, "templates" },
    { FOLDER_DRAFTS, "entwürfe" }, { FOLDER_DRAFTS, "brouillons" }, { FOLDER_DRAFTS, "borradores" },
    { FOLDER_DRAFTS, "bozze" }, { FOLDER_DRAFTS, "rascunhos" }, { FOLDER_DRAFTS, "concepten" },
    { FOLDER_DRAFTS, "utkast" }, { FOLDER_DRAFTS, "kladder" }, { FOLDER_DRAFTS, "luonnokset" },
    { FOLDER_DRAFTS, "szkice" }, { FOLDER_DRAFTS, "koncepty" }, { FOLDER_DRAFTS, "piszkozatok" },
    { FOLDER_DRAFTS, "черновики" }, { FOLDER_DRAFTS, "taslaklar" }, { FOLDER_DRAFTS, "下書き" },
    { FOLDER_DRAFTS, "草稿" }, { FOLDER_DRAFTS, "임시 보관함" },
};

/* What Outlook, Exchange and some servers put behind the word: "Deleted Items (This computer only)". */
static const char *const known_starts[] = { "deleted items ", "deleted messages ", "sent items ", "sent messages " };
static const enum folder_use known_start_uses[] = { FOLDER_TRASH, FOLDER_TRASH, FOLDER_SENT, FOLDER_SENT };

static int base64_value(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == ',' ? 63 : -1;
}

/* UTF-16 in, UTF-8 out; false when surrogates do not pair. */
static bool append_unit(struct buffer *out, uint16_t unit, uint16_t *high)
{
    if (unit >= 0xDC00 && unit <= 0xDFFF) {
        if (!*high)
            return false;
        utf8_append(out, 0x10000u + ((uint32_t)(*high - 0xD800) << 10) + (unit - 0xDC00u));
        *high = 0;
        return true;
    }
    if (*high)
        return false;
    if (unit >= 0xD800 && unit <= 0xDBFF)
        *high = unit;
    else
        utf8_append(out, unit);
    return true;
}

/* One stretch between '&' and '-', both left out. */
static bool append_shifted(struct buffer *out, struct span text)
{
    uint32_t bits = 0;
    int count = 0;
    uint16_t high = 0;
    for (size_t i = 0; i < text.length; i++) {
        int value = base64_value(text.data[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count < 16)
            continue;
        count -= 16;
        if (!append_unit(out, (uint16_t)(bits >> count), &high))
            return false;
        bits &= (1u << count) - 1;
    }
    return !high && count < 6 && bits == 0;
}

struct span folders_decode_name(struct span name, struct arena *arena)
{
    struct buffer out = buffer_new(arena, NAME_AT_MOST * 3);
    struct span rest = name;
    while (rest.length) {
        size_t plain = span_find_byte(rest, '&');
        buffer_append(&out, span_head(rest, plain));
        if (plain == rest.length)
            break;
        rest = span_from(rest, plain + 1);
        size_t shifted = span_find_byte(rest, '-');
        if (shifted == rest.length)
            return name;
        if (shifted == 0)
            buffer_append_byte(&out, '&');
        else if (!append_shifted(&out, span_head(rest, shifted)))
            return name;
        rest = span_from(rest, shifted + 1);
    }
    return buffer_span(&out);
}

static struct span fold_name(struct span name, struct arena *arena)
{
    struct fold_counts counts = { 0 };
    struct buffer valid = buffer_new(arena, NAME_AT_MOST * 3), folded = buffer_new(arena, NAME_AT_MOST * 3);
    utf8_append_repaired(&valid, folders_decode_name(span_head(name, NAME_AT_MOST), arena));
    fold_text(buffer_span(&valid), &folded, &counts);
    return span_trim(buffer_span(&folded));
}

/* "inbox.junk" and "inbox/junk" are "junk": Courier's and Cyrus' namespaces. */
static struct span without_inbox(struct span name)
{
    if (span_starts_nocase(name, "inbox") && name.length > 6 && (name.data[5] == '.' || name.data[5] == '/'))
        return span_from(name, 6);
    return name;
}

static bool is_or_is_below(struct span name, struct span folder)
{
    return folder.length && name.length >= folder.length && span_equal(span_head(name, folder.length), folder)
           && (name.length == folder.length || name.data[folder.length] == '.' || name.data[folder.length] == '/');
}

static enum folder_use use_of_level(struct span level)
{
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
        if (span_is(level, known_names[i].name))
            return known_names[i].use;
    for (size_t i = 0; i < sizeof known_starts / sizeof *known_starts; i++)
        if (span_starts_nocase(level, known_starts[i]))
            return known_start_uses[i];
    return FOLDER_ORDINARY;
}

enum folder_use folders_use_of_name(struct span name, const struct folder_names *names, struct arena *arena)
{
    struct span folded = without_inbox(fold_name(name, arena));
    const struct {
        enum folder_use use;
        const char *name;
    } own[] = { { FOLDER_JUNK, names ? names->junk : NULL },
                { FOLDER_TRASH, names ? names->trash : NULL },
                { FOLDER_SENT, names ? names->sent : NULL },
                { FOLDER_DRAFTS, names ? names->drafts : NULL },
                { FOLDER_TRASH, names ? names->quarantine : NULL } };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].name && is_or_is_below(folded, without_inbox(fold_name(span_of(own[i].name), arena))))
            return own[i].use;
    /* Gmail keeps its folders below "[Gmail]"; others below "Folders": the outermost level with a known name decides,
     * so that Trash/Junk is Trash. */
    while (folded.length) {
        size_t length = 0;
        while (length < folded.length && folded.data[length] != '.' && folded.data[length] != '/')
            length++;
        enum folder_use use = use_of_level(span_head(folded, length));
        if (use != FOLDER_ORDINARY)
            return use;
        folded = span_from(folded, length + 1);
    }
    return FOLDER_ORDINARY;
}

const char *folders_use_name(enum folder_use use)
{
    static const char *const names[] = { [FOLDER_ORDINARY] = "ordinary", [FOLDER_JUNK] = "junk",
                                         [FOLDER_TRASH] = "trash",       [FOLDER_SENT] = "sent",
                                         [FOLDER_DRAFTS] = "drafts" };
    return names[use];
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

struct search {
    struct arena *arena;
    const struct folder_names *names;
    struct folders *folders;
    size_t capacity;
    int error; /* of the system: which folders there are cannot be told */
};

/* What is not ours to look at is no folder of ours; what the system fails to show may be one. */
static bool is_directory(struct search *search, const char *directory, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    if (!file_join(path, sizeof path, directory, name))
        return false;
    if (lstat(path, &status) == 0)
        return S_ISDIR(status.st_mode);
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ENAMETOOLONG)
        search->error = errno;
    return false;
}

static void add_folder(struct search *search, const char *path, const char *name)
{
    struct folders *folders = search->folders;
    if (folders->count == FOLDERS_AT_MOST) {
        folders->truncated = true;
        return;
    }
    folders->list =
        arena_grow(search->arena, folders->list, folders->count, &search->capacity, sizeof *folders->list);
    folders->list[folders->count++] = (struct folder){
        .path = arena_copy(search->arena, span_of(path)).data,
        .name = arena_copy(search->arena, span_of(name)).data,
        .use = folders_use_of_name(span_of(name), search->names, search->arena),
    };
}

static bool is_part_of_a_maildir(const char *name)
{
    return strcmp(name, "cur") == 0 || strcmp(name, "new") == 0 || strcmp(name, "tmp") == 0;
}

/* Looks at one directory: `name` is what it is called as a folder, "" for the root.  One of somebody else's below the
 * root holds none of ours; what the system fails to list may hold some. */
static bool look_into(struct search *search, const char *path, const char *name, int depth, struct failure *failure)
{
    if (is_directory(search, path, "cur"))
        add_folder(search, path, *name ? name : "INBOX");
    DIR *directory = opendir(path);
    if (!directory && depth > 0 && (errno == EACCES || errno == ENOENT || errno == ENOTDIR))
        return true;
    if (!directory) {
        search->error = errno;
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read the Maildir %s", path);
    }
    if (depth == 0 && !other_store_none(dirfd(directory), path, failure)) {
        closedir(directory);
        return false;
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(directory)); errno = 0) {
        const char *found = entry->d_name;
        bool dotted = found[0] == '.' && *name == '\0';
        if ((found[0] == '.' && (!dotted || found[1] == '.' || found[1] == '\0')) || is_part_of_a_maildir(found)
            || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) || !is_directory(search, path, found))
            continue;
        char inner[PATH_MAX], inner_name[PATH_MAX];
        if (!file_join(inner, sizeof inner, path, found)
            || !file_join(inner_name, sizeof inner_name, name, found + dotted))
            continue;
        if (dotted && is_directory(search, inner, "cur"))
            add_folder(search, inner, inner_name);
        else if (!dotted && depth < DEPTH_AT_MOST && !look_into(search, inner, inner_name, depth + 1, NULL))
            break;
    }
    if (search->error == 0)
        search->error = errno;
    closedir(directory);
    return search->error == 0 ||
           failure_set_errno(failure, FAILURE_INPUT, search->error, "cannot read the Maildir %s", path);
}

static int compare_folders(const void *a, const void *b)
{
    return strcmp(((const struct folder *)a)->name, ((const struct folder *)b)->name);
}

bool folders_find(const char *path, const struct folder_names *names, struct arena *arena, struct folders *folders,
                  struct failure *failure)
{
    *folders = (struct folders){ 0 };
    if (!trusted_path_check(path, PATH_OF_MAIL, failure))
        return false;
    struct search search = { .arena = arena, .names = names, .folders = folders };
    if (!look_into(&search, path, "", 0, failure))
        return false;
    if (folders->count)
        qsort(folders->list, folders->count, sizeof *folders->list, compare_folders);
    return true;
}
