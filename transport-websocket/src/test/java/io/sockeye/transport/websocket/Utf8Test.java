package io.sockeye.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Judged by the JDK's decoder, which is strict. */
class Utf8Test {

    private static boolean isValid(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void everySequenceOfUpToThreeBytesIsJudgedRight() {
        for (int first = 0x7f; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                byte[] two = {(byte) first, (byte) second};
                assertThat(Utf8.isValid(two, 0, 2)).isEqualTo(isValid(two));
                for (int third : new int[] {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff}) {
                    byte[] three = {(byte) first, (byte) second, (byte) third};
                    assertThat(Utf8.isValid(three, 0, 3)).isEqualTo(isValid(three));
                    byte[] four = {(byte) first, (byte) second, (byte) third, (byte) 0x80};
                    assertThat(Utf8.isValid(four, 0, 4)).isEqualTo(isValid(four));
                }
            }
        }
    }

    @Property
    void anyTextIsValidWholeAndInvalidCutWithinACharacter(@ForAll String text, @ForAll @IntRange(max = 7) int offset) {
        byte[] bytes = text.replaceAll("[\ud800-\udfff]", "").getBytes(StandardCharsets.UTF_8);
        byte[] shifted = new byte[bytes.length + offset];
        System.arraycopy(bytes, 0, shifted, offset, bytes.length);
        assertThat(Utf8.isValid(shifted, offset, shifted.length)).isTrue();
        if (bytes.length > 0 && bytes[bytes.length - 1] < 0) {
            assertThat(Utf8.isValid(shifted, offset, shifted.length - 1)).isFalse();
        }
    }

    @Property
    void anyBytesAreJudgedRight(@ForAll @Size(max = 40) byte[] bytes) {
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(isValid(bytes));
    }
}
