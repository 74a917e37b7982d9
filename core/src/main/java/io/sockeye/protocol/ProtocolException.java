package io.sockeye.protocol;

/**
 * The only exception that bytes of a peer can raise. Its message is one of the fixed texts of the specifications'
 * reference implementation and never contains the peer's bytes unescaped.
 *
 * <p>Carries no stack trace: a peer that sends rubbish must not be able to buy CPU time with it.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with the text that is reported as the reason. */
    public ProtocolException(String message) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
