package io.sockeye.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.engineio.EncodedPacket;
import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.protocol.engineio.EnginePacketDecoder;
import io.sockeye.protocol.socketio.DecodingContext;
import io.sockeye.protocol.socketio.PacketDecoder;
import io.sockeye.protocol.socketio.PacketEncoder;
import io.sockeye.protocol.socketio.SocketJson;
import io.sockeye.protocol.socketio.SocketPacket;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.json.JsonMapper;

/** Reading and writing packets. Confined to the benchmark's thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    /** The argument: a string or records, of so many bytes. */
    @Param({"string-64", "string-4096", "records-65000"})
    public String argument = "";

    private final PacketEncoder encoder;
    private final PacketDecoder decoder;
    private byte[] event = {};
    private byte[] engineEvent = {};
    private Object live = "";
    private @Nullable SocketPacket decoded;

    public CodecBenchmark() {
        JsonMapper mapper = SocketJson.mapper().build();
        encoder = PacketEncoder.of(mapper);
        decoder = PacketDecoder.of(DecodingContext.of(mapper, DecodingContext.DEFAULT_MAX_ATTACHMENTS));
    }

    /** Prepares the packet. */
    @Setup
    public void prepare() throws ProtocolException {
        int length = Integer.parseInt(argument.substring(argument.indexOf('-') + 1));
        String json = argument.startsWith("string") ? '"' + "x".repeat(length) + '"' : records(length);
        event = ("2[\"message\"," + json + "]").getBytes(UTF_8);
        engineEvent = ("42[\"message\"," + json + "]").getBytes(UTF_8);
        decoded = decoder.decodeText(event, 0, event.length);
        live = JsonMapper.shared().readValue(json, Object.class);
    }

    /** Engine.IO's and Socket.IO's headers, and the check of the JSON. */
    @Benchmark
    public @Nullable SocketPacket decode() throws ProtocolException {
        EnginePacket packet = EnginePacketDecoder.decodeText(engineEvent, 0, engineEvent.length);
        if (packet instanceof EnginePacket.Message message) {
            return decoder.decodeText(message.array(), message.offset(), message.length());
        }
        throw new IllegalStateException("not a message");
    }

    /** Arguments that arrived, sent on without being read. */
    @Benchmark
    public EncodedPacket passOn() {
        if (decoded instanceof SocketPacket.Event packet) {
            return encoder.event("/", SocketPacket.NO_ID, "message-back", packet.args(), /* compressible= */ true);
        }
        throw new IllegalStateException("not an event");
    }

    /** The application's objects. */
    @Benchmark
    public EncodedPacket encodeLive() {
        return encoder.event("/", SocketPacket.NO_ID, "message-back", new Object[] {live}, /* compressible= */ true);
    }

    /** An argument that arrived, as a tree of objects. */
    @Benchmark
    public @Nullable Object bind() {
        if (decoded instanceof SocketPacket.Event packet) {
            return packet.args().get(0, Object.class);
        }
        throw new IllegalStateException("not an event");
    }

    private static String records(int length) {
        StringBuilder json = new StringBuilder(length).append('[');
        for (int i = 0; json.length() < length; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"id\":")
                    .append(i)
                    .append(",\"name\":\"user ")
                    .append(i);
            json.append("\",\"score\":")
                    .append(i % 100)
                    .append(".5,\"active\":")
                    .append(i % 3 == 0);
            json.append(
                    ",\"tags\":[\"alpha\",\"beta\"],\"address\":{\"street\":\"Main \\\"Old\\\" Road\",\"zip\":null}}");
        }
        return json.append(']').toString();
    }
}
