package io.sockeye.transport.polling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sockeye.engine.EngineSession;
import io.sockeye.fixture.EngineFixture;
import io.sockeye.fixture.FakeWebSocket;
import io.sockeye.fixture.TestExchange;
import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long-polling as clients of revision 3 do it: lengths, octets, base64. */
class Revision3PollingTest {
    private static final String QUERY = "EIO=3&transport=polling";

    @RegisterExtension
    final EngineFixture engine = new EngineFixture(PollingTransportFactory.create(), new FakeWebSocket.Factory());

    @BeforeEach
    void allow() {
        engine.settings().allowEio3(true).allowOrigin(exchange -> true); // JSONP names no origin
    }

    @Test
    void handshakeIsTheFirstPollsAnswer() {
        TestExchange.Answer answer = engine.get(QUERY).answer();
        assertThat(answer)
                .hasToString("200 118:0{\"sid\":\"" + engine.session().id() + "\",\"upgrades\":[\"websocket\"],"
                        + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, text/plain; charset=UTF-8, cache-control, no-store]");
    }

    @Test
    void textAloneIsATextPayload() {
        PollingClient client = PollingClient.open(engine, QUERY);
        client.serverSends("a");
        client.serverSends("é😀");
        assertThat(client.poll().answer()).hasToString("200 2:4a4:4é😀");
    }

