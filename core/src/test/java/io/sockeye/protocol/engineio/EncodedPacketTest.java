package io.sockeye.protocol.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedPacketTest {

    @Test
    void controlPacketsAreTheirText() {
        assertThat(frame(EncodedPacket.PING)).isEqualTo("810132");
        assertThat(frame(EncodedPacket.NOOP)).isEqualTo("810136");
        assertThat(frame(EncodedPacket.CLOSE)).isEqualTo("810131");
        assertThat(packet(EncodedPacket.PONG_PROBE)).isEqualTo("3probe");
        assertThat(packet(EncodedPacket.control("0{\"sid\":\"é\"}"))).isEqualTo("0{\"sid\":\"é\"}");
    }

    /** RFC 6455, 5.2: the length stands in 7, 16 or 64 bits, whichever is enough. */
    @ParameterizedTest
    @CsvSource({
        "0, 8101",
        "124, 817d",
        "125, 817e007e",
        "65534, 817effff",
        "65535, 817f0000000000010000",
        "70000, 817f0000000000011171"
    })
    void frameHeaderOfAMessageCountsItsType(int length, String header) {
        EncodedPacket packet = EncodedPacket.text("x".repeat(length));
        assertThat(frame(packet)).startsWith(header + "34");
        assertThat(packet.frameLength()).isEqualTo(header.length() / 2 + 1 + length);
        assertThat(packet.packetLength()).isEqualTo(1 + length);
        assertThat(packet(packet)).isEqualTo("4" + "x".repeat(length));
    }

    @ParameterizedTest
    @CsvSource({"0, 8200", "125, 827d", "126, 827e007e", "65535, 827effff", "65536, 827f0000000000010000"})
    void frameHeaderOfBinaryDataCountsTheDataAlone(int length, String header) {
        EncodedPacket packet = EncodedPacket.binary(new byte[length + 2], 1, length, true);
        assertThat(frame(packet)).startsWith(header);
        assertThat(packet.frameLength()).isEqualTo(header.length() / 2 + length);
        assertThat(packet.packetLength()).isEqualTo(length);
        assertThat(packet.isBinary()).isTrue();
    }

    @Test
    void binaryDataMayStandInItsPlaceAlready() {
        byte[] array = new byte[EncodedPacket.HEADROOM + 5];
        array[EncodedPacket.HEADROOM] = 7;
        EncodedPacket packet = EncodedPacket.binary(array, 2, true);
        assertThat(packet.array()).isSameAs(array);
        assertThat(Arrays.copyOfRange(array, packet.frameOffset(), packet.frameOffset() + packet.frameLength()))
                .containsExactly(0x82, 2, 7, 0);
    }

    @Test
    void sizeIncludesAttachments() {
        byte[] array = new byte[EncodedPacket.HEADROOM + 10];
        EncodedPacket packet = EncodedPacket.text(array, 10, false, EncodedPacket.binary(new byte[5], 0, 5, false));
        assertThat(packet.size()).isEqualTo(16);
        assertThat(packet.isCompressible()).isFalse();
    }

    @Test
    void logShowsNoContent() {
        assertThat(EncodedPacket.text("secret")).hasToString("packet 4 of 7 bytes");
        assertThat(EncodedPacket.binary(new byte[3], 0, 3, true)).hasToString("binary of 3 bytes");
    }

    private static String frame(EncodedPacket packet) {
        return HexFormat.of()
                .formatHex(packet.array(), packet.frameOffset(), packet.frameOffset() + packet.frameLength());
    }

    private static String packet(EncodedPacket packet) {
        return new String(
                Arrays.copyOfRange(
                        packet.array(), packet.packetOffset(), packet.packetOffset() + packet.packetLength()),
                UTF_8);
    }
}
