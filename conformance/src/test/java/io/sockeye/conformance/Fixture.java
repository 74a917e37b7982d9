package io.sockeye.conformance;

import java.net.URI;

/**
 * A running server that serves what {@code conformance/README.md} asks of a fixture, for as long as a test needs it. Used by
 * the test's thread.
 */
interface Fixture extends AutoCloseable {
    URI uri();

    /** Waits until the server has reported the end of this socket, and gives the reason that it named. */
    String endOf(String socketId);

    /** Shuts the server down in good order, and starts it again on the same port. */
    void restart();

    /** Shuts the server down; fails unless it goes in good order. */
    @Override
    void close();
}
