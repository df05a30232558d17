/* test-config.c - settings files of every kind, sound and broken: always settings, and each mistake told where it is
 */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake-rules.h"

#include "config/config.h"
#include "config/option-family.h"
#include "config/option-table.h"

static char folder[] = "/tmp/tamis-config-XXXXXX";
static char system_path[64], user_path[64];

static int make_folder(void **state)
{
    if (!mkdtemp(folder))
        return -1;
    snprintf(system_path, sizeof system_path, "%s/system", folder);
    snprintf(user_path, sizeof user_path, "%s/user", folder);
    setenv("HOME", "/home/joe", 1);
    setenv("USER", "joe", 1);
    unsetenv("XDG_STATE_HOME");
    return 0;
}

static int remove_folder(void **state)
{
    unlink(system_path);
    unlink(user_path);
    return rmdir(folder);
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    fclose(stream);
}

/* Loads with these two files; NULL: no such file. */
static struct config *load_with(const char *system, const char *user, const char *const *overrides)
{
    if (system)
        write_bytes(system_path, system, strlen(system));
    if (user)
        write_bytes(user_path, user, strlen(user));
    return config_load(&(struct config_sources){
        .system_file = system ? system_path : "",
        .user_file = user ? user_path : "",
        .overrides = overrides,
    });
}

static size_t count_mistakes(const struct config *config)
{
    size_t count = 0;
    for (const struct config_mistake *mistake = config_mistakes(config); mistake; mistake = mistake->next)
        count++;
    return count;
}

static void assert_no_mistake(const struct config *config)
{
    if (config_mistakes(config))
        fail_msg("%s", config_mistakes(config)->text);
}

/* The only mistake is FOLDER/`want`. */
static void assert_mistake(const struct config *config, const char *want)
{
    char full[1024];
    snprintf(full, sizeof full, "%s/%s", folder, want);
    if (!config_mistakes(config))
        fail_msg("no mistake, want %s", want);
    assert_string_equal(config_mistakes(config)->text, full);
    assert_int_equal(count_mistakes(config), 1);
}

static void defaults_hold_without_any_file(void **state)
{
    struct config *config = load_with(NULL, NULL, NULL);
    const struct settings *settings = config_settings(config);
    assert_no_mistake(config);
    assert_int_equal(settings->verdict.required, VERDICT_SETTINGS_DEFAULT.required);
    assert_int_equal(settings->verdict.unsure, VERDICT_SETTINGS_DEFAULT.unsure);
    assert_int_equal(settings->header_style, HEADER_STYLE_SPAMASSASSIN);
    assert_true(settings->enabled);
    assert_string_equal(settings->maildir.path, "/home/joe/Maildir");
    assert_string_equal(settings->maildir.junk, "Junk");
    assert_true(settings->maildir.create);
    assert_false(settings->maildir.skip_directory_sync);
    assert_string_equal(settings->state_directory, "/home/joe/.local/state/tamis");
    assert_int_equal(settings->log_severity, LOG_SEVERITY_INFO);
    assert_int_equal(settings->log_target, isatty(STDERR_FILENO) ? LOG_TARGET_STDERR : LOG_TARGET_BOTH);
    assert_int_equal(settings->rules.override_count, 0);
    config_free(&config);
    assert_null(config);
    config_free(&config);
}

static void every_setting_reaches_its_field(void **state)
{
    struct config *config = load_with("\xEF\xBB\xBF; a comment\r\n"
                                      "filter = no\r\n"
                                      "required = 6.5\r\n"
                                      "   unsure = 3   ; indented, with a comment\r\n"
                                      "headers: minimal\r\n"
                                      "maildir = /srv/%u/mail\n"
                                      "create_maildir = no\n"
                                      "junk_folder = Spam\n"
                                      "directory_sync = no\n"
                                      "state_dir = %h/state\n"
                                      "log = none\n"
                                      "log_level = debug\n"
                                      "score.HIDDEN_TEXT = -1.25\n"
                                      "score.DATE_IN_FAR_FUTURE = 0",
                                      NULL, NULL);
    const struct settings *settings = config_settings(config);
    assert_no_mistake(config);
    assert_false(settings->enabled);
    assert_int_equal(settings->verdict.required, 650);
    assert_int_equal(settings->verdict.unsure, 300);
    assert_int_equal(settings->header_style, HEADER_STYLE_MINIMAL);
    assert_string_equal(settings->maildir.path, "/srv/joe/mail");
    assert_false(settings->maildir.create);
    assert_string_equal(settings->maildir.junk, "Spam");
    assert_true(settings->maildir.skip_directory_sync);
    assert_string_equal(settings->state_directory, "/home/joe/state");
    assert_int_equal(settings->log_target, LOG_TARGET_NONE);
    assert_int_equal(settings->log_severity, LOG_SEVERITY_DEBUG);
    assert_int_equal(settings->rules.override_count, 2);
    assert_string_equal(settings->rules.overrides[0].name, "HIDDEN_TEXT");
    assert_int_equal(settings->rules.overrides[0].points, -125);
    assert_string_equal(settings->rules.overrides[1].name, "DATE_IN_FAR_FUTURE");
    assert_int_equal(settings->rules.overrides[1].points, 0);
    config_free(&config);
}

