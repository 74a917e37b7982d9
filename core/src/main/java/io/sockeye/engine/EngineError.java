package io.sockeye.engine;

/** Why the engine refuses a request: the code and text of the answer's JSON body and its HTTP status. */
public enum EngineError {
    /** The transport is unknown or not enabled. */
    UNKNOWN_TRANSPORT(0, "Transport unknown", 400),
    /** The session does not exist, or no longer. */
    UNKNOWN_SID(1, "Session ID unknown", 400),
    /** A handshake must be a GET request. */
    BAD_HANDSHAKE_METHOD(2, "Bad handshake method", 400),
    /** The request does not fit the session or the protocol. */
    BAD_REQUEST(3, "Bad request", 400),
    /** The request is not allowed: its origin, or by {@code allowRequest}. */
    FORBIDDEN(4, "Forbidden", 403),
    /** The protocol revision is not enabled. */
    UNSUPPORTED_PROTOCOL_VERSION(5, "Unsupported protocol version", 400);

    private final int code;
    private final String text;
    private final int httpStatus;

    EngineError(int code, String text, int httpStatus) {
        this.code = code;
        this.text = text;
        this.httpStatus = httpStatus;
    }

    /** The {@code code} of the answer's body. */
    public int code() {
        return code;
    }

    /** The {@code message} of the answer's body. */
    public String text() {
        return text;
    }

    /** The answer's HTTP status. */
    public int httpStatus() {
        return httpStatus;
    }
}
