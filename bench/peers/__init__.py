"""The filters that are measured, each in a file of its own, in the order of the tables."""

from __future__ import annotations

from peers.bmf import Bmf
from peers.bogofilter import Bogofilter, BogofilterSqlite, BogofilterTokyoCabinet
from peers.crm114 import Crm114
from peers.peer import Peer
from peers.rspamd import Rspamd
from peers.spamassassin import SpamAssassin
from peers.spamprobe import Spamprobe
from peers.sylfilter import Sylfilter
from peers.tamis import Tamis

TABLE: tuple[type[Peer], ...] = (
    Tamis,
    Bogofilter,
    BogofilterSqlite,
    BogofilterTokyoCabinet,
    Spamprobe,
    Bmf,
    Sylfilter,
    Crm114,
    SpamAssassin,
    Rspamd,
)
