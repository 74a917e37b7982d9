package io.sockeye.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a picture's type is told by its first bytes. */
class PictureTypeTest {

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a00, image/png",
        "ffd8ffe0, image/jpeg",
        "474946383761, image/gif",
        "474946383961, image/gif",
        "524946460000000057454250, image/webp",
    })
    void picturesAreKnownByTheirFirstBytes(String hex, String type) {
        assertThat(PictureType.of(HexFormat.of().parseHex(hex))).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "89504e47", "3c7376673e", "524946460000000057415645", "00ffd8ff"})
    void nothingElseIsAPicture(String hex) {
        assertThat(PictureType.of(HexFormat.of().parseHex(hex))).isNull();
    }
}
