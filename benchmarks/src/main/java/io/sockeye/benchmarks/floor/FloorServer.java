package io.sockeye.benchmarks.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.sockeye.benchmarks.FixtureControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts the floor: {@code FloorServer PORT [--ping-interval MS] [--raw | --deflate] [--until-eof]}. With {@code --raw}, frames are parsed by hand
 * instead of by Netty's WebSocket codec.
 */
public final class FloorServer implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 8192;
    private static final int MAX_MESSAGE_BYTES = 1_000_000;
    private static final int COMPRESSION_LEVEL = 6; // the default of zlib
    private static final int DEFAULT_PING_INTERVAL_MILLIS = 25_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final int port;

    private FloorServer(int wantedPort, int pingIntervalMillis, boolean raw, boolean deflate) {
        Crowd crowd = new Crowd();
        crowd.ping(loop.next(), pingIntervalMillis);
        InetSocketAddress address = (InetSocketAddress) new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES));
                        if (deflate) {
                            channel.pipeline().addLast(compression());
                        }
                        channel.pipeline().addLast(new Upgrade(crowd, pingIntervalMillis, raw, deflate));
                    }
                })
                .bind("127.0.0.1", wantedPort)
                .syncUninterruptibly()
                .channel()
                .localAddress();
        port = address.getPort();
    }

    /** permessage-deflate, each message on its own, as the load asks for it. */
    private static WebSocketServerExtensionHandler compression() {
        return new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                COMPRESSION_LEVEL,
                /* allowServerWindowSize= */ false,
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                /* allowServerNoContext= */ true,
                /* preferredClientNoContext= */ true,
                MAX_MESSAGE_BYTES));
    }

    /** Serves until the process is ended. */
    @SuppressWarnings("resource") // as long as the process
    public static void main(String[] args) throws IOException {
        List<String> flags = List.of(args);
        int interval = flags.indexOf("--ping-interval");
        FloorServer server = start(
                Integer.parseInt(args[0]),
                interval < 0 ? DEFAULT_PING_INTERVAL_MILLIS : Integer.parseInt(flags.get(interval + 1)),
                flags.contains("--raw"),
                flags.contains("--deflate"));
        FixtureControl.serve(server.port(), flags);
    }

    /**
     * Starts a floor.
     *
     * @param port where it listens; 0 for any free port
     * @param raw whether frames are parsed by hand
     * @param deflate whether messages are compressed; not with {@code raw}
     */
    public static FloorServer start(int port, int pingIntervalMillis, boolean raw, boolean deflate) {
        return new FloorServer(port, pingIntervalMillis, raw, deflate);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Ends all connections, and the event loop. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
