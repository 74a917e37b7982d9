package io.sockeye.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Netty classes of an {@link IoBackend} on this machine. Stateless.
 *
 * @param backend what was chosen, never {@link IoBackend#AUTO}
 */
record IoBackends(IoBackend backend, Supplier<IoHandlerFactory> handlers, Class<? extends ServerChannel> channel) {

    /**
     * What to use for a setting.
     *
     * @throws IllegalStateException when the machine does not have what was asked for
     */
    static IoBackends choose(IoBackend wanted) {
        if (wanted != IoBackend.AUTO) {
            Throwable obstacle = obstacle(wanted);
            if (obstacle != null) {
                throw new IllegalStateException(
                        "ioBackend: " + wanted + " is not available here ("
                                + innermost(obstacle).getMessage() + ")",
                        obstacle);
            }
            return of(wanted);
        }
        for (IoBackend candidate : new IoBackend[] {IoBackend.EPOLL, IoBackend.KQUEUE, IoBackend.IO_URING}) {
            if (obstacle(candidate) == null) {
                return of(candidate);
            }
        }
        return of(IoBackend.NIO);
    }

    /** Whether a channel can be taken from one event loop to another. io_uring may have a read of it under way. */
    boolean movesChannels() {
        return backend != IoBackend.IO_URING;
    }

    /** Why a backend cannot be used; null when it can. */
    private static @Nullable Throwable obstacle(IoBackend backend) {
        try {
            return switch (backend) {
                case EPOLL -> Epoll.unavailabilityCause();
                case KQUEUE -> KQueue.unavailabilityCause();
                case IO_URING -> IoUring.unavailabilityCause();
                case NIO, AUTO -> null;
            };
        } catch (LinkageError e) {
            return e;
        }
    }

    private static IoBackends of(IoBackend backend) {
        return switch (backend) {
            case EPOLL -> new IoBackends(backend, EpollIoHandler::newFactory, EpollServerSocketChannel.class);
            case KQUEUE -> new IoBackends(backend, KQueueIoHandler::newFactory, KQueueServerSocketChannel.class);
            case IO_URING -> new IoBackends(backend, IoUringIoHandler::newFactory, IoUringServerSocketChannel.class);
            case NIO, AUTO -> new IoBackends(IoBackend.NIO, NioIoHandler::newFactory, NioServerSocketChannel.class);
        };
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
