package io.sockeye.protocol.socketio;

/**
 * An argument is missing or is not of the type that was asked for. The message names the argument's index, the type and
 * what came instead: {@code argument 1: expected Order, got string}. Of the peer's input it contains nothing but names of
 * properties, escaped and cut.
 *
 * <p>Carries no stack trace, because a peer's input raises it.
 */
public final class ArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int index;

    /**
     * An exception about one argument.
     *
     * @param index which argument it is, from 0; negative for a value that stands alone
     * @param expectation what is wrong with it, as a client may read it: {@code expected Order, got string}
     */
    public ArgumentException(int index, String expectation) {
        super(
                (index < 0 ? "value" : "argument " + index) + ": " + expectation,
                null,
                /* enableSuppression= */ false,
                /* writableStackTrace= */ false);
        this.index = index;
    }

    /** Which argument it is, from 0; negative for a value that stands alone. */
    public int index() {
        return index;
    }
}
