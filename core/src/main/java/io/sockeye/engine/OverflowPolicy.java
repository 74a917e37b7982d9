package io.sockeye.engine;

/** What happens to a packet that does not fit into its session's send queue. */
public enum OverflowPolicy {
    /**
     * The packet is refused and the session ends at once with {@link CloseReason#FORCED_CLOSE}. The only policy that a
     * client notices: it reconnects and starts from a known state.
     */
    DISCONNECT,
    /**
     * The packet is accepted, and the oldest messages that are still queued are dropped until the queue fits again. While
     * the event loop is behind, up to twice the limit may wait; beyond that the packet is refused.
     */
    DROP_OLDEST,
    /** The packet is refused; what is queued stays. */
    DROP_NEWEST
}
