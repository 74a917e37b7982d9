package io.sockeye.examples.chat;

/** Somebody may not say what they wanted to say. */
final class PostRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    PostRefused(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why: a text for them to read. */
    String reason() {
        return reason;
    }
}
