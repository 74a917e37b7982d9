package io.sockeye.adapter.redis;

/**
 * What has passed between this process and Redis. Immutable.
 *
 * @param published messages that Redis has taken
 * @param refused messages that were not taken for Redis: too much was held back, or Redis did not take any
 * @param lost messages that were taken for Redis, and did not get there: held back for too long, or refused by it
 * @param pendingBytes bytes that are held back, or that Redis has not confirmed yet
 * @param received messages that have arrived over channels, those of this process among them
 * @param malformed messages that have arrived and could not be read
 */
public record RedisStats(long published, long refused, long lost, long pendingBytes, long received, long malformed) {
    /** Nothing has passed. */
    static final RedisStats NONE = new RedisStats(0, 0, 0, 0, 0, 0);

    static RedisStats of(RedisLink link) {
        Publishing publishing = link.publishing();
        return new RedisStats(
                publishing.published(),
                publishing.refused(),
                publishing.lost(),
                publishing.pendingBytes(),
                link.subscriptions().received(),
                link.malformed());
    }
}
