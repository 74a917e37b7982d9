package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginePacketDecoderTest {

    @Test
    void packetsWithoutDataAreReadByTheirType() throws ProtocolException {
        assertThat(decode("0")).isEqualTo(new EnginePacket.Open());
        assertThat(decode("1")).isEqualTo(new EnginePacket.Close());
        assertThat(decode("2")).isEqualTo(new EnginePacket.Ping(false));
        assertThat(decode("3")).isEqualTo(new EnginePacket.Pong(false));
        assertThat(decode("5")).isEqualTo(new EnginePacket.Upgrade());
        assertThat(decode("6")).isEqualTo(new EnginePacket.Noop());
    }

    @Test
    void onlyExactlyProbeIsAProbe() throws ProtocolException {
        assertThat(decode("2probe")).isEqualTo(new EnginePacket.Ping(true));
        assertThat(decode("3probe")).isEqualTo(new EnginePacket.Pong(true));
        assertThat(decode("2probes")).isEqualTo(new EnginePacket.Ping(false));
        assertThat(decode("2prob")).isEqualTo(new EnginePacket.Ping(false));
        assertThat(decode("3Probe")).isEqualTo(new EnginePacket.Pong(false));
    }

    @Test
    void dataBehindATypeThatHasNoneIsIgnored() throws ProtocolException {
        assertThat(decode("1x")).isEqualTo(new EnginePacket.Close());
        assertThat(decode("5x")).isEqualTo(new EnginePacket.Upgrade());
        assertThat(decode("6x")).isEqualTo(new EnginePacket.Noop());
    }

    @Test
    void messageIsARangeOfTheArray() throws ProtocolException {
        byte[] array = "xx4héllo yy".getBytes(UTF_8);
        EnginePacket.Message message = (EnginePacket.Message) EnginePacketDecoder.decodeText(array, 2, 7);
        assertThat(message.array()).isSameAs(array);
        assertThat(message.offset()).isEqualTo(3);
        assertThat(message.length()).isEqualTo(6);
        assertThat(message.text()).isEqualTo("héllo");
    }

    @Test
    void emptyMessageIsAMessage() throws ProtocolException {
        assertThat(((EnginePacket.Message) decode("4")).text()).isEmpty();
    }

    @Test
    void base64IsABinaryMessage() throws ProtocolException {
        assertThat(binary("bAQIDBA==")).containsExactly(1, 2, 3, 4);
        assertThat(binary("b")).isEmpty();
    }

    @Test
    void base64IsReadLeniently() throws ProtocolException {
        assertThat(binary("bAQIDBA")).as("without padding").containsExactly(1, 2, 3, 4);
        assertThat(binary("b+/-_")).as("both alphabets").containsExactly(0xfb, 0xff, 0xbf);
        assertThat(binary("bAQ ID\r\nBA==")).as("white space").containsExactly(1, 2, 3, 4);
        assertThat(binary("bAQ*ID!BA==")).as("other characters").containsExactly(1, 2, 3, 4);
        assertThat(binary("bAQ==AQID")).as("ends at the first =").containsExactly(1);
        assertThat(binary("bAQIDB")).as("a character left over").containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "8", "9", "a", "B", " 4", "\n", "\ufeff4", "é", "-1", "\u0000"})
    void unknownTypeIsAParserError(String text) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("parser error");
    }

    @Property(tries = 2000)
    void noBytesRaiseAnythingButAProtocolException(@ForAll byte[] bytes) {
        try {
            assertThat(EnginePacketDecoder.decodeText(bytes, 0, bytes.length)).isNotNull();
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
        }
    }

    @Property(tries = 2000)
    void base64OfAnyBytesIsReadBackFromAnyRange(@ForAll byte[] data) throws ProtocolException {
        byte[] text = ("..b" + Base64.getEncoder().encodeToString(data) + "..").getBytes(UTF_8);
        EnginePacket packet = EnginePacketDecoder.decodeText(text, 2, text.length - 4);
        assertThat(((EnginePacket.Binary) packet).data()).isEqualTo(data);
    }

    private static byte[] binary(String text) throws ProtocolException {
        return ((EnginePacket.Binary) decode(text)).data();
    }

    private static EnginePacket decode(String text) throws ProtocolException {
        byte[] utf8 = text.getBytes(UTF_8);
        return EnginePacketDecoder.decodeText(utf8, 0, utf8.length);
    }
}
