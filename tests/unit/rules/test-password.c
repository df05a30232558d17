/* test-password.c - passwords given away in a text, and texts that only speak of passwords */
#include "unit.h"

#include "rules/password.h"

static const struct {
    const char *input, *want; /* empty: none */
} cases[] = {
    { "The password is 4711.", "4711" },
    { "Password: 4711", "4711" },
    { "ZIP PASSWORD - \"Inv-2026\" (password: Inv-2026)", "Inv-2026" },
    { "Use this password for the attached archive: x7_k2\nRegards", "x7_k2" },
    { "Das Passwort lautet 4711", "4711" },
    { "Kennwort: abc123", "abc123" },
    { "Le mot de passe est : secret1", "secret1" },
    { "La contrase\xC3\xB1" "a es 1234", "1234" },
    { "Senha: 9988", "9988" },
    { "\xD0\x9F\xD0\xB0\xD1\x80\xD0\xBE\xD0\xBB\xD1\x8C: 1234 / "
      "\xD0\xBF\xD0\xB0\xD1\x80\xD0\xBE\xD0\xBB\xD1\x8C: 5678", "5678" },
    { "\xE8\xA7\xA3\xE5\x8E\x8B\xE5\xAF\x86\xE7\xA0\x81\xEF\xBC\x9A" "2026", "2026" },
    { "You know the password.", "" },
    { "I will send the password by phone. Greetings: Anna", "" },
    { "password: ", "" },
    { "password: ab", "" },
    { "one-time passwords and passphrases", "" },
    { "", "" },
};

static void passwords_in_texts_are_found(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span got = SPAN_EMPTY;
        bool found = password_find(span_of(cases[i].input), &got);
        if (found != (cases[i].want[0] != '\0') || !span_is(found ? got : SPAN_EMPTY, cases[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].input, (int)got.length, got.data ? got.data : "",
                     cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(passwords_in_texts_are_found) };
    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