static void later_wins(void **state)
{
    const char *overrides[] = { "required = 9", "score.HIDDEN_TEXT=3", NULL };
    struct config *config = load_with("required = 6\nunsure = 1\nunsure = 2\n",
                                      "required = 7\nscore.HIDDEN_TEXT = 1\nscore.HIDDEN_TEXT = 2\n", overrides);
    const struct settings *settings = config_settings(config);
    assert_no_mistake(config);
    assert_int_equal(settings->verdict.required, 900);
    assert_int_equal(settings->verdict.unsure, 200);
    assert_int_equal(settings->rules.override_count, 1);
    assert_int_equal(settings->rules.overrides[0].points, 300);
    config_free(&config);
}

static void paths_of_the_command_line_are_expanded(void **state)
{
    char here[4096], want[4200];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(want, sizeof want, "%s/some%%joe", here);
    struct config *config = config_load(&(struct config_sources){
        .system_file = "", .user_file = "", .user = "joe", .state_directory = "/s/%u", .maildir = "some%%%u" });
    assert_no_mistake(config);
    assert_false(config_settings(config)->misplaced);
    assert_string_equal(config_settings(config)->state_directory, "/s/joe");
    assert_string_equal(config_settings(config)->maildir.path, want);
    config_free(&config);
}

/* Whoever may write settings may have programs run. */
static void files_that_others_may_write_are_ignored(void **state)
{
    static const struct {
        const char *name;
        mode_t mode;
        uid_t owner;
        bool want;
    } files[] = {
        { "one's own", 0600, 0, true },
        { "readable by all", 0644, 0, true },
        { "of a group that shares it", 0664, 0, true },
        { "writable by all", 0646, 0, false },
        { "somebody else's", 0644, 12345, false },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (files[i].owner && geteuid() != 0)
            continue; /* only root can give files away */
        write_bytes(user_path, "required = 7\n", 13);
        assert_int_equal(chmod(user_path, files[i].mode), 0);
        if (files[i].owner)
            assert_int_equal(chown(user_path, files[i].owner, (gid_t)-1), 0);
        struct config *config = config_load(&(struct config_sources){ .system_file = "", .user_file = user_path });
        if ((config_settings(config)->verdict.required == 700) != files[i].want ||
            (count_mistakes(config) == 0) != files[i].want)
            fail_msg("%s: %s", files[i].name, files[i].want ? "ignored" : "believed");
        config_free(&config);
        unlink(user_path);
    }
}

static void sections_make_members(void **state)
{
    const char *overrides[] = { "dns_list.zen.points=4.5", NULL };
    struct config *config = load_with("required = 6\n[dns_list zen]\nzone = zen.example.org\n\n[dns_list  uri_2]\n"
                                      "zone = uri.example.org\nask = host\npoints = -1\n[settings]\nunsure = 3\n",
                                      "[dns_list uri_2]\nenabled = no\n", overrides);
    const struct settings *settings = config_settings(config);
    assert_no_mistake(config);
    assert_int_equal(settings->verdict.required, 600);
    assert_int_equal(settings->verdict.unsure, 300);
    assert_int_equal(settings->outside.dns_list_count, 2);
    const struct dns_list *lists = settings->outside.dns_lists;
    assert_string_equal(lists[0].section.name, "zen");
    assert_string_equal(lists[0].zone, "zen.example.org");
    assert_int_equal(lists[0].asked, DNS_ASKED_RELAY);
    assert_int_equal(lists[0].points, 450);
    assert_true(lists[0].enabled);
    assert_string_equal(lists[1].section.name, "uri_2");
    assert_int_equal(lists[1].asked, DNS_ASKED_HOST);
    assert_int_equal(lists[1].points, -100);
    assert_false(lists[1].enabled);
    config_free(&config);
}

