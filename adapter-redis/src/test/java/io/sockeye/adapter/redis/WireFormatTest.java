package io.sockeye.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.adapter.cluster.ClusterMessage;
import io.sockeye.adapter.cluster.ClusterMessage.Broadcast;
import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {
    private static final String CLASSIC_UID = "abcdef";
    private static final String CLUSTER_UID = "0123456789abcdef";
    private static final String ANSWERED = "00112233445566ff";

    private final ClassicCodec classic = new ClassicCodec("/", CLASSIC_UID);
    private final ClassicCodec otherClassic = new ClassicCodec("/", "other1");
    private final ClusterCodec cluster = new ClusterCodec("/", CLUSTER_UID);
    private final ClusterCodec otherCluster = new ClusterCodec("/", "fedcba9876543210");

    static List<WireTable.Row> classicRows() {
        return WireTable.rows("classic");
    }

    static List<WireTable.Row> shardedRows() {
        return WireTable.rows("sharded");
    }

    static List<WireTable.Row> emitterRows() {
        return WireTable.rows("emitter");
    }

    /** The rows of streams, the fields of an entry put together. */
    static List<Map.Entry<String, Map<String, byte[]>>> streamRows() {
        Map<String, Map<String, byte[]>> entries = new LinkedHashMap<>();
        for (WireTable.Row row : WireTable.rows("streams")) {
            String field = row.target().startsWith("socket.io:") ? row.target().substring(10) : "message";
            entries.computeIfAbsent(row.operation(), key -> new LinkedHashMap<>())
                    .put(field, row.bytes());
        }
        return List.copyOf(entries.entrySet());
    }

    @ParameterizedTest
    @MethodSource("classicRows")
    void whatTheClassicAdapterWritesIsRead(WireTable.Row row) throws ProtocolException {
        boolean response =
                row.operation().endsWith("response") || row.operation().startsWith("ack-response");
        ClusterMessage expected = WireTable.message(row.operation(), response ? "req001" : WireTable.CLASSIC_REQUEST);

        Incoming incoming = response
                ? otherClassic.readResponse(row.bytes())
                : ClassicCodec.isBroadcast(expected)
                        ? otherClassic.readBroadcast(row.bytes())
                        : otherClassic.readRequest(row.bytes());
        assertThat(incoming.uid()).isEqualTo(response ? "" : CLASSIC_UID);
        assertSame(incoming.message(), expected);
    }

    @ParameterizedTest
    @MethodSource("classicRows")
    void whatTheClassicAdapterWritesIsWritten(WireTable.Row row) {
        if (!WireTable.isWrittenAlike(row.operation())) {
            return; // read only
        }
        if (row.operation().contains("response")) {
            String ours = text(classic.writeResponse(WireTable.response(row.operation(), "req001")));
            String theirs = text(row.bytes());
            if (theirs.startsWith("{")) {
                assertThat(ours).isEqualTo(theirs.replaceFirst("}$", ",\"uid\":\"abcdef\"}"));
            }
            return;
        }
        ClusterMessage message = WireTable.message(row.operation(), WireTable.CLASSIC_REQUEST);
        byte[] written = ClassicCodec.isBroadcast(message)
                ? classic.writeBroadcast((Broadcast) message)
                : classic.writeRequest(message);
        assertThat(hex(written)).isEqualTo(hex(row.bytes()));
    }

    @Test
    void acknowledgementsOfTheClassicAdapterSayWhoseTheyAre() {
        Arguments args = Arguments.of("é", 2);

        assertThat(hex(classic.writeResponse(new ClusterMessage.BroadcastAck("req001", "s1", args))))
                .isEqualTo(
                        "86a47479706509a9726571756573744964a6726571303031a67061636b6574a2c3a9" // as the reference
                                + "a46d6f72659102a3756964a6616263646566a8736f636b65744964a27331");
    }

    @ParameterizedTest
    @MethodSource("emitterRows")
    void whatTheEmitterWritesIsRead(WireTable.Row row) throws ProtocolException {
        ClusterMessage expected = WireTable.message(row.operation(), WireTable.CLASSIC_REQUEST);

        Incoming incoming = ClassicCodec.isBroadcast(expected)
                ? otherClassic.readBroadcast(row.bytes())
                : otherClassic.readRequest(row.bytes());
        boolean named = ClassicCodec.isBroadcast(expected) || row.operation().equals("server-side");
        assertThat(incoming.uid()).isEqualTo(named ? "emitter" : "");
        assertSame(incoming.message(), expected);
    }

    @ParameterizedTest
    @MethodSource("shardedRows")
    void whatTheShardedAdapterWritesIsReadAndWritten(WireTable.Row row) throws ProtocolException {
        ClusterMessage expected = WireTable.message(row.operation(), idOf(row.operation()));

        Incoming incoming = otherCluster.read(row.bytes());
        assertThat(incoming.uid()).isEqualTo(CLUSTER_UID);
        assertSame(incoming.message(), expected);
        assertThat(cluster.read(row.bytes())).as("its own").isNull();
        if (WireTable.isWrittenAlike(row.operation())) {
            assertThat(hex(cluster.write(expected))).isEqualTo(hex(row.bytes()));
        }
    }

    @ParameterizedTest
    @MethodSource("streamRows")
    void whatTheStreamsAdapterWritesIsReadAndWritten(Map.Entry<String, Map<String, byte[]>> row)
            throws ProtocolException {
        ClusterMessage expected = WireTable.message(row.getKey(), idOf(row.getKey()));
        byte[] message = row.getValue().get("message");

        Incoming incoming = message == null
                ? StreamsDriver.read(otherCluster, "fedcba9876543210", row.getValue())
                : otherCluster.read(message);
        assertThat(incoming.uid()).isEqualTo(CLUSTER_UID);
        if (row.getKey().equals("ack-response-nothing")) { // undefined is null in these
            expected = new ClusterMessage.BroadcastAck(ANSWERED, null, Arguments.of((Object) null));
        }
        assertSame(incoming.message(), expected);
        if (WireTable.isWrittenAlike(row.getKey())) {
            byte[] written = message == null
                    ? StreamsDriver.data(expected, /* onlyPlaintext= */ false)
                    : cluster.writeMsgpack(expected);
            assertThat(text(written))
                    .isEqualTo(text(message == null ? row.getValue().get("data") : message));
        }
    }

    private static String idOf(String operation) {
        return operation.contains("response") ? ANSWERED : WireTable.CLUSTER_REQUEST;
    }

    @Test
    void binaryDataInAPlainTextStreamIsJson() {
        ClusterMessage message = WireTable.message("broadcast-binary", "");

        assertThat(text(StreamsDriver.data(message, /* onlyPlaintext= */ true)))
                .isEqualTo("{\"packet\":{\"type\":2,\"data\":[\"b\",{\"type\":\"Buffer\",\"data\":[1,2,255]},"
                        + "{\"deep\":[{\"type\":\"Buffer\",\"data\":[]}]}]},"
                        + "\"opts\":{\"rooms\":[],\"except\":[],\"flags\":{}}}");
    }

    @Test
    void whatOnlyOurNodesSayTravelsInTheSameEnvelopes() throws ProtocolException {
        ClusterMessage count = new ClusterMessage.CountSockets("id1", BroadcastOptions.DEFAULT.to(Set.of("r")));
        ClusterMessage.Response answer = new ClusterMessage.CountSocketsResponse("id1", 7);

        assertThat(text(classic.writeRequest(count)))
                .isEqualTo("{\"uid\":\"abcdef\",\"type\":100,"
                        + "\"data\":{\"requestId\":\"id1\",\"opts\":{\"rooms\":[\"r\"],\"except\":[]}}}");
        assertThat(otherClassic.readRequest(classic.writeRequest(count))).isEqualTo(new Incoming(CLASSIC_UID, count));
        assertThat(text(classic.writeResponse(answer)))
                .isEqualTo("{\"type\":101,\"data\":{\"requestId\":\"id1\",\"count\":7},\"uid\":\"abcdef\"}");
        assertThat(otherClassic.readResponse(classic.writeResponse(answer)))
                .isEqualTo(new Incoming(CLASSIC_UID, answer));
        assertThat(text(cluster.write(count)))
                .isEqualTo("{\"type\":100,\"data\":{\"requestId\":\"id1\",\"opts\":{\"rooms\":[\"r\"],\"except\":[]}},"
                        + "\"uid\":\"0123456789abcdef\",\"nsp\":\"/\"}");
        assertThat(otherCluster.read(cluster.write(count))).isEqualTo(new Incoming(CLUSTER_UID, count));
        assertThat(otherCluster.read(cluster.writeMsgpack(answer))).isEqualTo(new Incoming(CLUSTER_UID, answer));
    }

    @Test
    void heartbeatsAreWhatTheReferenceIgnores() throws ProtocolException {
        ClusterMessage heartbeat = new ClusterMessage.Heartbeat(true);

        assertThat(text(classic.writeRequest(heartbeat)))
                .isEqualTo("{\"uid\":\"abcdef\",\"type\":110,\"data\":{\"initial\":true}}");
        assertThat(otherClassic.readRequest(classic.writeRequest(heartbeat)))
                .isEqualTo(new Incoming(CLASSIC_UID, heartbeat));
        assertThat(text(cluster.write(heartbeat))).isEqualTo("{\"type\":1,\"uid\":\"0123456789abcdef\",\"nsp\":\"/\"}");
        assertThat(otherCluster.read(cluster.write(new ClusterMessage.AdapterClose())))
                .isEqualTo(new Incoming(CLUSTER_UID, new ClusterMessage.AdapterClose()));
    }

    @Test
    void questionsOfOlderNodesAreAnswered() throws ProtocolException {
        Incoming rooms = classic.readRequest(bytes("{\"uid\":\"older1\",\"requestId\":\"q1\",\"type\":1}"));
        ClusterMessage.FetchSockets asked = (ClusterMessage.FetchSockets) rooms.message();
        ClusterMessage.FetchSocketsResponse found =
                (ClusterMessage.FetchSocketsResponse) WireTable.response("fetch-response", asked.requestId());
        assertThat(text(classic.writeResponse(found)))
                .isEqualTo("{\"requestId\":\"q1\",\"rooms\":[\"s1\",\"r\"],\"uid\":\"abcdef\"}");

        Incoming ids = classic.readRequest(bytes("{\"requestId\":\"q2\",\"type\":0,\"rooms\":[\"r\"]}"));
        asked = (ClusterMessage.FetchSockets) ids.message();
        assertThat(asked.options().rooms()).containsExactly("r");
        found = (ClusterMessage.FetchSocketsResponse) WireTable.response("fetch-response", asked.requestId());
        assertThat(text(classic.writeResponse(found)))
                .isEqualTo("{\"requestId\":\"q2\",\"sockets\":[\"s1\"],\"uid\":\"abcdef\"}");

        Incoming join = classic.readRequest(bytes("{\"requestId\":\"q3\",\"type\":2,\"sid\":\"s1\",\"room\":\"r\"}"));
        assertThat(join.message())
                .isEqualTo(new ClusterMessage.SocketsJoin(BroadcastOptions.DEFAULT.to(Set.of("s1")), Set.of("r")));
    }

    @Test
    void messagesForOtherNamespacesAreLeftAlone() throws ProtocolException {
        byte[] row = WireTable.rows("classic-namespace").get(0).bytes();
        assertThat(otherClassic.readBroadcast(row)).isNull();
        assertThat(new ClassicCodec("/my-nsp", "x").readBroadcast(row)).isNotNull();
        assertThat(new ClusterCodec("/other", "x").read(cluster.write(WireTable.message("leave", ""))))
                .isNull();
    }

    @Test
    void messagesOfUnknownTypesAreLeftAlone() throws ProtocolException {
        assertThat(classic.readRequest(bytes("{\"type\":77}"))).isNull();
        assertThat(classic.readRequest(bytes("{}"))).isNull();
        assertThat(classic.readResponse(bytes("{\"requestId\":\"a\",\"type\":77}")))
                .isNull();
        assertThat(cluster.read(bytes("{\"type\":77,\"uid\":\"a\",\"nsp\":\"/\",\"data\":{}}")))
                .isNull();
        assertThat(cluster.read(bytes("{\"type\":999,\"uid\":\"a\",\"nsp\":\"/\",\"data\":{}}")))
                .isNull();
    }

    @Property(tries = 3_000)
    void nothingButProtocolExceptionsComesOfAnyChange(
            @ForAll int which, @ForAll @Size(min = 1, max = 4) List<Byte> change, @ForAll int at, @ForAll boolean cut) {
        List<WireTable.Row> rows = new ArrayList<>(classicRows());
        rows.addAll(shardedRows());
        rows.addAll(emitterRows());
        byte[] bytes = rows.get(Math.floorMod(which, rows.size())).bytes().clone();
        int position = Math.floorMod(at, bytes.length);
        for (int i = 0; i < change.size() && position + i < bytes.length; i++) {
            bytes[position + i] = change.get(i);
        }
        byte[] message = cut ? java.util.Arrays.copyOf(bytes, position) : bytes;
        List<RedisDriver.Reading> readings = List.of(
                otherClassic::readBroadcast, otherClassic::readRequest, otherClassic::readResponse, otherCluster::read);
        for (RedisDriver.Reading reading : readings) {
            assertThatCode(() -> {
                        try {
                            reading.read(message);
                        } catch (ProtocolException expected) {
                            assertThat(expected.getMessage()).isNotEmpty();
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private static void assertSame(ClusterMessage actual, ClusterMessage expected) {
        assertThat(actual).hasSameClassAs(expected);
        assertThat(WireTable.shown(actual)).isEqualTo(WireTable.shown(expected));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
