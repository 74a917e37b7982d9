package io.sockeye.transport;

/**
 * What every transport needs to know, checked by the builder that made it.
 *
 * @param maxPayload the longest message or request body in bytes that a client may send
 * @param httpCompressionThreshold poll answers of at least this many bytes are compressed when the client accepts it;
 *     {@link Integer#MAX_VALUE} turns compression off
 * @param perMessageDeflateThreshold WebSocket messages of at least this many bytes are compressed when the client offers
 *     {@code permessage-deflate} (RFC 7692); {@link Integer#MAX_VALUE} turns the extension off
 * @param closeTimeoutNanos how long a closing poll session waits for a poll to tell the client
 */
public record TransportConfig(
        int maxPayload, int httpCompressionThreshold, int perMessageDeflateThreshold, long closeTimeoutNanos) {}
