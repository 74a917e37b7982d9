package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.ManualEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client that comes back with its session, and counts what it has seen as the official client does: an event before the
 * CONNECT waits for it, and an event's last argument is the offset if it is a text. For the test's thread.
 */
final class ReturningClient {
    private static final Pattern CONNECT = Pattern.compile("40\\{\"sid\":\"([^\"]*)\",\"pid\":\"([^\"]*)\"}");
    private static final Pattern EVENT = Pattern.compile("4(?:2|51-)\\[(.*)]");
    private static final Pattern LAST_TEXT = Pattern.compile("(.*),\"([^\"]*)\"");

    /** Its server: that of the node it connects to. */
    private SocketIoFixture io;

    private final List<String> early = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private @Nullable FakeWebSocket line; // null before the first connection
    private @Nullable String sid;
    private @Nullable String pid;
    private @Nullable String offset;
    private boolean connected;
    private boolean recovered;

    ReturningClient(SocketIoFixture io) {
        this.io = io;
    }

    /** Connects to another node from now on. */
    ReturningClient moveTo(SocketIoFixture node) {
        io = node;
        return this;
    }

    /** Connects on the first loop, and reads what comes. */
    ReturningClient connect() {
        return connect(io.loop);
    }

    /** Connects, over a new line, and reads what comes. */
    ReturningClient connect(ManualEventLoop on) {
        return dial(on).read();
    }

    /** Connects and reads nothing yet. */
    ReturningClient dial(ManualEventLoop on) {
        line = io.connect(on).webSocket();
        connected = false;
        String auth = pid == null ? "" : "{\"pid\":\"" + pid + "\"";
        if (pid != null) {
            auth += offset == null ? "}" : ",\"offset\":\"" + offset + "\"}";
        }
        line.receive("40" + auth);
        io.settle();
        return this;
    }

    /** Reads everything that has come. */
    ReturningClient read() {
        return read(Integer.MAX_VALUE);
    }

    /** Reads some packets; the rest is still under way. */
    ReturningClient read(int packets) {
        io.settle();
        for (int i = 0; i < packets && line != null && line.hasSent(); i++) {
            take(line().next());
        }
        return this;
    }

    /** The line is reset, which the server learns; what was under way is lost. */
    ReturningClient drop() {
        if (line != null) {
            line.breakLine();
            io.settle();
        }
        return this;
    }

    /** Its server is no more; what was under way is lost. */
    ReturningClient gone() {
        line = null;
        return this;
    }

    /** Fails unless these events, and no others, have been seen since the last call. */
    ReturningClient expect(String... events) {
        read();
        assertThat(seen).containsExactly(events);
        seen.clear();
        return this;
    }

    /** What has been seen since the last expectation. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    /** Fails unless it has its session. */
    ReturningClient expectRecovered(boolean expected) {
        assertThat(connected).as("connected").isTrue();
        assertThat(recovered).as("recovered, as the client sees it").isEqualTo(expected);
        assertThat(socket().recovered()).as("recovered, as the server sees it").isEqualTo(expected);
        return this;
    }

    /** Its socket at the server. */
    Socket socket() {
        assertThat(sid).as("sid").isNotNull();
        Socket socket = io.server().of("/").socket(sid);
        assertThat(socket).as("socket").isNotNull();
        return socket;
    }

    @Nullable String sid() {
        return sid;
    }

    @Nullable String offset() {
        return offset;
    }

    /** Makes it believe that it has seen something else last. */
    void offset(@Nullable String offset) {
        this.offset = offset;
    }

    /** Its present connection. */
    FakeWebSocket line() {
        assertThat(line).as("line").isNotNull();
        return line;
    }

    private void take(String packet) {
        Matcher connect = CONNECT.matcher(packet);
        if (connect.matches()) {
            sid = connect.group(1);
            recovered = connect.group(2).equals(pid);
            pid = connect.group(2);
            connected = true;
            early.forEach(this::see);
            early.clear();
            return;
        }
        Matcher event = EVENT.matcher(packet);
        if (event.matches() && connected) {
            see(event.group(1));
        } else if (event.matches()) {
            early.add(event.group(1));
        } else {
            assertThat(packet).isIn("2", FakeWebSocket.CLOSED, FakeWebSocket.DROPPED);
        }
    }

    private void see(String args) {
        Matcher text = LAST_TEXT.matcher(args);
        if (text.matches()) {
            offset = text.group(2);
            seen.add(text.group(1));
        } else {
            seen.add(args);
        }
    }
}
