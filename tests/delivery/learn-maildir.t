#!/bin/sh
# learn-maildir.t - `tamis learn --maildir DIR`: a whole mailbox by its folders, balanced, once
. "$(dirname "$0")/lib.sh"
plan 12

use_program sound
write_plain "$scratch/plain"
tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

lies() { # lies FOLDER FILE WORDS
    mkdir -p "$maildir/$1/cur" "$maildir/$1/new" "$maildir/$1/tmp"
    {
        sed "s/^Message-ID: .*/Message-ID: <$(echo "$1$2" | tr -cd a-zA-Z0-9)@example.net>/" "$scratch/plain"
        echo "$3"
    } >"$maildir/$1/$2"
}
learned() { tamis db dump | sed -n 's/^lessons //p'; }

new_home "$none_is_spam" 'quarantine_folder = Viruses'
for i in 1 2 3; do
    lies . "cur/10$i.a.host:2,S" "lunch $i"
    lies .Friends "cur/20$i.a.host:2,RS" "dinner $i"
    lies .Junk "cur/30$i.a.host:2,S" "money $i"
done
lies .Junk new/304.a.host "money 4"
lies . cur/104.a.host:2, "not read yet"
lies . new/105.a.host "not seen yet"
lies . cur/106.a.host:2,ST "deleted"
lies .Drafts cur/401.a.host:2,S "my draft"
lies .Sent cur/501.a.host:2,S "my words"
lies .Trash cur/601.a.host:2,S "thrown away"
lies .Viruses cur/701.a.host:2,S "infected"

tamis learn --maildir "$maildir" --dry-run >"$scratch/said"
check "a dry run says what each folder is taken for" same "$(sort "$scratch/said")" "Drafts: left out (drafts)
Friends: 3 of 3 messages as ham
INBOX: 3 of 3 messages as ham
Junk: 4 of 4 messages as spam
Sent: left out (sent)
Trash: left out (trash)
Viruses: left out (trash)"
check "and learns nothing" same "$(learned 2>/dev/null)" ""
check "all at once" same "$(tamis learn --maildir "$maildir" | tail -1)" \
    "6 learned as ham, 0 changed to it, 0 already known; 4 learned as spam, 0 changed to it, 0 already known"
check "that is what is known" same "$(learned)" "6 4"
check "again: nothing to do" same "$(tamis learn --maildir "$maildir" | tail -1)" \
    "0 learned as ham, 0 changed to it, 6 already known; 0 learned as spam, 0 changed to it, 4 already known"
the_users_word_stands() {
    tamis learn -q --ham "$maildir/.Junk/cur/301.a.host:2,S" && tamis learn -q --maildir "$maildir" &&
        same "$(learned)" "7 3"
}
check "what the user said of a message stands above its folder" the_users_word_stands

new_home "$none_is_spam"
for i in 1 2 3 4 5 6 7 8 9; do lies . "cur/176370010$i.a.host:2,S" "lunch $i"; done
lies .Junk cur/301.a.host:2,S "money"
check "the newest, when only some are asked for" eval \
    'tamis learn -q --maildir "$maildir" --most 3; rm "$maildir"/cur/176370010[789]*
    same "$(tamis learn --maildir "$maildir" --most 3 | tail -1)" \
    "3 learned as ham, 0 changed to it, 0 already known; 0 learned as spam, 0 changed to it, 1 already known"'
many() {
    new_home "$none_is_spam"
    for i in 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do for k in 1 2; do
        mkdir -p "$maildir/cur" "$maildir/new" "$maildir/tmp"
        printf 'From: a@example.net\nMessage-ID: <%s@example.net>\n\n%s\n' "$i$j$k" "$i$j$k" \
            >"$maildir/cur/1$i$j$k.a.host:2,S"
    done; done; done
    lies .Junk cur/301.a.host:2,S "money"
    tamis learn --maildir "$maildir" --dry-run >"$scratch/said"
    grep -q 'INBOX: 105 of 180 messages as ham' "$scratch/said" || complain "$(cat "$scratch/said")"
}
check "not too many of one kind beside few of the other" many

check "no number for --most" eval 'tamis learn --maildir "$maildir" --most many; same $? 64'
check "--dry-run with paths is a mistake" eval 'tamis learn --ham --dry-run "$scratch/plain"; same $? 64'
check "a Maildir that is not there" eval 'tamis learn --maildir "$scratch/none"; same $? 66'
check "an empty one is no mistake" \
    eval 'new_home; new_maildir; tamis learn --maildir "$maildir" >"$scratch/said"; same $? 0'
