package io.sockeye.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client that is slow, on purpose or not, can hold: never more than its time. */
class TimeLimitTest {
    private static final String TIMEOUT = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    @Test
    void silentConnectionIsClosed() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.pass(Duration.ofMinutes(1).minus(A_MOMENT));
            assertThat(http.isOpen()).isTrue();
            http.pass(A_MOMENT);
            assertThat(http.sent()).isEqualTo(TIMEOUT);
            assertThat(http.isOpen()).isFalse();
            assertThat(http.counters.snapshot().timedOut()).isEqualTo(1);
        }
    }

    @Test
    void headThatTricklesInIsNotWaitedFor() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("GET / HTTP/1.1\r\n");
            for (int i = 0; i < 59; i++) {
                http.pass(Duration.ofSeconds(1));
                http.send("X: y\r\n");
            }
            assertThat(http.isOpen()).isTrue();
            http.pass(Duration.ofSeconds(1));
            assertThat(http.sent()).isEqualTo(TIMEOUT);
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void secondHeadHasItsOwnTime() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(GET);
            assertThat(http.sent()).endsWith("ok");
            http.pass(Duration.ofSeconds(4));
            http.send("GET / HT");
            http.pass(Duration.ofSeconds(59));
            assertThat(http.isOpen()).isTrue();
            http.pass(Duration.ofSeconds(1));
            assertThat(http.sent()).isEqualTo(TIMEOUT);
        }
    }

    @Test
    void bodyThatTricklesInIsNotWaitedFor() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            RecordedBody body = new RecordedBody();
            http.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            http.exchange().readBody(1000, body);
            for (int i = 0; i < 29; i++) {
                http.pass(Duration.ofSeconds(10));
                http.send("a");
            }
            assertThat(http.isOpen()).isTrue();
            http.pass(Duration.ofSeconds(10));
            assertThat(http.sent()).isEqualTo(TIMEOUT);
            assertThat(body.told()).containsExactly("aborted");
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void bodyThatIsSkippedHasNoMoreTime() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            assertThat(http.sent()).endsWith("ok");
            http.pass(Duration.ofMinutes(5));
            assertThat(http.isOpen()).isFalse();
        }
    }

    @Test
    void idleConnectionIsClosedWithoutAWord() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            http.send(GET);
            assertThat(http.sent()).endsWith("ok");
            http.pass(Duration.ofSeconds(5).minus(A_MOMENT));
            assertThat(http.isOpen()).isTrue();
            http.pass(A_MOMENT);
            assertThat(http.isOpen()).isFalse();
            assertThat(http.counters.snapshot().timedOut()).isZero();
        }
    }

    @Test
    void handlerMayTakeItsTime() {
        try (EmbeddedHttp http = new EmbeddedHttp()) {
            http.send(GET);
            http.pass(Duration.ofDays(1));
            assertThat(http.isOpen()).isTrue();
            EmbeddedHttp.ok(http.exchange());
            assertThat(http.sent()).endsWith("ok");
        }
    }

    @Test
    void clientThatDoesNotReadItsAnswerIsClosed() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            Stalled stalled = new Stalled();
            http.channel.pipeline().addFirst(stalled);
            http.send(GET + GET);
            assertThat(http.exchanges)
                    .as("the second waits until the first answer is out")
                    .hasSize(1);
            http.pass(Duration.ofMinutes(5).minus(A_MOMENT));
            assertThat(http.isOpen()).isTrue();
            http.pass(A_MOMENT);
            assertThat(http.isOpen()).isFalse();
            stalled.release();
        }
    }

    @Test
    void slowReaderGoesOnOnceItHasRead() {
        try (EmbeddedHttp http = new EmbeddedHttp(EmbeddedHttp::ok)) {
            Stalled stalled = new Stalled();
            http.channel.pipeline().addFirst(stalled);
            http.send(GET + GET);
            http.pass(Duration.ofSeconds(20));
            stalled.deliver();
            assertThat(http.exchanges).hasSize(2);
            stalled.deliver();
            http.pass(Duration.ofSeconds(5));
            assertThat(http.isOpen()).isFalse();
            stalled.release();
        }
    }

    /** A network that takes nothing until it is told to. */
    private static final class Stalled extends ChannelOutboundHandlerAdapter {
        private final List<ChannelPromise> promises = new ArrayList<>();
        private final List<Object> messages = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            messages.add(message);
            promises.add(promise);
        }

        void deliver() {
            List<ChannelPromise> due = List.copyOf(promises);
            promises.clear();
            due.forEach(ChannelPromise::setSuccess);
        }

        void release() {
            messages.forEach(io.netty.util.ReferenceCountUtil::release);
        }
    }
}
