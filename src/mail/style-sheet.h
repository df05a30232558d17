/* style-sheet.h - the rules of <style> and which of them apply to an element
 *
 * Selectors: type, *, .class, #id, attribute presence and =, ~=, ^=, $=, *= (on the element itself), :first-child,
 * :nth-child(an+b), :link, :root, and the combinators descendant and child; specificity and order as in Selectors Level
 * 4.  @media is judged for a screen of STYLE_VIEWPORT_WIDTH px in light colours; @supports and @layer are gone into,
 * other @rules passed over.
 *
 * Rules are found through the id, class or type of their last part, not tried one after the other.  The work of a whole
 * document is bounded (STYLE_MATCH_STEPS...): past it rules no longer apply and style_sheet_truncated() says so.
 *
 * Limits: a selector with anything else in it (siblings, :not(), :last-child, ::before, more than 16 parts) never
 * matches; class names ignore ASCII case, as they do in mail without a doctype; @import is noted, never followed.
 */
#ifndef TAMIS_MAIL_STYLE_SHEET_H
#define TAMIS_MAIL_STYLE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/html-token.h"
#include "mail/style-selector.h"
#include "mail/style.h"
#include "util/arena.h"
#include "util/span.h"

/* Comparisons of selector parts for one message: so many at once, more with every byte of HTML, and never more than the
 * last.  The most that 1,171 messages with rules took is one for eight bytes, and 12,000 in all; 1,024 rules for div
 * and 100,000 <div> would take 100 million. */
#define STYLE_MATCH_STEPS_FREE 100000
#define STYLE_MATCH_STEPS_PER_BYTE 4
#define STYLE_MATCH_STEPS 2000000

struct style_sheet;

/* `most_steps`: how many comparisons may be made, but for those of the last element. */
struct style_sheet *style_sheet_new(struct arena *arena, size_t most_steps);

/* Adds the content of one <style> whose media attribute is `media` (empty: all). */
void style_sheet_add(struct style_sheet *sheet, struct span text, struct span media);

/* Rules that can apply to anything.  0: there is no need to fill in style_elements. */
size_t style_sheet_rules(const struct style_sheet *sheet);

bool style_sheet_has_import(const struct style_sheet *sheet);

/* More than LIMIT_STYLE_BYTES or LIMIT_STYLE_RULES, or the steps used up. */
bool style_sheet_truncated(const struct style_sheet *sheet);

/* How many comparisons were made so far: for tests of the work bound. */
size_t style_sheet_steps(const struct style_sheet *sheet);

/* Puts all declarations that apply to `element`, whose start tag is `token`, into `set`. */
void style_sheet_apply(struct style_sheet *sheet, const struct style_element *element, const struct html_token *token,
                       struct style_set *set);

/* Is a media query list ("screen and (max-width: 600px)") true on that screen? */
bool style_media_matches(struct span query);

#endif
