package io.sockeye.engine;

/** Why an Engine.IO session ended, with the text that the reference server gives. */
public enum CloseReason {
    /** The connection broke, or the peer broke the transport's rules. */
    TRANSPORT_ERROR("transport error"),
    /** The peer closed the connection. */
    TRANSPORT_CLOSE("transport close"),
    /** The server closed the session. */
    FORCED_CLOSE("forced close"),
    /** The peer did not answer a ping in time. */
    PING_TIMEOUT("ping timeout"),
    /** A packet of the peer could not be decoded. */
    PARSE_ERROR("parse error");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /** The reference server's text. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