    @Test
    void binaryDataMakesThePayloadOctets() {
        PollingClient client = PollingClient.open(engine, QUERY);
        sendBytes(client.session());
        client.serverSends("é");
        TestExchange.Answer answer = client.poll().answer();
        assertThat(HexFormat.of().formatHex(answer.body())).isEqualTo("0104ff04010203" + "0003ff34c3a9");
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, application/octet-stream, cache-control, no-store]");
    }

    @Test
    void clientThatAsksForBase64GetsText() {
        PollingClient client = PollingClient.open(engine, QUERY + "&b64=1");
        sendBytes(client.session());
        client.serverSends("é");
        assertThat(client.poll().answer()).hasToString("200 6:b4AQID2:4é");
    }

    @Test
    void largePayloadsAreCompressedWhateverTheyHold() {
        PollingClient client = PollingClient.open(engine, QUERY);
        EngineSession session = client.session();
        session.send(EncodedPacket.binary(new byte[2000], 0, 2000, /* compressible= */ true));
        engine.loops.settle();
        TestExchange.Answer answer = client.handle(client.request("GET").header("Accept-Encoding", "gzip"))
                .answer();
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, application/octet-stream, Content-Encoding, gzip, cache-control, no-store]");
        assertThat(answer.body()).hasSizeLessThan(100);
    }

    @Test
    void packetsOfAPostAreDeliveredInOrderAndThenAnswered() {
        PollingClient client = PollingClient.open(engine, QUERY);
        TestExchange.Answer answer = client.post("6:4hello0:6:b4AQID1:44:4é😀").answer();
        engine.expectTold("hello", "<010203>", "", "é😀");
        assertThat(answer).hasToString("200 ok");
        assertThat(answer.headers().toString()).isEqualTo("[Content-Type, text/html, cache-control, no-store]");
    }

    @Test
    void octetsAreReadAsSuch() {
        PollingClient client = PollingClient.open(engine, QUERY);
        byte[] body = HexFormat.of().parseHex("0003ff34c3a9" + "0104ff04010203" + "0001ff32");
        TestExchange post = client.request("POST").header("Content-Type", "application/octet-stream");
        assertThat(client.handle(post.send(body).endBody()).answer()).hasToString("200 ok");
        engine.expectTold("é", "<010203>");
        assertThat(client.poll().answer()).as("the answer to the ping").hasToString("200 1:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4hello", "9:4hello", "x", "1:9"})
    void errorEndsTheSession(String body) {
        PollingClient client = PollingClient.open(engine, QUERY);
        TestExchange poll = client.poll();
        assertThat(client.post(body).answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 1:1");
        engine.expectTold("[parse error: parser error]");
    }

    @Test
    void closePacketsAreCountedToo() {
        PollingClient client = PollingClient.open(engine, QUERY);
        TestExchange poll = client.poll();
        assertThat(client.post("1:1").answer()).hasToString("200 ok");
        assertThat(poll.answer()).hasToString("200 1:6");
        engine.expectTold("[transport close]");

        PollingClient other = PollingClient.open(engine, QUERY);
        other.session().close();
        engine.loops.settle();
        assertThat(other.poll().answer()).hasToString("200 1:61:1");
        engine.expectTold("[forced close]");
    }

    @Test
    void revision4TakesNoOctetsBesideIt() {
        PollingClient client = PollingClient.open(engine);
        TestExchange post = client.request("POST").header("Content-Type", "application/octet-stream");
        assertThat(client.handle(post.send("4a").endBody()).answer()).hasToString("400");
        engine.expectTold("[transport error: invalid content]");
    }

    // ---- JSONP

    @ParameterizedTest
    @CsvSource({"3, 3", "'', ''", "1)alert(2, 12", "x, ''"})
    void jsonpAnswerIsACallWithAString(String j, String index) {
        TestExchange.Answer answer = engine.get(QUERY + "&b64=1&j=" + j).answer();
        assertThat(answer)
                .hasToString("200 ___eio[" + index + "](\"118:0{\\\"sid\\\":\\\""
                        + engine.session().id() + "\\\",\\\"upgrades\\\":[\\\"websocket\\\"],"
                        + "\\\"pingInterval\\\":25000,\\\"pingTimeout\\\":20000,\\\"maxPayload\\\":1000000}\");");
        assertThat(answer.headers().toString())
                .isEqualTo("[Content-Type, text/plain; charset=UTF-8, cache-control, no-store]");
    }

    @Test
    void jsonpAnswerIsAScriptWhateverItHolds() {
        PollingClient client = PollingClient.open(engine, QUERY + "&j=0");
        client.serverSends("\"\\\b\t\n\f\r\u0000\u001f\u007f/é😀\u2027\u2028\u2029\u202a");
        sendBytes(client.session());
        assertThat(client.poll().answer())
                .hasToString(
                        "200 ___eio[0](\"19:4\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\u007f/é😀\u2027\\u2028\\u2029\u202a"
                                + "6:b4AQID\");");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d=2%3A4a           | a",
                "d=2:4a             | a",
                "x=1&d=2:4a&y       | a",
                "%64=2:4a           | a",
                "d=4%3A4%C3%A9+%2B  | é +",
                "d=3:4é%2B          | é+",
                "d=3:4a%            | a%",
                "d=3:4%E9b          | \ufffdb",
                "d=4:4a%5Cnb        | a<LF>b",
                "d=4:4a\\nb         | a<LF>b",
                "d=5:4a\\\\nb       | a\\nb",
                "d=6:4a\\\\\\nb     | a\\\\nb",
                "d=5:4a\\tb         | a\\tb",
                "d=5:4\\n\\n%0A%0A  | <LF><LF><LF><LF>"
            })
    void jsonpBodyIsAForm(String body, String message) {
        PollingClient client = PollingClient.open(engine, QUERY + "&j=0");
        TestExchange post = client.request("POST").header("Content-Type", "application/x-www-form-urlencoded");
        assertThat(client.handle(post.send(body.getBytes(UTF_8)).endBody()).answer())
                .hasToString("200 ok");
        engine.expectTold(message.replace("<LF>", "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x=1", "dd=2:4a", "d=2:4a&d=2:4b", "2:4a"})
    void formWithoutOneDataIsIgnored(String body) {
        PollingClient client = PollingClient.open(engine, QUERY + "&j=0");
        assertThat(client.post(body).answer()).hasToString("200 ok");
        client.serverSends("alive");
        assertThat(client.poll().answer()).hasToString("200 ___eio[0](\"6:4alive\");");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d=", "d", "d=4hello"})
    void formWithBrokenDataEndsTheSession(String body) {
        PollingClient client = PollingClient.open(engine, QUERY + "&j=0");
        assertThat(client.post(body).answer()).hasToString("200 ok");
        engine.expectTold("[parse error: parser error]");
    }

    @Test
    void revision4KnowsNoJsonp() {
        assertThat(engine.get("EIO=4&transport=polling&j=0").answer().text()).startsWith("0{");
    }

    private void sendBytes(EngineSession session) {
        session.send(EncodedPacket.binary(new byte[] {1, 2, 3}, 0, 3, /* compressible= */ true));
        engine.loops.settle();
    }
}
