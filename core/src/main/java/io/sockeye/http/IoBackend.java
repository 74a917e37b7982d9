package io.sockeye.http;

/** What a server's event loops wait for sockets with. */
public enum IoBackend {
    /** The best of what the machine has: epoll, then kqueue, then io_uring, then NIO. */
    AUTO,
    /** Linux epoll, through Netty's native library. */
    EPOLL,
    /** BSD and macOS kqueue, through Netty's native library. */
    KQUEUE,
    /** Linux io_uring, through Netty's native library. */
    IO_URING,
    /** The JDK's own selector. Available everywhere. */
    NIO
}
