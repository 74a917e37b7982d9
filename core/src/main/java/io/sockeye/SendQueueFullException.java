package io.sockeye;

/** An event that an acknowledgement was asked for did not fit the send queue of its connection, and was dropped. */
public final class SendQueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SendQueueFullException() {
        super("the send queue is full");
    }
}
