/* check-table.c - all checks, in the order they are listed
 *
 * One line a check: X(name) stands for `const struct check check_name` in the file of its family.
 *
 * Default points are natural log-odds in hundredths, as the score is.  People say how grave a sign is, and within that
 * the points are fitted to the first 60 % of each corpus; doc/WEIGHTS.md says how, and which are held back because a
 * corpus flatters them.  A comment that names the first 60 % stands beside fitted points; one that does not was
 * measured on the whole, beside points that are as people gave them.  The corpora behind the comments:
 *
 *   2003      the SpamAssassin public corpus (easy, hard ham; spam), 4,150 ham and 1,896 spam
 *   2022-26   posts to public mail lists, 1,716, and messages of phishing_pot, 2,018; one Received field each, so what
 *             concerns reverse names and Message-IDs of services cannot be measured on it
 */
#include "rules/check.h"

#define CHECKS(X) \
    /* check-headers.c */ \
    X(no_date) \
    X(bad_date) \
    X(date_in_future) \
    X(date_in_past) \
    X(no_message_id) \
    X(bad_message_id) \
    X(message_id_forged) \
    X(duplicate_fields) \
    X(raw_8bit_header) \
    X(broken_encoded_word) \
    X(bad_header_line) \
    X(forged_verdict) \
    X(no_mime_version) \
    X(bad_time_zone) \
    X(message_id_added) \
    X(date_without_zone) \
    X(encoded_ascii) \
    X(urgent) \
    /* check-mailer.c */ \
    X(mailer_id) \
    X(mailer_boundary) \
    X(mailer_fields) \
    X(mailer_html_alone) \
    X(outlook_time) \
    X(service_id) \
    X(random_mailer) \
    X(outdated_script) \
    X(bulk_mailer) \
    /* check-web-form.c */ \
    X(web_form_script) \
    X(intruder_script) \
    X(web_server_user) \
    /* check-authentication.c */ \
    X(dmarc_fail) \
    X(spf_fail) \
    X(spf_softfail) \
    X(dkim_fail) \
    X(free_mail_unsigned) \
    X(unauthenticated) \
    X(authenticated) \
    /* check-list.c */ \
    X(discussion_list) \
    X(one_click_list) \
    /* check-subject.c */ \
    X(no_subject) \
    X(subject_in_capitals) \
    X(subject_spaced_out) \
    X(subject_tail) \
    X(subject_shouts) \
    X(subject_names_recipient) \
    X(subject_pictures) \
    X(subject_fakes_reply) \
    X(subject_random_word) \
    /* check-addresses.c */ \
    X(no_from) \
    X(bad_from) \
    X(from_stray_text) \
    X(from_name_other_address) \
    X(from_name_own_domain) \
    X(from_name_borrows_brand) \
    X(from_domain_borrows_brand) \
    X(reply_to_free_mail) \
    X(from_is_recipient) \
    X(no_recipient) \
    X(from_random_name) \
    X(from_free_host) \
    X(empty_recipient) \
    X(generic_recipient) \
    X(from_service_elsewhere) \
    X(from_domain_no_dot) \
    X(from_name_odd_start) \
    X(reply_to_elsewhere) \
    X(sender_leaves_no_trace) \
    /* check-relay.c */ \
    X(helo_is_address) \
    X(helo_is_literal) \
    X(helo_no_dot) \
    X(helo_is_ours) \
    X(no_reverse_name) \
    X(reverse_name_forged) \
    X(dynamic_reverse_name) \
    X(helo_differs) \
    X(helo_forges_service) \
    X(dates_go_backwards) \
    X(dates_go_far_backwards) \
    X(relay_in_future) \
    X(no_received) \
    X(from_friend) \
    X(internal_recipient) \
    /* check-correspondents.c */ \
    X(known_correspondent) \
    X(correspondent_authenticated) \
    X(answers_you) \
    /* check-mime.c */ \
    X(no_boundary) \
    X(no_parts) \
    X(duplicate_content_type) \
    X(bad_transfer_encoding) \
    X(base64_ascii_text) \
    X(bad_charset) \
    X(nul_bytes) \
    X(partial_message) \
    X(external_body) \
    X(html_only) \
    X(lone_part) \
    X(no_text) \
    X(editions_differ) \
    X(multipart_encoded) \
    X(html_before_plain) \
    X(no_end_boundary) \
    X(smuggling_charset) \
    X(inline_uuencode) \
    /* check-attachments.c */ \
    X(program_attached) \
    X(unsafe_attachment) \
    X(macro_document) \
    X(disk_image) \
    X(page_attached) \
    X(double_extension) \
    X(file_name_reversed) \
    X(file_name_padded) \
    X(program_by_content) \
    X(type_contradicts_content) \
    X(file_names_differ) \
    X(file_name_ambiguous) \
    X(file_name_once) \
    X(active_page_attached) \
    X(calendar_link) \
    X(active_document) \
    X(object_in_rtf) \
    /* check-archives.c */ \
    X(program_in_archive) \
    X(program_among_files) \
    X(container_in_archive) \
    X(macros_inside) \
    X(two_faced_archive) \
    X(encrypted_archive) \
    X(archive_password) \
    /* check-html.c */ \
    X(html_script) \
    X(html_events) \
    X(html_frame) \
    X(html_object) \
    X(html_form) \
    X(asks_password) \
    X(meta_refresh) \
    X(counting_pixel) \
    X(image_only) \
    X(words_split_by_tags) \
    X(unknown_tags) \
    X(long_data_url) \
    X(external_images) \
    X(form_to_stranger) \
    X(link_in_drawing) \
    X(moved_base) \
    X(external_style) \
    X(style_overload) \
    /* check-hidden.c */ \
    X(hidden_text) \
    X(camouflaged_text) \
    X(text_after_end) \
    X(split_words) \
    X(mixed_alphabets) \
    X(styled_letters) \
    X(text_far_below) \
    X(tag_characters) \
    X(reversed_text) \
    /* check-text.c */ \
    X(disguised_word) \
    X(foreign_letters) \
    X(random_word) \
    /* check-hosts.c */ \
    X(numeric_host) \
    X(disguised_host) \
    X(host_for_user) \
    X(odd_port) \
    X(international_host) \
    X(deep_host) \
    X(shortened_link) \
    X(free_hosting) \
    X(host_borrows_brand) \
    X(open_redirect) \
    X(cheap_domain) \
    X(host_looks_like_brand) \
    X(mixed_host) \
    X(domain_in_host) \
    X(random_host) \
    X(bad_host) \
    X(bad_relay) \
    /* check-links.c */ \
    X(link_to_stranger) \
    X(name_to_stranger) \
    X(link_past_sender) \
    X(active_link) \
    X(one_target) \
    X(link_names_recipient) \
    X(no_link_home) \
    X(address_in_link) \
    X(unsubscribe_elsewhere) \
    X(encoded_link) \
    /* check-history.c */ \
    X(relay_known_spam) \
    X(relay_known_ham) \
    X(relay_burst) \
    X(host_known_spam) \
    X(host_known_ham) \
    X(new_script)

#define DECLARE(name) extern const struct check check_##name;
CHECKS(DECLARE)

#define REFER(name) &check_##name,
const struct check *const check_table[] = { CHECKS(REFER) };

const size_t check_count = sizeof check_table / sizeof *check_table;
