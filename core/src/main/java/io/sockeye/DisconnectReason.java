package io.sockeye;

import io.sockeye.engine.CloseReason;

/** Why a socket disconnected, with the text that the Socket.IO documentation gives ("Socket#disconnect"). */
public enum DisconnectReason {
    /** The connection broke. */
    TRANSPORT_ERROR("transport error"),
    /** The client closed the connection. */
    TRANSPORT_CLOSE("transport close"),
    /** The server closed the connection. */
    FORCED_CLOSE("forced close"),
    /** The client did not answer a ping in time. */
    PING_TIMEOUT("ping timeout"),
    /** A packet of the client could not be decoded by the engine. */
    PARSE_ERROR("parse error"),
    /** The server is closing. */
    SERVER_SHUTTING_DOWN("server shutting down"),
    /** The server closed the connection: no namespace was joined in time, or the client broke the protocol. */
    FORCED_SERVER_CLOSE("forced server close"),
    /** The client left the namespace. */
    CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
    /** The server disconnected the socket. */
    SERVER_NAMESPACE_DISCONNECT("server namespace disconnect");

    private final String text;

    DisconnectReason(String text) {
        this.text = text;
    }

    /** The documentation's text. */
    public String text() {
        return text;
    }

    static DisconnectReason of(CloseReason reason) {
        return switch (reason) {
            case TRANSPORT_ERROR -> TRANSPORT_ERROR;
            case TRANSPORT_CLOSE -> TRANSPORT_CLOSE;
            case FORCED_CLOSE -> FORCED_CLOSE;
            case PING_TIMEOUT -> PING_TIMEOUT;
            case PARSE_ERROR -> PARSE_ERROR;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
