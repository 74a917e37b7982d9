package io.sockeye.protocol.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts that are too small for a test class of their own. */
class SmallPartsTest {

    // ---- ReservedEvents

    @ParameterizedTest
    @ValueSource(strings = {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    void reservedNameIsRefused(String name) {
        assertThatThrownBy(() -> ReservedEvents.check(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + name + "\" is a reserved event name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "connection", "error", "message", "Connect", "connect "})
    void otherNamesAreFree(String name) {
        ReservedEvents.check(name);
        assertThat(ReservedEvents.isReserved(name)).isFalse();
    }

    // ---- NameCache

    @Test
    void namesThatShareAPlaceDoNotMix() {
        NameCache cache = new NameCache();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2000; i++) {
                byte[] utf8 = ("[name é" + i + "]").getBytes(UTF_8);
                assertThat(cache.text(utf8, 1, utf8.length - 1)).isEqualTo("name é" + i);
            }
        }
    }

    @Test
    void cacheSurvivesAWriteToTheArrayItReadFrom() {
        NameCache cache = new NameCache();
        byte[] array = "ab".getBytes(UTF_8);
        String first = cache.text(array, 0, 2);
        assertThat(cache.text(array, 0, 2)).isSameAs(first);
        array[0] = 'x';
        assertThat(cache.text(array, 0, 2)).isEqualTo("xb");
        assertThat(cache.text("ab".getBytes(UTF_8), 0, 2)).isEqualTo("ab");
    }

    @Test
    void longNamesAreNotKept() {
        NameCache cache = new NameCache();
        byte[] array = "x".repeat(65).getBytes(UTF_8);
        assertThat(cache.text(array, 0, 65)).isEqualTo("x".repeat(65)).isNotSameAs(cache.text(array, 0, 65));
        assertThat(cache.text(array, 0, 64)).isSameAs(cache.text(array, 1, 65));
    }

    // ---- JsNumber

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "' ', 0",
        "1, 1",
        "'\n1\u00a0', 1",
        "1., 1",
        ".5, 0.5",
        "+1, 1",
        "-1, -1",
        "1e2, 100",
        "0x1F, 31",
        "0b11, 3",
        "0o17, 15",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "'1 2', NaN",
        "1_0, NaN",
        ".,NaN",
        "e1, NaN",
        "1e, NaN",
        "0x, NaN",
        "0b2, NaN",
        "+0x1, NaN",
        "infinity, NaN",
        "NaN, NaN",
        "1a, NaN",
        "1d, NaN",
        "1f, NaN",
        "0x1p3, NaN",
        "\u0661, NaN"
    })
    void textIsConvertedAsNumberDoesIt(String text, double value) {
        assertThat(JsNumber.parse(text)).isEqualTo(Double.valueOf(value));
    }

    @Test
    void enormousNumbersAreConvertedWithoutEffort() {
        assertThat(JsNumber.parse("0x" + "f".repeat(1_000_000))).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(JsNumber.parse("1".repeat(1_000_000))).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(JsNumber.parse("0." + "1".repeat(1_000_000))).isEqualTo(0.1111111111111111);
    }

    /** Such text may stand where a packet has its count of attachments. */
    @Test
    @Timeout(10)
    void enormousTextThatIsNoNumberIsRefusedWithoutEffort() {
        for (String end : List.of("x", ".x", "e", "e1x", "..", "1e1e")) {
            assertThat(JsNumber.parse("1".repeat(1_000_000) + end)).isNaN();
        }
    }

    @Property(tries = 5000)
    void textOfADoubleReadsAsThatDouble(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isFinite(value)) {
            assertThat(Double.parseDouble(JsNumber.text(value))).isEqualTo(value == 0 ? 0.0 : value);
        }
    }

    @Property(tries = 5000)
    void textOfAFloatReadsAsThatFloat(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isFinite(value)) {
            assertThat(Float.parseFloat(JsNumber.text(value))).isEqualTo(value == 0 ? 0.0f : value);
        }
    }

    // ---- JsonOutput

    @Test
    void roomIsMadeForWhateverIsWritten() {
        for (int capacity = 0; capacity < 80; capacity++) {
            for (String value : List.of(
                    "\u0001",
                    "a\u0001",
                    "\u0001\u0001",
                    "é",
                    "aaaaaa€",
                    "😀",
                    "\"",
                    "x".repeat(127) + "\u0001",
                    "\u0001".repeat(300))) {
                JsonOutput output = new JsonOutput(capacity, /* compressible= */ true);
                output.string(value);
                output.number(Long.MIN_VALUE);
                output.text("nül");
                output.number(1.5);
                output.binary(new byte[1]);
                output.insert(EncodedPacket.HEADROOM, "12-");
                String escaped = value.replace("\"", "\\\"").replace("\u0001", "\\u0001");
                assertThat(Wire.text(output.packet()))
                        .isEqualTo(
                                "412-\"" + escaped + "\"-9223372036854775808nül1.5{\"_placeholder\":true,\"num\":0}");
            }
        }
    }

    // ---- DecodingContext

    @Test
    void limitOfAttachmentsIsChecked() {
        assertThatThrownBy(() -> DecodingContext.of(SocketJson.mapper().build(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAttachments: -1 (expected: >= 0)");
    }

    @Test
    void contextOfAnotherLoopHasTheSameLimits() {
        DecodingContext context =
                DecodingContext.of(SocketJson.mapper().build(), 1).forAnotherLoop();
        assertThatThrownBy(() -> Wire.decode(PacketDecoder.of(context), "52-[\"x\"]"))
                .hasMessage("too many attachments");
    }
}
