package io.sockeye.engine;

/**
 * What a server has done so far. A snapshot; its figures may be a moment apart.
 *
 * @param sessions the sessions that are open or closing now
 * @param opened the sessions ever opened
 * @param refused the requests refused
 * @param upgraded the sessions that moved to a better transport
 * @param droppedPackets the packets refused or dropped because a send queue was full
 * @param parseErrors the sessions ended because a packet could not be decoded
 */
public record EngineStats(
        int sessions, long opened, long refused, long upgraded, long droppedPackets, long parseErrors) {}
