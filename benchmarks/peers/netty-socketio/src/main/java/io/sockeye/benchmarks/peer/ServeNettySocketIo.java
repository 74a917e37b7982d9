package io.sockeye.benchmarks.peer;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The benchmark fixture on netty-socketio: {@code ServeNettySocketIo PORT [--ping-interval MS] [--binary] [--deflate] [--until-eof]}.
 *
 * <p>The library hands binary data only to a listener registered for {@code byte[]}, hence {@code --binary}. It runs on
 * epoll, which it does not choose by itself, so that all servers use the same system calls, and takes messages as long as
 * the other servers do by default; its compression settings are off, other settings are its defaults.
 */
public final class ServeNettySocketIo {
    private static final int MAX_PAYLOAD = 1_000_000;

    private ServeNettySocketIo() {}

    public static void main(String[] args) throws IOException {
        List<String> flags = List.of(args);
        Configuration configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(Integer.parseInt(args[0]));
        configuration.setUseLinuxNativeEpoll(true);
        configuration.setMaxFramePayloadLength(MAX_PAYLOAD);
        configuration.setMaxHttpContentLength(MAX_PAYLOAD);
        configuration.setHttpCompression(false);
        configuration.setWebsocketCompression(flags.contains("--deflate"));
        int interval = flags.indexOf("--ping-interval");
        configuration.setPingInterval(interval < 0 ? 25_000 : Integer.parseInt(flags.get(interval + 1)));
        configuration.getSocketConfig().setReuseAddress(true);

        SocketIOServer io = new SocketIOServer(configuration);
        Class<?> payload = flags.contains("--binary") ? byte[].class : Object.class;
        io.addEventListener("message", payload, (client, data, ack) -> client.sendEvent("message-back", data));
        io.addEventListener("message-with-ack", payload, (client, data, ack) -> ack.sendAckData(data));
        io.addEventListener(
                "broadcast", payload, (client, data, ack) -> io.getBroadcastOperations().sendEvent("broadcast", data));
        io.addEventListener("join", String.class, (client, room, ack) -> client.joinRoom(room));
        io.addMultiTypeEventListener(
                "to-room",
                (client, data, ack) ->
                        io.getRoomOperations(data.<String>first()).sendEvent("room-msg", data.<Object>second()),
                String.class,
                payload);
        io.start();
        System.out.println("ready " + args[0]);
        answerQuestions(flags.contains("--until-eof"));
    }

    private static void answerQuestions(boolean untilEof) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = questions.readLine()) != null; ) {
            if (line.equals("gc")) {
                System.gc();
                System.out.println("gc done");
            } else {
                System.out.println("allocated " + allocatedBytes());
            }
        }
        if (untilEof) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static String allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try {
            Object bytes = ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(threads);
            return bytes.toString();
        } catch (ReflectiveOperationException before21) {
            return "unknown";
        }
    }
}
