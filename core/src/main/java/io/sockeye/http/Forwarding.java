package io.sockeye.http;

import java.net.InetSocketAddress;

/** One request on its way to the node that has its session. Confined to the event loop of its exchange. */
interface Forwarding {

    /** The owner has been found. */
    void start(InetSocketAddress owner);

    /** The owner cannot be found. */
    void fail();

    /** The client has gone. */
    void cancel();
}
