package io.sockeye.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The selector that all connections of the load hang on, and its clock. Confined to the load's thread: it turns only while
 * {@link #runUntil} or {@link #runFor} runs.
 */
final class Loop implements AutoCloseable {
    private static final int RECEIVE_BYTES = 256 * 1024;

    /** Each source address has its own range of ports: one is too few for long runs that connect all the time. */
    private static final int SOURCE_ADDRESSES = 16;

    private final Selector selector;
    private final InetSocketAddress server;
    private final ByteBuffer receiveBuffer = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private int dialed;

    /** A loop for connections to that port on the loopback interface. */
    Loop(int port) throws IOException {
        selector = Selector.open();
        server = loopback(1, port);
    }

    /** Begins to connect; the link is told. */
    void dial(Link link) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // Otherwise a port stays taken for a minute after each connection. The server has closed by then.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.bind(loopback(2 + dialed++ % SOURCE_ADDRESSES, /* port= */ 0));
            boolean connected = channel.connect(server);
            link.attach(
                    channel,
                    channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, link));
            if (connected) {
                link.onConnected();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the task at that time of {@link System#nanoTime}, or as soon as the loop turns after it. */
    void at(long nanos, Runnable task) {
        timers.add(new Timer(nanos, task));
    }

    /** Turns for as long as that. */
    void runFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            turn(end);
        }
    }

    /** Turns until the condition holds; a {@link LoadFailure} when it does not within the time. */
    void runUntil(BooleanSupplier condition, String what, long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new LoadFailure("timed out: " + what);
            }
            turn(end);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void turn(long endNanos) {
        long wake = endNanos;
        for (Timer first; (first = timers.peek()) != null; ) {
            if (first.nanos - System.nanoTime() > 0) {
                wake = Math.min(wake, first.nanos);
                break;
            }
            timers.remove().task.run();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(wake - System.nanoTime());
        try {
            if (millis > 0) {
                selector.select(this::ready, millis);
            } else {
                selector.selectNow(this::ready);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        Link link = (Link) key.attachment();
        int operations = key.readyOps();
        if ((operations & SelectionKey.OP_READ) != 0) {
            link.read(receiveBuffer);
        }
        if ((operations & SelectionKey.OP_WRITE) != 0 && key.isValid()) {
            link.flush();
        }
        if ((operations & SelectionKey.OP_CONNECT) != 0 && key.isValid()) {
            link.finishConnect();
        }
    }

    private static InetSocketAddress loopback(int last, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), port);
    }

    private record Timer(long nanos, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.signum(nanos - other.nanos);
        }
    }
}
