package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.Adapter;
import io.sockeye.engine.OverflowPolicy;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can be set about recovery, and the bounds of what is kept. */
final class RecoverySettingsTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    @AfterEach
    void forgetWhatWasUnderWay() {
        io.discardSent();
    }

    private ReturningClient connect(ConnectionStateRecovery.Builder recovery) {
        io.settings().connectionStateRecovery(recovery.build());
        return new ReturningClient(io).connect();
    }

    private void emit(int count, String text) {
        for (int i = 0; i < count; i++) {
            io.server().emit(text);
        }
        io.settle();
    }

    @Test
    void settingsAreCheckedAtOnce() {
        ConnectionStateRecovery.Builder builder = ConnectionStateRecovery.builder();
        assertThatThrownBy(() -> builder.maxDisconnectionDuration(Duration.ZERO))
                .hasMessage("maxDisconnectionDuration: PT0S (expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> builder.maxDisconnectionDuration(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageEndingWith("(expected: 1 ms to 1 day)");
        assertThatThrownBy(() -> builder.maxPackets(0)).hasMessage("maxPackets: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.maxBytes(-1)).hasMessage("maxBytes: -1 (expected: > 0)");
        assertThatThrownBy(() -> builder.maxSessions(0)).hasMessage("maxSessions: 0 (expected: > 0)");
        assertThatThrownBy(() -> io.settings().connectionStateRecovery(null)).hasMessage("recovery");
    }

    @Test
    void withoutItNothingIsAddedToThePackets() {
        TestClient client = io.connect();
        Socket socket = client.join();
        io.server().emit("a");
        socket.emit("b");
        io.settle();
        client.expect("42[\"a\"]", "42[\"b\"]");
        assertThat(socket.recovered()).isFalse();
    }

    @Test
    void adapterThatKeepsNoSessionsIsRefused() {
        SocketIoServerBuilder builder = io.settings()
                .connectionStateRecovery(ConnectionStateRecovery.defaults())
                .adapter(local -> (Adapter) Proxy.newProxyInstance(
                        Adapter.class.getClassLoader(), new Class<?>[] {Adapter.class}, (proxy, method, args) -> null));
        assertThatThrownBy(builder::build).hasMessage("connectionStateRecovery: the adapter keeps no sessions");
    }

    @Test
    void clientThatNeedsMorePacketsThanAreKeptStartsAnew() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().maxPackets(3));
        ann.drop();
        emit(3, "a");
        ann.connect().expectRecovered(true).expect("\"a\"", "\"a\"", "\"a\"");
        ann.drop();
        emit(4, "a");
        ann.connect().expectRecovered(false).expect();
        ann.drop();
        ann.connect().expectRecovered(true).expect();
    }

    @Test
    void clientThatNeedsMoreBytesThanAreKeptStartsAnew() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().maxBytes(5_000));
        String text = "x".repeat(2_000);
        ann.drop();
        emit(2, text);
        ann.connect().expectRecovered(true).expect("\"" + text + "\"", "\"" + text + "\"");
        ann.drop();
        emit(3, text);
        ann.connect().expectRecovered(false).expect();
    }

    @Test
    void attachmentsCount() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().maxBytes(5_000));
        ann.drop();
        io.server().emit("a", new byte[4_900]);
        ann.connect().expectRecovered(false);
    }

    @Test
    void packetsThatHadToGoEarlyAreMissedOnlyAsLongAsTheyWouldHaveBeenKept() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().maxPackets(1));
        emit(2, "a");
        ann.expect("\"a\"", "\"a\"");
        io.server().to("elsewhere").emit("x");
        io.server().to("elsewhere").emit("x");
        ann.drop().connect().expectRecovered(false);
        emit(1, "b");
        ann.expect("\"b\"");
        io.server().to("elsewhere").emit("x");
        io.server().to("elsewhere").emit("x");
        for (int i = 0; i < 20; i++) {
            io.advance(Duration.ofSeconds(20));
            ann.read().line().receive("3");
        }
        ann.drop().connect().expectRecovered(true).expect();
    }

    @Test
    void replayThatWasCutOffIsNotCompleteWhenPacketsHaveOutlivedTheirTime() {
        ReturningClient ann =
                connect(ConnectionStateRecovery.builder().maxDisconnectionDuration(Duration.ofMinutes(10)));
        ann.drop();
        emit(2, "a");
        io.advance(Duration.ofMinutes(9));
        ann.dial(io.loop).read(2).drop(); // the CONNECT, and one of the two packets
        io.advance(Duration.ofMinutes(9));
        ann.connect().expectRecovered(false).expect("\"a\"");
    }

    @Test
    void clientWhoseHeartbeatWasSuspendedIsOnlyRecoveredIfEverythingIsKept() {
        io.settings().maxPendingEvents(1);
        ReturningClient ann = connect(ConnectionStateRecovery.builder());
        ann.line().receive("42[\"x\"]");
        ann.line().receive("42[\"x\"]");
        ann.line().receive("42[\"x\"]");
        assertThat(io.loop.executed()).isPositive();
        io.settle();
        emit(1, "a");
        for (int i = 0; i < 20; i++) {
            io.advance(Duration.ofSeconds(20));
            ann.line().receive("3");
        }
        emit(1, "b");
        ann.drop().connect().expectRecovered(false);
    }

    @Test
    void onlySoManySessionsWait() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().maxSessions(1));
        List<ReturningClient> all = List.of(ann, new ReturningClient(io).connect(), new ReturningClient(io).connect());
        all.forEach(ReturningClient::drop);
        assertThat(all.stream()
                        .filter(client -> client.connect().socket().recovered())
                        .count())
                .isOne();
    }

    @Test
    void replayIsNotHeldBackByTheSendQueuesLimit() {
        io.settings().engine(engine -> engine.sendQueueLimit(500).overflow(OverflowPolicy.DISCONNECT));
        ReturningClient ann = connect(ConnectionStateRecovery.builder());
        ann.drop();
        emit(100, "a");
        ann.dial(io.loop).line().stall();
        emit(1, "b");
        ann.line().recover();
        ann.read().expectRecovered(true);
        assertThat(ann.seen()).hasSize(101).endsWith("\"b\"");
        ann.line().stall();
        emit(10, "more than the queue takes");
        assertThat(io.server().of("/").socketCount()).isZero();
    }

    @Test
    void namespaceMadeOnDemandStaysAsLongAsASessionWaits() {
        io.settings()
                .connectionStateRecovery(ConnectionStateRecovery.builder()
                        .maxDisconnectionDuration(Duration.ofSeconds(10))
                        .build());
        io.server().of(Pattern.compile("/room-\\d"));
        TestClient client = io.connect();
        client.send("40/room-1,");
        client.close();
        assertThat(io.server().namespaces()).hasSize(2);
        io.advance(Duration.ofSeconds(13));
        assertThat(io.server().namespaces()).hasSize(1);
        TestClient kept = io.connect();
        kept.send("40/room-1,");
        String connect = kept.webSocket().next();
        String pid = connect.substring(47, 67);
        kept.close();
        TestClient again = io.connect();
        again.send("40/room-1,{\"pid\":\"" + pid + "\"}").expect(connect);
        again.send("41/room-1,");
        assertThat(io.server().namespaces()).hasSize(1);
    }

    @Test
    void middlewareThatIsNotSkippedSeesTheSession() {
        ReturningClient ann = connect(ConnectionStateRecovery.builder().skipMiddlewares(false));
        ann.socket().data().put("user", "ann");
        ann.socket().join("red");
        io.server().emit("a");
        ann.drop();
        io.server()
                .use(socket -> io.tell(
                        "middleware " + socket.recovered() + " " + socket.data().names()));
        ann.connect().expectRecovered(true).expect("\"a\"");
        io.expectTold("middleware true [user]");
        assertThat(ann.socket().rooms()).contains("red");
        io.server().use(socket -> {
            throw new ConnectError("no");
        });
        ann.drop().dial(io.loop);
        assertThat(ann.line().next()).isEqualTo("44{\"message\":\"no\"}");
        io.expectTold("middleware true [user]");
    }
}
