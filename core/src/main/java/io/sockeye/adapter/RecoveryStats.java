package io.sockeye.adapter;

/**
 * What a namespace keeps on this node for clients that may come back. A snapshot.
 *
 * @param packets how many packets
 * @param bytes how many bytes these occupy
 * @param waiting how many sockets have lost their connection and wait for their client
 */
public record RecoveryStats(int packets, long bytes, int waiting) {}
