/* settings.h - whom to ask outside: what the settings files say of it
 *
 * The parts' own settings stand in sections with a name of the administrator's choice, [dns_list spamhaus]; each makes
 * one member of an array here.  The names of options, their ranges and defaults are in config/option-family.c.
 */
#ifndef TAMIS_OUTSIDE_SETTINGS_H
#define TAMIS_OUTSIDE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

/* What every member of an array begins with. */
struct outside_name {
    const char *name; /* of the section */
};

/* What is looked up in a DNS list. */
enum dns_asked {
    DNS_ASKED_RELAY,  /* the address of who handed the message over */
    DNS_ASKED_DOMAIN, /* the registrable domains of links */
    DNS_ASKED_HOST,   /* their full hosts */
    DNS_ASKED_SENDER  /* the registrable domain of the sender's address */
};

struct dns_list {
    struct outside_name section;
    const char *zone; /* "zen.spamhaus.org" */
    enum dns_asked asked;
    bool addresses;      /* of links whose host is an address too */
    int points;          /* hundredths, for any answer where `answers` is empty */
    const char *answers; /* dns-answers.h */
    bool enabled;
};

/* A program that is shown each message. */
struct outside_check {
    struct outside_name section;
    const char *command; /* program.h */
    int milliseconds;
    const char *exits;   /* points by exit status: "0=3 1=-1" (check-answers.h) */
    const char *pattern; /* a regular expression in what it prints; "" none */
    int points;          /* hundredths, where the pattern is found */
    bool enabled;
};

struct outside_settings {
    const char *state_directory; /* of the user, where caches are; "" none */
    const struct dns_list *dns_lists;
    size_t dns_list_count;
    const char *dns_server; /* dns-query.h */
    int dns_milliseconds;   /* for all lists of a message together */
    const char *clamd;      /* stream.h; "" none */
    int clamd_milliseconds;
    int clamd_megabytes; /* larger messages are not scanned */
    const struct outside_check *checks;
    size_t check_count;
    const char *shared_directory; /* shared-place.h; "" none */
    int shared_users;             /* so many users must say so */
    int shared_points;            /* hundredths, when so many say so of a text */
    int shared_days;              /* that a report counts */
    const char *shared_owner;     /* the system's name of who owns virtual mailboxes; "" nobody */
};

#endif
