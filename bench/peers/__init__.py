"""The filters that are measured, each in a file of its own, in the order of the tables."""

from __future__ import annotations

from peers.bogofilter import Bogofilter, BogofilterSqlite, BogofilterTokyoCabinet
from peers.peer import Peer
from peers.tamis import Tamis

TABLE: tuple[type[Peer], ...] = (
    Tamis,
    Bogofilter,
    BogofilterSqlite,
    BogofilterTokyoCabinet,
)