static void a_locked_setting_of_a_section_holds(void **state)
{
    struct config *config = load_with("[dns_list zen]\nzone = a.example\n[locked]\ndns_list.zen.enabled = yes\n",
                                      "[dns_list zen]\nenabled = no\n", NULL);
    assert_int_equal(count_mistakes(config), 1);
    assert_true(config_settings(config)->outside.dns_lists[0].enabled);
    config_free(&config);
}

static void sections_beyond_the_limit_are_left_out(void **state)
{
    char text[4096] = "";
    for (int i = 0; i < FAMILY_MEMBERS_MOST + 2; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "[dns_list l%d]\nzone = a.example\n", i);
    struct config *config = load_with(text, NULL, NULL);
    assert_int_equal(count_mistakes(config), 2);
    assert_int_equal(config_settings(config)->outside.dns_list_count, FAMILY_MEMBERS_MOST);
    config_free(&config);
}

static const struct {
    const char *name, *system, *user, *want; /* want: the one mistake, below the folder */
} mistakes[] = {
    { "a section without what it needs", "[dns_list zen]\npoints = 3\n", NULL,
      "system:2: the section [dns_list zen] does not say its \"zone\": it is ignored" },
    { "a setting that sections of the kind have not", "[dns_list zen]\nzone = a.example\npionts = 3\n", NULL,
      "system:3: dns_list.zen.pionts: a section [dns_list NAME] has no such setting; did you mean points?" },
    { "a name of a section in other letters", "[dns_list Zen!]\nzone = a.example\n", NULL,
      "system:2: dns_list.Zen!.zone: a section [dns_list NAME] is accepted, with a name of at most 40 lower-case "
      "letters, digits, - and _" },
    { "a name of a section with a dot in it", "[dns_list a.b]\nzone = a.example\n", NULL,
      "system:2: dns_list.a.b.zone: a section [dns_list NAME] is accepted, with a name of at most 40 lower-case "
      "letters, digits, - and _" },
    { "a section without a name", "[dns_list]\n", NULL,
      "system:1: \"[dns_list]\": the sections [settings], [locked], [dns_list NAME] and [check NAME] are accepted; "
      "what follows is ignored" },
    { "a zone that is no name", "[dns_list a]\nzone = b.example\nzone = a..b\n", NULL,
      "system:3: dns_list.a.zone = a..b: a domain name (example.org) is accepted" },
    { "a word for a number", "\n\nrequired = lots\n", NULL,
      "system:3: required = lots: a number from -100 to 100 with at most two decimals is accepted" },
    { "an unknown name near a known one", NULL, "requierd = 5\n",
      "user:1: requierd: there is no such setting; did you mean required?" },
    { "an unknown name near none", NULL, "bayes_auto_learn = 1\n",
      "user:1: bayes_auto_learn: there is no such setting; \"tamis config show\" lists all" },
    { "a score of an unknown rule near a known one", "score.HIDEN_TEXT = 1\n", NULL,
      "system:1: score.HIDEN_TEXT: there is no such check or rule; did you mean score.HIDDEN_TEXT?" },
    { "a score of an unknown rule", "score.XYZZY = 1\n", NULL,
      "system:1: score.XYZZY: there is no such check or rule; \"tamis rules list\" lists all" },
    { "a score out of range", "score.HIDDEN_TEXT = 1000\n", NULL,
      "system:1: score.HIDDEN_TEXT = 1000: a number from -100 to 100 with at most two decimals is accepted" },
    { "a line that sets nothing", "required = 5\nrequired 6\n", NULL,
      "system:2: \"required 6\" sets nothing: a line \"name = value\" is accepted" },
    { "the same on the last line without its end", "# x\nunsure", NULL,
      "system:2: \"unsure\" sets nothing: a line \"name = value\" is accepted" },
    { "an unclosed section", "[locked\n", NULL,
      "system:1: \"[locked\" sets nothing: a line \"name = value\" is accepted" },
    { "an unknown section", "[lokced]\nrequired = 9\n", NULL,
      "system:1: \"[lokced]\": there is no such section; did you mean [locked]? What follows is ignored" },
    { "an unknown section of a kind near a known one", "[dnslist spamhaus]\nzone = zen.example\n", NULL,
      "system:1: \"[dnslist spamhaus]\": there is no such section; did you mean [dns_list spamhaus]? "
      "What follows is ignored" },
    { "a section near none", "[milter]\nrequired = 9\n", NULL,
      "system:1: \"[milter]\": the sections [settings], [locked], [dns_list NAME] and [check NAME] are accepted; "
      "what follows is ignored" },
    { "a section's setting by a keyword near a known one", "dnslist.spamhaus.zone = zen.example\n", NULL,
      "system:1: dnslist.spamhaus.zone: there is no such setting; did you mean dns_list.spamhaus.zone?" },
    { "a user who would lock", NULL, "[locked]\nrequired = 9\n",
      "user:1: [locked]: only the system file can lock settings; they are ignored" },
    { "an empty value", "headers =\n", NULL, "system:1: headers = : spamassassin, bogofilter or minimal is accepted" },
    { "a control byte is shown, not sent", "headers = a\x1b[2Jb\n", NULL,
      "system:1: headers = a\\x1B[2Jb: spamassassin, bogofilter or minimal is accepted" },
    { "a relative path", "maildir = mail\n", NULL, "system:1: maildir = mail: the path does not begin with / or ~/" },
    { "an unsure that leaves no band", "required = 3\nunsure = 4\n", NULL,
      "system:2: unsure = 4: at most the value of \"required\" is accepted; nothing will be unsure" },
};

