package io.sockeye.transport.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.EngineSession;
import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong with clients that poll, each by its name; and that nothing is left of them afterwards. */
class FaultTest {
    private static final long PING_TIMEOUT_MILLIS = 45_000;

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(PollingTransportFactory.create(), new FakeWebSocket.Factory());

    /** A fault, what the session tells of it, and whether it survives. */
    enum Fault {
        /** The client polls no more. */
        STALL_POLL("[ping timeout]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                client.serverSends("unread");
                test.engine.loops.advanceMillis(PING_TIMEOUT_MILLIS);
            }
        },
        /** The client polls, and never answers a ping. */
        SILENT_PEER("[ping timeout]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                TestExchange poll = client.poll();
                test.engine.loops.advanceMillis(25_000);
                assertThat(poll.answer()).hasToString("200 2");
                TestExchange next = client.poll();
                test.engine.loops.advanceMillis(20_000);
                assertThat(next.answer()).hasToString("200 1");
            }
        },
        /** The pending poll's connection goes away. */
        ABORT_POLL("[transport error: poll connection closed prematurely]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                client.poll().abort();
            }
        },
        /** A POST's connection goes away before the body's end. */
        HALF_PAYLOAD("[transport error: data request connection closed prematurely]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                TestExchange poll = client.poll();
                client.beginPost("4hal").abort();
                test.engine.loops.settle();
                assertThat(poll.answer()).hasToString("200 1");
            }
        },
        /** A second GET while one is pending. */
        OVERLAPPING_POLLS("[transport error: overlap from client]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                TestExchange first = client.poll();
                assertThat(client.poll().answer()).hasToString("400");
                assertThat(first.answer()).hasToString("200 1");
            }
        },
        /** A second POST while one is being read. */
        OVERLAPPING_POSTS("[transport error: data request overlap from client]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                TestExchange poll = client.poll();
                TestExchange first = client.beginPost("4hal");
                assertThat(client.beginPost("4").answer()).hasToString("400");
                assertThat(first.answer()).hasToString("400");
                assertThat(first.answer().headers().toString()).isEqualTo("[Connection, close]");
                assertThat(poll.answer()).hasToString("200 1");
                first.send("f").endBody();
            }
        },
        /** A second POST while the first one's answer is held back. */
        POST_PAST_BACK_PRESSURE("[transport error: data request overlap from client]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                test.engine.onLoop(client.session()::pauseReading);
                TestExchange first = client.post("4held");
                assertThat(client.post("4pushed").answer()).hasToString("400");
                assertThat(first.answer()).hasToString("400");
            }
        },
        /** A POST whose body never ends, longer than is allowed. */
        ENDLESS_BODY(null) {
            @Override
            void inject(FaultTest test, PollingClient client) {
                TestExchange post = client.beginPost("4".repeat(1_000_001));
                test.engine.loops.settle();
                assertThat(post.answer()).hasToString("413");
                post.send("more").abort();
            }
        },
        /** The WebSocket breaks before its probe. */
        DROP_BEFORE_PROBE(null) {
            @Override
            void inject(FaultTest test, PollingClient client) {
                client.probe().closeByPeer();
            }
        },
        /** The WebSocket breaks between its probe and the upgrade. */
        DROP_AFTER_PROBE(null) {
            @Override
            void inject(FaultTest test, PollingClient client) {
                FakeWebSocket probe = client.probe();
                probe.receive("2probe");
                probe.expect("3probe");
                probe.breakLine();
                test.engine.loops.settle();
                probe.expect(FakeWebSocket.CLOSED);
            }
        },
        /** The client probes and then forgets to upgrade. */
        STALL_UPGRADE(null) {
            @Override
            void inject(FaultTest test, PollingClient client) {
                FakeWebSocket probe = client.probe();
                probe.receive("2probe");
                probe.expect("3probe");
                test.engine.loops.advanceMillis(10_000);
                probe.expect(FakeWebSocket.CLOSED);
            }
        },
        /** The WebSocket breaks right after the upgrade. */
        DROP_AFTER_UPGRADE("[transport close]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                FakeWebSocket webSocket = client.probe();
                webSocket.receive("2probe");
                webSocket.expect("3probe");
                webSocket.receive("5");
                webSocket.closeByPeer();
            }
        },
        /** The client goes away while the server waits for its poll to say goodbye. */
        GONE_AT_CLOSE("[forced close]") {
            @Override
            void inject(FaultTest test, PollingClient client) {
                client.session().close();
                test.engine.loops.advanceMillis(30_000);
            }
        };

        private final String told; // null where the session survives

        Fault(String told) {
            this.told = told;
        }

        abstract void inject(FaultTest test, PollingClient client);
    }

    @ParameterizedTest
    @EnumSource
    void faultEndsWhatItMustAndNothingElse(Fault fault) {
        PollingClient other = PollingClient.open(engine);
        PollingClient client = PollingClient.open(engine);
        fault.inject(this, client);
        engine.loops.settle();
        if (fault.told == null) {
            engine.expectTold();
            assertAlive(client);
        } else if (fault == Fault.STALL_POLL || fault == Fault.SILENT_PEER) {
            engine.expectTold(fault.told, fault.told); // the other one was silent too
            return;
        } else {
            engine.expectTold(fault.told);
            assertThat(client.session().state()).isEqualTo(EngineSession.State.CLOSED);
            client.expectUnknown();
        }
        assertAlive(other);
    }

    private void assertAlive(PollingClient client) {
        assertThat(client.post("4alive").answer()).hasToString("200 ok");
        engine.expectTold("alive");
        client.serverSends("alive");
        TestExchange poll = client.poll();
        assertThat(poll.answer().text()).endsWith("4alive");
    }
}
