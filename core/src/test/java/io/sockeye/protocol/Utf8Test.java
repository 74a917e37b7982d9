package io.sockeye.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "00, true",
        "7f, true",
        "c280, true",
        "dfbf, true",
        "e0a080, true",
        "ed9fbf, true",
        "ee8080, true",
        "efbfbf, true",
        "f0908080, true",
        "f48fbfbf, true",
        "80, false",
        "bf, false",
        "c0af, false",
        "c1bf, false",
        "c2, false",
        "c241, false",
        "e08080, false",
        "e09fbf, false",
        "e282, false",
        "e28241, false",
        "eda080, false",
        "edbfbf, false",
        "f0808080, false",
        "f08fbfbf, false",
        "f09f98, false",
        "f4908080, false",
        "f5808080, false",
        "ff, false"
    })
    void validityFollowsRfc3629(String hex, boolean valid) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(valid);
    }

    @Test
    void malformedByteIsFoundAtEveryPositionOfAWord() {
        for (int length = 1; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] text = "x".repeat(length).getBytes(UTF_8);
                assertThat(Utf8.isValid(text, 0, length)).isTrue();
                text[at] = (byte) 0xff;
                assertThat(Utf8.isValid(text, 0, length)).isFalse();
                assertThat(Utf8.isValid(text, 0, at)).isTrue();
                assertThat(Utf8.isValid(text, at + 1, length - at - 1)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "41ff42, A�B",
        "fffe, ��",
        "e282, �",
        "e28241, �A",
        "c0af, ��",
        "eda080, ���",
        "f4908080, ����",
        "f09f98, �",
        "f09f9841, �A",
        "f09f41, �A",
        "c3a9ff, é�"
    })
    void brokenSequenceIsReplacedOnceAndStrayBytesEach(String hex, String text) {
        assertThat(new String(Utf8.repair(HexFormat.of().parseHex(hex)), UTF_8)).isEqualTo(text);
    }

    @Test
    void validTextIsNotCopied() {
        byte[] text = "é".getBytes(UTF_8);
        assertThat(Utf8.repair(text)).isSameAs(text);
    }

    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<Byte> telling = Arbitraries.of(
                (byte) 0x41,
                (byte) 0x7f,
                (byte) 0x80,
                (byte) 0x8f,
                (byte) 0x90,
                (byte) 0x9f,
                (byte) 0xa0,
                (byte) 0xbf,
                (byte) 0xc1,
                (byte) 0xc2,
                (byte) 0xdf,
                (byte) 0xe0,
                (byte) 0xe1,
                (byte) 0xed,
                (byte) 0xef,
                (byte) 0xf0,
                (byte) 0xf1,
                (byte) 0xf4,
                (byte) 0xf5,
                (byte) 0xff);
        return telling.array(byte[].class).ofMaxSize(12);
    }

    @Property(tries = 5000)
    void validityIsTheJdksVerdict(@ForAll("nearlyUtf8") byte[] bytes) {
        boolean valid = true;
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            valid = false;
        }
        assertThat(Utf8.isValid(bytes, 0, bytes.length))
                .as(Arrays.toString(bytes))
                .isEqualTo(valid);
    }

    @Property(tries = 5000)
    void repairedTextIsValid(@ForAll("nearlyUtf8") byte[] bytes) {
        byte[] repaired = Utf8.repair(bytes);
        assertThat(Utf8.isValid(repaired, 0, repaired.length)).isTrue();
    }
}