static void each_mistake_is_told_where_it_is(void **state)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct config *config = load_with(mistakes[i].system, mistakes[i].user, NULL);
        const struct settings *settings = config_settings(config);
        char want[1024];
        snprintf(want, sizeof want, "%s/%s", folder, mistakes[i].want);
        const char *got = config_mistakes(config) ? config_mistakes(config)->text : "(none)";
        if (strcmp(got, want) != 0)
            fail_msg("%s: got %s, want %s", mistakes[i].name, got, want);
        if (count_mistakes(config) != 1)
            fail_msg("%s: also %s", mistakes[i].name, config_mistakes(config)->next->text);
        assert_true(settings->verdict.required == 500 || settings->verdict.required == 300);
        assert_int_equal(settings->header_style, HEADER_STYLE_SPAMASSASSIN);
        assert_string_equal(settings->maildir.path, settings->misplaced ? "" : "/home/joe/Maildir");
        assert_int_equal(settings->rules.override_count, 0);
        config_free(&config);
    }
}

static void a_wrong_value_leaves_the_one_before(void **state)
{
    struct config *config = load_with("required = 7\n", "required = plenty\n", NULL);
    assert_int_equal(config_settings(config)->verdict.required, 700);
    assert_int_equal(count_mistakes(config), 1);
    config_free(&config);
}

static void a_lowered_required_takes_unsure_along(void **state)
{
    struct config *config = load_with("required = -2\n", NULL, NULL);
    assert_no_mistake(config);
    assert_int_equal(config_settings(config)->verdict.unsure, -200);
    config_free(&config);
}

static void locks_hold_against_all_that_comes_later(void **state)
{
    const char *overrides[] = { "junk_folder=Other", "score.HIDDEN_TEXT=0", NULL };
    struct config *config =
        load_with("[locked]\njunk_folder = Spam\nscore.HIDDEN_TEXT = 4\n[settings]\nrequired = 8\n",
                  "junk_folder = Mine\nrequired = 9\n", overrides);
    const struct settings *settings = config_settings(config);
    char want[300];
    snprintf(want, sizeof want, "%s:1: junk_folder = Mine: the administrator has locked this setting to Spam (%s:2)",
             user_path, system_path);
    assert_string_equal(config_mistakes(config)->text, want);
    assert_int_equal(count_mistakes(config), 3);
    assert_string_equal(settings->maildir.junk, "Spam");
    assert_int_equal(settings->verdict.required, 900);
    assert_int_equal(settings->rules.overrides[0].points, 400);
    config_free(&config);
}

static void a_lock_holds_though_its_value_is_wrong(void **state)
{
    struct config *config = load_with("[locked]\nrequired = much\nscore.HIDDEN_TEXT = much\n",
                                      "required = 9\nscore.HIDDEN_TEXT = 1\n", NULL);
    assert_int_equal(count_mistakes(config), 4);
    assert_int_equal(config_settings(config)->verdict.required, 500);
    assert_int_equal(config_settings(config)->rules.override_count, 0);
    config_free(&config);
}

