package io.sockeye;

/** Middleware has not decided on an event in time. */
public final class MiddlewareTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MiddlewareTimeoutException() {
        super("the middleware has not decided in time");
    }
}
