package io.sockeye.adapter;

import java.time.Duration;

/**
 * What a server was told about bringing clients back whose connection was lost. Immutable.
 *
 * @param maxDisconnectionDuration how long after the loss of its connection a session may still be taken up again
 * @param packetLife how long a packet is kept. Longer than {@code maxDisconnectionDuration} by the time in which the server
 *     may not have noticed that a connection is dead: a packet that is older was received, or its connection was ended longer
 *     ago than sessions are kept
 * @param maxPackets how many packets are kept per namespace
 * @param maxBytes how many bytes these may occupy per namespace
 * @param maxSessions how many sessions without a connection are kept per namespace
 */
public record RecoverySettings(
        Duration maxDisconnectionDuration, Duration packetLife, int maxPackets, long maxBytes, int maxSessions) {}