static void a_line_too_long_is_never_cut(void **state)
{
    char text[1000];
    int start = snprintf(text, sizeof text, "state_dir = /");
    memset(text + start, 'x', 400);
    snprintf(text + start + 400, sizeof text - (size_t)start - 400, "\nrequired = 6\n");
    struct config *config = load_with(text, NULL, NULL);
    assert_mistake(config, "system:1: the line has 413 bytes: at most 199 are accepted, the line is ignored");
    assert_string_equal(config_settings(config)->state_directory, "/home/joe/.local/state/tamis");
    assert_int_equal(config_settings(config)->verdict.required, 600);
    config_free(&config);
}

/* The longest line that is accepted arrives whole, and so does the next one. */
static void a_line_of_the_longest_size_is_whole(void **state)
{
    char text[400];
    int start = snprintf(text, sizeof text, "state_dir = /");
    memset(text + start, 'x', 199 - (size_t)start);
    snprintf(text + 199, sizeof text - 199, "\nrequired = 6\n");
    struct config *config = load_with(text, NULL, NULL);
    assert_no_mistake(config);
    assert_int_equal(strlen(config_settings(config)->state_directory), 199 - strlen("state_dir = "));
    assert_int_equal(config_settings(config)->verdict.required, 600);
    config_free(&config);
}

static void binary_garbage_is_one_mistake(void **state)
{
    char bytes[3000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7919 >> 3);
    write_bytes(system_path, bytes, sizeof bytes);
    struct config *config = config_load(&(struct config_sources){ .system_file = system_path, .user_file = "" });
    assert_mistake(config, "system: this is no text file, it holds a NUL byte: it is ignored");
    config_free(&config);
}

static void garbage_without_nul_is_told_briefly(void **state)
{
    static char text[40001];
    for (size_t i = 0; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "?\n", 3);
    struct config *config = load_with(text, NULL, NULL);
    const struct config_mistake *last = config_mistakes(config);
    while (last->next)
        last = last->next;
    assert_int_equal(count_mistakes(config), 51);
    assert_string_equal(last->text, "and 19950 more mistakes");
    config_free(&config);
}

static void a_file_too_large_is_refused(void **state)
{
    static char text[70001];
    memset(text, '\n', sizeof text - 1);
    struct config *config = load_with(text, NULL, NULL);
    assert_int_equal(count_mistakes(config), 1);
    config_free(&config);
}

/* A directory, a FIFO (must not hang) and a missing file that was asked for: one mistake each, and the defaults. */
static void what_is_no_file_is_a_mistake(void **state)
{
    unlink(user_path);
    assert_int_equal(mkfifo(user_path, 0600), 0);
    const char *paths[] = { folder, user_path, "/nonexistent/tamis.conf" };
    for (size_t i = 0; i < 3; i++) {
        alarm(10);
        struct config *config = config_load(&(struct config_sources){ .system_file = "", .user_file = paths[i] });
        alarm(0);
        assert_int_equal(count_mistakes(config), 1);
        assert_non_null(strstr(config_mistakes(config)->text, paths[i]));
        assert_int_equal(config_settings(config)->verdict.required, 500);
        config_free(&config);
    }
    unlink(user_path);
}

