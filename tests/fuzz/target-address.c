/* target-address.c - mailboxes out of From, To and their like */
#include "config.h"

#include "fuzz.h"

#include "mail/address.h"
#include "util/limits.h"
#include "util/utf8.h"

/* mailbox is local@domain, or local alone. */
static void check_address(const struct address *address)
{
    fuzz_require(utf8_is_valid(address->name));
    fuzz_require(address->name.length <= LIMIT_FIELD_BYTES);
    fuzz_require(address->local.length + address->domain.length <= address->mailbox.length);
    fuzz_require(span_find_byte(address->domain, '@') == address->domain.length);
    fuzz_require(address->domain.length == 0 || address->domain.data[address->domain.length - 1] != '.'
                 || address->domain.length == 1 || address->domain.data[address->domain.length - 2] == '.');
}

FUZZ_TARGET(address, "mailboxes are read out of an address field")
{
    struct address_list list = { 0 };
    address_parse(input, arena, &list);
    fuzz_require(list.count <= LIMIT_ADDRESSES);
    for (size_t i = 0; i < list.count; i++)
        check_address(&list.items[i]);
}
