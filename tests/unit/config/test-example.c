/* test-example.c - data/tamis.conf is what the option table says; `test-example --update` makes it so */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake-rules.h"

#include "config/config.h"
#include "config/option-table.h"

static const char *example_path(void)
{
    static char path[4096];
    const char *source = getenv("TAMIS_SOURCE");
    snprintf(path, sizeof path, "%s/data/tamis.conf", source ? source : ".");
    return path;
}

static char *written_example(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    config_write_example(stream);
    fclose(stream);
    return text;
}

static void shipped_file_is_the_written_one(void **state)
{
    static char shipped[65536];
    FILE *stream = fopen(example_path(), "r");
    if (!stream)
        fail_msg("%s is missing", example_path());
    shipped[fread(shipped, 1, sizeof shipped - 1, stream)] = '\0';
    fclose(stream);
    char *want = written_example();
    if (strcmp(shipped, want) != 0)
        fail_msg("%s is out of date: run test-example --update", example_path());
    free(want);
}

static void no_line_is_too_wide(void **state)
{
    char *text = written_example();
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 79)
            fail_msg("too wide: %s", line);
    free(text);
}

/* With every # before a setting taken away the file must load without a mistake and change nothing. */
static void uncommented_it_sets_the_defaults(void **state)
{
    char path[] = "/tmp/tamis-example-XXXXXX";
    FILE *stream = fdopen(mkstemp(path), "w");
    char *text = written_example();
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        fprintf(stream, "%s\n", line[0] == '#' && line[1] != ' ' ? line + 1 : line);
    fclose(stream);
    free(text);
    setenv("HOME", "/home/joe", 1);
    setenv("USER", "joe", 1);
    struct config *config = config_load(&(struct config_sources){ .system_file = path, .user_file = "" });
    struct config *plain = config_load(&(struct config_sources){ .system_file = "", .user_file = "" });
    if (config_mistakes(config))
        fail_msg("%s", config_mistakes(config)->text);
    const struct settings *got = config_settings(config), *want = config_settings(plain);
    assert_int_equal(got->verdict.required, want->verdict.required);
    assert_int_equal(got->verdict.unsure, want->verdict.unsure);
    assert_int_equal(got->header_style, want->header_style);
    assert_int_equal(got->log_severity, want->log_severity);
    assert_string_equal(got->maildir.path, want->maildir.path);
    assert_string_equal(got->maildir.junk, want->maildir.junk);
    assert_int_equal(got->maildir.skip_directory_sync, want->maildir.skip_directory_sync);
    assert_int_equal(got->rules.override_count, 1);
    config_free(&config);
    config_free(&plain);
    remove(path);
}

static int update(void)
{
    FILE *stream = fopen(example_path(), "w");
    if (!stream)
        return 1;
    config_write_example(stream);
    return fclose(stream) == 0 ? 0 : 1;
}

int main(int argument_count, char **arguments)
{
    if (argument_count > 1 && strcmp(arguments[1], "--update") == 0)
        return update();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_file_is_the_written_one),
        cmocka_unit_test(no_line_is_too_wide),
        cmocka_unit_test(uncommented_it_sets_the_defaults),
    };
    return cmocka_run_group_tests_name("example settings file", tests, NULL, NULL);
}