/* For root no file is unreadable, so the test is somebody else while it looks. */
static void an_unreadable_file_is_a_mistake(void **state)
{
    write_bytes(user_path, "required = 9\n", 13);
    assert_int_equal(chmod(folder, 0755) | chmod(user_path, 0), 0);
    bool was_root = geteuid() == 0;
    if (was_root)
        assert_int_equal(seteuid(65534), 0);
    struct config *config = config_load(&(struct config_sources){ .system_file = "", .user_file = user_path });
    if (was_root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(count_mistakes(config), 1);
    assert_non_null(strstr(config_mistakes(config)->text, "Permission denied"));
    assert_int_equal(config_settings(config)->verdict.required, 500);
    config_free(&config);
    unlink(user_path);
}

static void a_missing_usual_file_is_none(void **state)
{
    setenv("XDG_CONFIG_HOME", folder, 1);
    struct config *config = config_load(&(struct config_sources){ .system_file = "" });
    unsetenv("XDG_CONFIG_HOME");
    assert_no_mistake(config);
    config_free(&config);
}

/* What cannot be told for a user is nowhere, above all not at the default, which may be somebody else's. */
static const struct {
    const char *line, *user, *state_option, *maildir_option;
    bool misplaced;
    const char *state, *maildir, *rules; /* NULL: not looked at */
} places[] = {
    { "state_dir = /s/%u", "joe", NULL, NULL, false, "/s/joe", "/home/joe/Maildir", NULL },
    { "state_dir = /s/%u", "../../root", NULL, NULL, true, "", "/home/joe/Maildir", NULL },
    { "state_dir = /s/%d", "joe", NULL, NULL, true, "", "/home/joe/Maildir", NULL },
    { "state_dir = relative", "joe", NULL, NULL, true, "", "/home/joe/Maildir", NULL },
    { "maildir = /m/%u", "../x", NULL, NULL, true, "/home/joe/.local/state/tamis", "", NULL },
    { "maildir = /m/%u", "..", NULL, "/m/joe", false, NULL, "/m/joe", NULL },
    { "lists_dir = /l/%u", "../x", NULL, NULL, true, "/home/joe/.local/state/tamis", "/home/joe/Maildir", NULL },
    { "", "../x", "/s/%u", NULL, true, "", "/home/joe/Maildir", NULL },
    { "", "../x", NULL, "/m/%u", true, "/home/joe/.local/state/tamis", "", NULL },
    { "", "joe", "", NULL, true, "", NULL, NULL },
    { "", "joe", NULL, "", true, NULL, "", NULL },
    { "[locked]\nstate_dir = /s/all", "../x", "/s/%u", NULL, false, "/s/all", NULL, NULL },
    { "rules_dir = /r/%u", "../x", NULL, NULL, false, NULL, NULL, PKGDATADIR "/rules" },
};

static void a_place_that_cannot_be_told_is_nowhere(void **state)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        write_bytes(system_path, places[i].line, strlen(places[i].line));
        struct config *config = config_load(&(struct config_sources){
            .system_file = system_path, .user_file = "", .user = places[i].user,
            .state_directory = places[i].state_option, .maildir = places[i].maildir_option });
        const struct settings *settings = config_settings(config);
        if (settings->misplaced != places[i].misplaced)
            fail_msg("%s for %s: misplaced is %d", places[i].line, places[i].user, settings->misplaced);
        assert_true(!places[i].misplaced || count_mistakes(config) == 1);
        if (places[i].state)
            assert_string_equal(settings->state_directory, places[i].state);
        if (places[i].maildir)
            assert_string_equal(settings->maildir.path, places[i].maildir);
        if (places[i].rules)
            assert_string_equal(settings->rules_directory, places[i].rules);
        config_free(&config);
    }
}

static void an_override_without_value_is_told(void **state)
{
    const char *overrides[] = { "required", "=5", "requird=5", NULL };
    struct config *config = load_with(NULL, NULL, overrides);
    const struct config_mistake *mistake = config_mistakes(config);
    assert_int_equal(count_mistakes(config), 3);
    assert_string_equal(mistake->text, "--set required: \"name=value\" is accepted");
    assert_string_equal(mistake->next->next->text, "--set: requird: there is no such setting; did you mean required?");
    config_free(&config);
}

struct seen {
    size_t count, locked;
    char required[200], score[200];
};

static void look_at(void *context, const struct config_value *value)
{
    struct seen *seen = context;
    seen->count++;
    seen->locked += value->locked;
    assert_true(value->name && value->value && value->default_value && value->origin && value->accepted &&
                value->help);
    if (strcmp(value->name, "required") == 0)
        snprintf(seen->required, sizeof seen->required, "%s|%s|%s", value->value, value->default_value, value->origin);
    if (strcmp(value->name, "score.HIDDEN_TEXT") == 0)
        snprintf(seen->score, sizeof seen->score, "%s|%s", value->value, value->origin);
}

static void a_visit_shows_value_default_and_origin(void **state)
{
    const char *overrides[] = { "score.HIDDEN_TEXT=3.5", NULL };
    struct config *config = load_with("[locked]\nrequired = 7.5\n", NULL, overrides);
    struct seen seen = { 0 };
    char want[200];
    config_visit(config, look_at, &seen);
    snprintf(want, sizeof want, "7.5|5|%s:2", system_path);
    assert_string_equal(seen.required, want);
    assert_string_equal(seen.score, "3.5|--set");
    assert_int_equal(seen.locked, 1);
    assert_int_equal(seen.count, option_count + 1);
    config_free(&config);
}

