package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.fixture.FakePolling;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EngineServerBuilderTest {
    static Stream<Arguments> settings() {
        return Stream.of(
                setting(b -> b.pingInterval(Duration.ofSeconds(-5)), "pingInterval: PT-5S (expected: 1 ms to 1 day)"),
                setting(b -> b.pingTimeout(Duration.ZERO), "pingTimeout: PT0S (expected: 1 ms to 1 day)"),
                setting(b -> b.upgradeTimeout(Duration.ofDays(2)), "upgradeTimeout: PT48H (expected: 1 ms to 1 day)"),
                setting(
                        b -> b.allowRequestTimeout(Duration.ofNanos(1)),
                        "allowRequestTimeout: PT0.000000001S (expected: 1 ms to 1 day)"),
                setting(b -> b.maxPayload(-1), "maxPayload: -1 (expected: > 0)"),
                setting(b -> b.sendQueueLimit(0), "sendQueueLimit: 0 (expected: > 0)"),
                setting(b -> b.maxSessions(0), "maxSessions: 0 (expected: > 0)"),
                setting(b -> b.maxPendingHandshakes(0), "maxPendingHandshakes: 0 (expected: > 0)"),
                setting(b -> b.httpCompressionThreshold(-1), "httpCompressionThreshold: -1 (expected: >= 0)"),
                setting(b -> b.perMessageDeflateThreshold(-1), "perMessageDeflateThreshold: -1 (expected: >= 0)"),
                setting(EngineServerBuilder::transports, "transports: none (expected: at least one)"),
                setting(
                        b -> b.transports(new FakePolling.Factory(), new FakePolling.Factory()),
                        "transports: polling twice (expected: once each)"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void settersRefuseWhatMakesNoSense(Consumer<EngineServerBuilder> setter, String message) {
        EngineServerBuilder builder = EngineServer.builder();
        assertThatThrownBy(() -> setter.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void serverWithoutTransportsIsNotBuilt() {
        assertThatThrownBy(() -> EngineServer.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transports: none found"
                        + " (expected: sockeye-transport-websocket or sockeye-transport-polling)");
    }

    @Test
    void builtServerKeepsItsSettings() {
        EngineServerBuilder builder = EngineServer.builder().transports(new FakePolling.Factory());
        EngineServer server = builder.build();
        builder.maxPayload(1).pingInterval(Duration.ofSeconds(1));
        assertThat(server.config().transport().maxPayload()).isEqualTo(1_000_000);
        assertThat(server.config().pingIntervalNanos())
                .isEqualTo(Duration.ofSeconds(25).toNanos());
    }

    @Test
    void closeTimesAreChecked() {
        EngineServer server =
                EngineServer.builder().transports(new FakePolling.Factory()).build();
        assertThatThrownBy(() -> server.close(Duration.ofSeconds(-1), Duration.ZERO))
                .hasMessage("spread: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> server.close(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("deadline: PT1S (expected: >= spread)");
    }

    private static Arguments setting(Consumer<EngineServerBuilder> setter, String message) {
        return Arguments.of(setter, message);
    }
}
