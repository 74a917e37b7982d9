package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PayloadTest {

    @Test
    void packetsComeInOrder() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.of("4hello\u001e2\u001ebAQID\u001e4€".getBytes(UTF_8));
        assertThat(text(decoder)).isEqualTo("hello");
        assertThat(decoder.next()).isEqualTo(new EnginePacket.Ping(false));
        assertThat(((EnginePacket.Binary) decoder.next()).data()).containsExactly(1, 2, 3);
        assertThat(text(decoder)).isEqualTo("€");
        assertThat(decoder.next()).isNull();
        assertThat(decoder.next()).isNull();
    }

    @Test
    void messagesAreRangesOfTheBody() throws ProtocolException {
        byte[] body = "4a\u001e4b".getBytes(UTF_8);
        PayloadDecoder decoder = PayloadDecoder.of(body);
        assertThat(((EnginePacket.Message) decoder.next()).array()).isSameAs(body);
        assertThat(((EnginePacket.Message) decoder.next()).array()).isSameAs(body);
    }

    @Test
    void packetsInFrontOfAnErrorAreDeliveredAndNothingBehindIt() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.of("4a\u001e9\u001e4b".getBytes(UTF_8));
        assertThat(text(decoder)).isEqualTo("a");
        assertThatThrownBy(decoder::next).isInstanceOf(ProtocolException.class).hasMessage("parser error");
        assertThat(decoder.next()).isNull();
    }

    @Test
    void emptyBodyIsAnError() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.of(new byte[0]);
        assertThatThrownBy(decoder::next).isInstanceOf(ProtocolException.class).hasMessage("parser error");
        assertThat(decoder.next()).isNull();
    }

    @Test
    void separatorAtTheEndIsAnError() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.of("4a\u001e".getBytes(UTF_8));
        assertThat(text(decoder)).isEqualTo("a");
        assertThatThrownBy(decoder::next).hasMessage("parser error");
    }

    @Test
    void malformedUtf8IsReplaced() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.of("4a\u00ffb\u001e4\u00e2\u0082".getBytes(ISO_8859_1));
        assertThat(text(decoder)).isEqualTo("a\ufffdb");
        assertThat(text(decoder)).isEqualTo("\ufffd");
        assertThat(decoder.next()).isNull();
    }

    @Test
    void separatorIsFoundAtEveryPositionOfAWord() throws ProtocolException {
        for (int length = 0; length < 40; length++) {
            String first = "\u001f\u001d".repeat(20).substring(0, length);
            PayloadDecoder decoder = PayloadDecoder.of(("4" + first + "\u001e4é" + first).getBytes(UTF_8));
            assertThat(text(decoder)).isEqualTo(first);
            assertThat(text(decoder)).isEqualTo("é" + first);
            assertThat(decoder.next()).isNull();
        }
    }

    @Test
    void payloadIsPacketsWithSeparatorsAndBase64() {
        byte[] payload = PayloadEncoder.encode(List.of(
                EncodedPacket.control("0{\"sid\":\"x\"}"),
                EncodedPacket.text("hé"),
                EncodedPacket.binary(new byte[] {9, 1, 2, 3, 9}, 1, 3, true),
                EncodedPacket.NOOP));
        assertThat(new String(payload, UTF_8)).isEqualTo("0{\"sid\":\"x\"}\u001e4hé\u001ebAQID\u001e6");
    }

    @Test
    void attachmentsStandRightBehindTheirPacket() {
        byte[] array = new byte[EncodedPacket.HEADROOM + 1];
        array[EncodedPacket.HEADROOM] = 'x';
        EncodedPacket packet = EncodedPacket.text(
                array,
                1,
                true,
                EncodedPacket.binary(new byte[] {1}, 0, 1, true),
                EncodedPacket.binary(new byte[0], 0, 0, true));
        byte[] payload = PayloadEncoder.encode(List.of(packet, EncodedPacket.PING));
        assertThat(new String(payload, UTF_8)).isEqualTo("4x\u001ebAQ==\u001eb\u001e2");
        assertThat(PayloadEncoder.encodedLength(packet)).isEqualTo("4x|bAQ==|b|".length());
    }

    @Test
    void noPacketsAreAnEmptyPayload() {
        assertThat(PayloadEncoder.encode(List.of())).isEmpty();
    }

    @Test
    void binaryDataOfAnyLengthIsReadBack() throws ProtocolException {
        for (int length = 0; length < 600; length++) {
            byte[] data = new byte[length];
            for (int i = 0; i < length; i++) {
                data[i] = (byte) (i * 37 + length);
            }
            byte[] payload = PayloadEncoder.encode(
                    List.of(EncodedPacket.text("x"), EncodedPacket.binary(data, 0, length, true), EncodedPacket.PING));
            PayloadDecoder decoder = PayloadDecoder.of(payload);
            assertThat(text(decoder)).isEqualTo("x");
            assertThat(((EnginePacket.Binary) decoder.next()).data()).isEqualTo(data);
            assertThat(decoder.next()).isEqualTo(new EnginePacket.Ping(false));
            assertThat(decoder.next()).isNull();
        }
    }

    @Provide
    Arbitrary<List<Object>> messages() {
        Arbitrary<Object> text =
                Arbitraries.strings().withChars("aé€\u0000\u001d\u001f\"b4").map(string -> string);
        Arbitrary<Object> binary = Arbitraries.bytes().array(byte[].class).map(bytes -> bytes);
        return Arbitraries.oneOf(text, binary).list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 1000)
    void whatIsEncodedIsDecoded(@ForAll("messages") List<Object> messages) throws ProtocolException {
        List<EncodedPacket> packets = new ArrayList<>();
        for (Object message : messages) {
            packets.add(
                    message instanceof byte[] data
                            ? EncodedPacket.binary(data, 0, data.length, true)
                            : EncodedPacket.text((String) message));
        }
        PayloadDecoder decoder = PayloadDecoder.of(PayloadEncoder.encode(packets));
        for (Object message : messages) {
            EnginePacket packet = decoder.next();
            assertThat(
                            packet instanceof EnginePacket.Binary binary
                                    ? binary.data()
                                    : ((EnginePacket.Message) packet).text())
                    .isEqualTo(message);
        }
        assertThat(decoder.next()).isNull();
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        return Arbitraries.of(
                        (byte) '4',
                        (byte) 'b',
                        (byte) '2',
                        (byte) 0x1e,
                        (byte) 'A',
                        (byte) '=',
                        (byte) 0xc3,
                        (byte) 0xa9,
                        (byte) 0xff)
                .array(byte[].class)
                .ofMaxSize(40);
    }

    @Property(tries = 3000)
    void noBodyRaisesAnythingButAProtocolException(@ForAll("bodies") byte[] body) {
        PayloadDecoder decoder = PayloadDecoder.of(body);
        int packets = 0;
        try {
            while (decoder.next() != null) {
                packets++;
            }
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
        }
        assertThat(packets).isLessThanOrEqualTo(body.length);
    }

    private static String text(PayloadDecoder decoder) throws ProtocolException {
        return ((EnginePacket.Message) decoder.next()).text();
    }
}
