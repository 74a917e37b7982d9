package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Revision3Test {

    @ParameterizedTest
    @CsvSource({
        "4, , REVISION_4",
        "4, '', REVISION_4",
        "4, 0, REVISION_4_BASE64",
        "3, , REVISION_3",
        "3, 1, REVISION_3_BASE64",
        ", , REVISION_3",
        "5, , REVISION_3",
        "04, , REVISION_3"
    })
    void dialectIsWhatTheQueryAsksFor(String eio, String b64, Dialect dialect) {
        assertThat(Dialect.of(eio, b64)).isEqualTo(dialect);
    }

    @ParameterizedTest
    @CsvSource({
        "REVISION_4, 8203010203",
        "REVISION_4_BASE64, 81056241514944",
        "REVISION_3, 820404010203",
        "REVISION_3_BASE64, 8106623441514944"
    })
    void binaryMessageIsAFrameOfTheDialect(Dialect dialect, String frame) {
        EncodedPacket packet = EncodedPacket.binary(new byte[] {9, 1, 2, 3, 9}, 1, 3, /* compressible= */ true);
        assertThat(frame(packet.in(dialect))).isEqualTo(frame);
        assertThat(packet.in(dialect)).as("made once").isSameAs(packet.in(dialect));
        assertThat(packet.in(dialect).isCompressible()).isTrue();
    }

    @Test
    void packetsWithoutBinaryDataAreTheSameInEveryDialect() {
        EncodedPacket packet = EncodedPacket.text("a");
        for (Dialect dialect : Dialect.values()) {
            assertThat(packet.in(dialect)).isSameAs(packet);
            assertThat(EncodedPacket.PONG.in(dialect)).isSameAs(EncodedPacket.PONG);
        }
    }

    @Test
    void attachmentsAreInTheDialectOfTheirPacket() {
        EncodedPacket packet = withAttachment();
        EncodedPacket translated = packet.in(Dialect.REVISION_3);
        assertThat(frame(translated)).isEqualTo(frame(packet)).isEqualTo("81023478");
        assertThat(frame(translated.attachments()[0])).isEqualTo("82020407");
        assertThat(frame(packet.attachments()[0])).isEqualTo("820107");
        assertThat(packet.in(Dialect.REVISION_4)).isSameAs(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 124, 125, 126, 65_534, 65_535, 65_536})
    void frameHeaderCountsTheTypeOfABinaryMessage(int length) {
        EncodedPacket packet =
                EncodedPacket.binary(new byte[length], 0, length, true).in(Dialect.REVISION_3);
        String header = length + 1 < 126
                ? "82%02x".formatted(length + 1)
                : length + 1 < 65_536 ? "827e%04x".formatted(length + 1) : "827f%016x".formatted(length + 1);
        assertThat(frame(packet)).isEqualTo(header + "04" + "00".repeat(length));
    }

    @Test
    void textPayloadCountsUtf16() {
        List<EncodedPacket> packets = List.of(
                EncodedPacket.control("0{\"sid\":\"x\"}"),
                EncodedPacket.text("hé€😀"),
                EncodedPacket.binary(new byte[] {1, 2, 3}, 0, 3, true),
                EncodedPacket.NOOP);
        assertThat(new String(Revision3PayloadEncoder.encodeText(packets), UTF_8))
                .isEqualTo("12:0{\"sid\":\"x\"}6:4hé€😀6:b4AQID1:6");
    }

    @Test
    void octetPayloadCountsBytes() {
        List<EncodedPacket> packets = List.of(EncodedPacket.text("é€"), withAttachment());
        assertThat(HexFormat.of().formatHex(Revision3PayloadEncoder.encodeOctets(packets)))
                .isEqualTo("0006ff34c3a9e282ac" + "0002ff3478" + "0102ff0407");
    }

    @Test
    void packetWithAttachmentsMakesAPayloadBinary() {
        assertThat(Revision3PayloadEncoder.hasBinary(List.of(EncodedPacket.PING, EncodedPacket.text("x"))))
                .isFalse();
        assertThat(Revision3PayloadEncoder.hasBinary(List.of(EncodedPacket.PING, withAttachment())))
                .isTrue();
    }

    @Test
    void noPacketsAreAnEmptyPayload() {
        assertThat(Revision3PayloadEncoder.encodeText(List.of())).isEmpty();
        assertThat(Revision3PayloadEncoder.encodeOctets(List.of())).isEmpty();
    }

    @Test
    void textPayloadIsReadItemByItem() throws ProtocolException {
        assertThat(all(PayloadDecoder.ofRevision3("6:4hé€😀0:6:b4AQID006:2probe1:3".getBytes(UTF_8))))
                .containsExactly("hé€😀", "<010203>", "Ping[probe=true]", "Pong[probe=false]");
    }

    @Test
    void messagesAreRangesOfTheBody() throws ProtocolException {
        byte[] body = "2:4a".getBytes(UTF_8);
        assertThat(((EnginePacket.Message) PayloadDecoder.ofRevision3(body).next()).array())
                .isSameAs(body);
        byte[] octets = {0, 2, -1, '4', 'a'};
        assertThat(((EnginePacket.Message)
                                PayloadDecoder.ofRevision3Octets(octets).next())
                        .array())
                .isSameAs(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2:4a9", "2:4ax:4b", "2:4a2:9b", "2:4a9:4b", "2:4a:4b", "2:4a2", "2:4a2:4"})
    void packetsInFrontOfAnErrorAreDeliveredAndNothingBehindIt(String body) throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.ofRevision3(body.getBytes(UTF_8));
        assertThat(shown(decoder.next())).isEqualTo("a");
        assertThatThrownBy(decoder::next).isInstanceOf(ProtocolException.class).hasMessage("parser error");
        assertThat(decoder.next()).isNull();
    }

    /** The reference takes these for lengths; no client writes one. */
    @ParameterizedTest
    @ValueSource(strings = {" 2:4a", "+2:4a", "2.0:4a", "0x2:4a", "2e0:4a", "-0:2:4a"})
    void lengthIsDigitsAlone(String body) {
        PayloadDecoder decoder = PayloadDecoder.ofRevision3(body.getBytes(UTF_8));
        assertThatThrownBy(decoder::next).hasMessage("parser error");
    }

    @Test
    void lengthThatEndsInTheMiddleOfACharacterIsAnError() {
        PayloadDecoder decoder = PayloadDecoder.ofRevision3("2:4😀".getBytes(UTF_8));
        assertThatThrownBy(decoder::next).hasMessage("parser error");
    }

    @Test
    void octetPayloadIsReadItemByItem() throws ProtocolException {
        byte[] body = HexFormat.of().parseHex("0006ff34c3a9e282ac" + "0104ff04010203" + "0101ff09" + "0001ff32");
        assertThat(all(PayloadDecoder.ofRevision3Octets(body)))
                .containsExactly("é€", "<010203>", "Noop[]", "Ping[probe=false]");
    }

    @Test
    void lengthWithoutAnEndIsAnErrorOfTheWholeOctetPayload() throws ProtocolException {
        PayloadDecoder decoder = PayloadDecoder.ofRevision3Octets(HexFormat.of().parseHex("0002ff3461" + "0001"));
        assertThatThrownBy(decoder::next).hasMessage("parser error");
        assertThat(decoder.next()).isNull();
    }

    @Test
    void malformedTextIsReplacedInTextAndAnErrorInOctets() throws ProtocolException {
        PayloadDecoder text = PayloadDecoder.ofRevision3("3:4a\u00ff".getBytes(ISO_8859_1));
        assertThat(shown(text.next())).isEqualTo("a\ufffd");
        PayloadDecoder octets = PayloadDecoder.ofRevision3Octets(HexFormat.of().parseHex("0003ff3461ff"));
        assertThatThrownBy(octets::next).hasMessage("parser error");
        PayloadDecoder half = PayloadDecoder.ofRevision3Octets(HexFormat.of().parseHex("0004ff34eda080"));
        assertThat(shown(half.next())).isEqualTo("\ufffd");
    }

    @Provide
    Arbitrary<List<Object>> messages() {
        Arbitrary<Object> text =
                Arbitraries.strings().withChars("aé€\ud83d\u0000:4b").map(string -> string.replace("\ud83d", "😀"));
        Arbitrary<Object> binary = Arbitraries.bytes().array(byte[].class).map(bytes -> bytes);
        return Arbitraries.oneOf(text, binary).list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 1000)
    void whatIsEncodedIsDecoded(@ForAll("messages") List<Object> messages) throws ProtocolException {
        List<EncodedPacket> packets = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Object message : messages) {
            if (message instanceof byte[] data) {
                packets.add(EncodedPacket.binary(data, 0, data.length, true));
                expected.add("<" + HexFormat.of().formatHex(data) + ">");
            } else {
                packets.add(EncodedPacket.text((String) message));
                expected.add((String) message);
            }
        }
        assertThat(all(PayloadDecoder.ofRevision3(Revision3PayloadEncoder.encodeText(packets))))
                .isEqualTo(expected);
        assertThat(all(PayloadDecoder.ofRevision3Octets(Revision3PayloadEncoder.encodeOctets(packets))))
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        byte[] bytes = "0123:4b2a=A".getBytes(UTF_8);
        List<Byte> some = new ArrayList<>(List.of((byte) 0, (byte) 1, (byte) 2, (byte) 4, (byte) 10, (byte) 200));
        some.addAll(List.of((byte) 0xff, (byte) 0xff, (byte) 0xc3, (byte) 0xa9, (byte) 0xed, (byte) 0xa0, (byte) 0xf0));
        for (byte b : bytes) {
            some.add(b);
        }
        return Arbitraries.of(some).array(byte[].class).ofMaxSize(40);
    }

    @Property(tries = 3000)
    void noBodyRaisesAnythingButAProtocolException(@ForAll("bodies") byte[] body) {
        for (PayloadDecoder decoder :
                List.of(PayloadDecoder.ofRevision3(body.clone()), PayloadDecoder.ofRevision3Octets(body.clone()))) {
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
    }

    @Property(tries = 2000)
    void noPacketRaisesAnythingButAProtocolException(@ForAll byte[] bytes) {
        assertThat(Revision3PacketDecoder.decodeBinary(bytes, 0, bytes.length)).isNotNull();
        try {
            assertThat(Revision3PacketDecoder.decodeText(bytes, 0, bytes.length))
                    .isNotNull();
        } catch (ProtocolException e) {
            assertThat(e).hasMessage("parser error");
        }
    }

    private static EncodedPacket withAttachment() {
        byte[] array = new byte[EncodedPacket.HEADROOM + 1];
        array[EncodedPacket.HEADROOM] = 'x';
        return EncodedPacket.text(array, 1, true, EncodedPacket.binary(new byte[] {7}, 0, 1, true));
    }

    private static List<String> all(PayloadDecoder decoder) throws ProtocolException {
        List<String> packets = new ArrayList<>();
        for (EnginePacket packet = decoder.next(); packet != null; packet = decoder.next()) {
            packets.add(shown(packet));
        }
        return packets;
    }

    private static String shown(EnginePacket packet) {
        if (packet instanceof EnginePacket.Message message) {
            return message.text();
        }
        return packet instanceof EnginePacket.Binary binary
                ? "<" + HexFormat.of().formatHex(binary.data()) + ">"
                : packet.toString();
    }

    private static String frame(EncodedPacket packet) {
        return HexFormat.of()
                .formatHex(packet.array(), packet.frameOffset(), packet.frameOffset() + packet.frameLength());
    }
}
