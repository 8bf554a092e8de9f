/**
 * Mapcask beside other stores, with equal work, and each in a process of its own. {@code bench/peers.sh} builds and
 * calls {@link org.mapcask.bench.peers.PeersBench}.
 *
 * <pre>
 *   PeersBench ── PeersRun           the parent: rounds, processes, kills
 *        │            ├ PeersFolder                     what is done stays when the run is interrupted
 *        │            └ PeerProcess ═══ PeerWorker      the child: one store, one step of a round
 *        │                PeerFailure                   whether it broke by its store or by what measures it
 *        │                                  └ PeerSteps ── PeerWorkload ── PeerSlot, VersionedValue, ZipfianIndexes
 *        └ PeerFigures, PeersTable, PeersReport              medians, ratios to the peers, goals
 *   PeerStore ◄── MapcaskPeer, BareLogPeer, HeapPeer, and in bench/src/peers: ChroniclePeer, LmdbPeer, RocksPeer,
 *                 MvStorePeer, MapDbPeer, XodusPeer
 * </pre>
 * The adapters in {@code bench/src/peers/java} are in this package too, but are compiled in the Maven profile
 * {@code peers} only; {@link org.mapcask.bench.peers.Peer} knows them by name.
 */
package org.mapcask.bench.peers;