/* The checks take the lists taken apart, and the owner's address by name or by the site's first domain. */
static void the_site_reaches_the_checks(void **state)
{
    static const char *const overrides[] = { "own_domains=example.org, example.net", "trusted_networks=192.0.2.0/24",
                                             "internal_addresses=staff@example.org", "authserv_id=mx.example.org",
                                             NULL };
    static const struct {
        const char *user, *want;
    } users[] = { { "anna", "anna@example.org" }, { "anna@example.com", "anna@example.com" } };
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        struct config *config = config_load(&(struct config_sources){
            .system_file = "", .user_file = "", .overrides = overrides, .user = users[i].user });
        const struct rule_context *site = &config_settings(config)->rule_context;
        assert_string_equal(site->user, users[i].want);
        assert_string_equal(site->own_domains[1], "example.net");
        assert_null(site->own_domains[2]);
        assert_true(network_list_has(site->trusted_networks, span_of("192.0.2.9")));
        assert_null(site->friend_networks);
        assert_string_equal(site->internal_addresses[0], "staff@example.org");
        assert_string_equal(site->authserv_ids[0], "mx.example.org");
        config_free(&config);
    }
}

static void a_bare_name_without_domain_is_no_address(void **state)
{
    struct config *config =
        config_load(&(struct config_sources){ .system_file = "", .user_file = "", .user = "anna" });
    assert_null(config_settings(config)->rule_context.user);
    assert_null(config_settings(config)->rule_context.own_domains);
    config_free(&config);
}

static void the_lists_of_bad_hosts_lie_beside_the_settings(void **state)
{
    char path[80];
    snprintf(path, sizeof path, "%s/bad_hosts", folder);
    struct config *config = load_with("required = 6\n", NULL, NULL);
    assert_int_equal(config_settings(config)->rule_context.bad_hosts.length, 0);
    config_free(&config);
    write_bytes(path, "evil.example", 12);
    config = load_with("required = 6\n", NULL, NULL);
    assert_no_mistake(config);
    assert_span_is(config_settings(config)->rule_context.bad_hosts, "evil.example\n");
    config_free(&config);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    config = load_with("required = 6\n", NULL, NULL);
    assert_int_equal(count_mistakes(config), 1);
    config_free(&config);
    rmdir(path);
    assert_int_equal(symlink("bad_hosts", path), 0); /* an error that also root gets */
    config = load_with("required = 6\n", NULL, NULL);
    assert_int_equal(count_mistakes(config), 1);
    config_free(&config);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_without_any_file),
        cmocka_unit_test(every_setting_reaches_its_field),
        cmocka_unit_test(later_wins),
        cmocka_unit_test(files_that_others_may_write_are_ignored),
        cmocka_unit_test(sections_make_members),
        cmocka_unit_test(a_locked_setting_of_a_section_holds),
        cmocka_unit_test(sections_beyond_the_limit_are_left_out),
        cmocka_unit_test(paths_of_the_command_line_are_expanded),
        cmocka_unit_test(each_mistake_is_told_where_it_is),
        cmocka_unit_test(a_wrong_value_leaves_the_one_before),
        cmocka_unit_test(a_lowered_required_takes_unsure_along),
        cmocka_unit_test(locks_hold_against_all_that_comes_later),
        cmocka_unit_test(a_lock_holds_though_its_value_is_wrong),
        cmocka_unit_test(a_line_too_long_is_never_cut),
        cmocka_unit_test(a_line_of_the_longest_size_is_whole),
        cmocka_unit_test(binary_garbage_is_one_mistake),
        cmocka_unit_test(garbage_without_nul_is_told_briefly),
        cmocka_unit_test(a_file_too_large_is_refused),
        cmocka_unit_test(what_is_no_file_is_a_mistake),
        cmocka_unit_test(an_unreadable_file_is_a_mistake),
        cmocka_unit_test(a_missing_usual_file_is_none),
        cmocka_unit_test(a_place_that_cannot_be_told_is_nowhere),
        cmocka_unit_test(an_override_without_value_is_told),
        cmocka_unit_test(the_site_reaches_the_checks),
        cmocka_unit_test(a_bare_name_without_domain_is_no_address),
        cmocka_unit_test(a_visit_shows_value_default_and_origin),
        cmocka_unit_test(the_lists_of_bad_hosts_lie_beside_the_settings),
    };
    return cmocka_run_group_tests_name("settings", tests, make_folder, remove_folder);
}
